"""When a tracking signal is called out of control."""

import numpy as np
import pandas as pd

from ui import forecast_control


def test_few_errors_are_too_few_to_judge_whatever_side_they_lie_to() -> None:
    said = forecast_control.states(pd.Series([1.0, -1.0, 1.0]), pd.Series([2, 7, 8]))
    assert said == ["too few to judge", "too few to judge", "out of control"]


def test_the_limit_is_half_from_25_errors_on_and_wider_before() -> None:
    said = forecast_control.states(pd.Series([0.55, -0.55, 0.45]), pd.Series([16, 25, 100]))
    assert said == ["in control", "out of control", "in control"]


def test_errors_to_both_sides_pass_the_limit_by_chance_about_one_time_in_twenty() -> None:
    rng = np.random.default_rng(7)
    for n in (8, 16, 24):
        errors = rng.normal(size=(4000, n))
        signal = errors.sum(axis=1) / np.abs(errors).sum(axis=1)
        said = forecast_control.states(pd.Series(signal), pd.Series(np.full(4000, n)))
        assert 0.02 < said.count("out of control") / 4000 < 0.06
