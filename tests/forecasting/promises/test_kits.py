"""A kit is only as ready as all its parts together."""

import pandas as pd
import pytest

from forecasting.promises.kits import kit_probabilities


def test_350_parts_each_999_in_1000_ready_make_a_kit_of_705_in_1000() -> None:
    parts = pd.DataFrame({"build_id": "E1", "probability": [0.999] * 350})
    assert kit_probabilities(parts)["E1"] == pytest.approx(0.705, abs=5e-4)


def test_a_part_that_nobody_has_ordered_makes_a_kit_hopeless() -> None:
    parts = pd.DataFrame({"build_id": ["E1", "E1", "E2"], "probability": [0.9, None, 0.5]})
    assert kit_probabilities(parts).to_dict() == {"E1": 0.0, "E2": 0.5}
