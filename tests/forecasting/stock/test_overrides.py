"""A change of mind is judged by the demand that came."""

import numpy as np
import pandas as pd
import pytest

from forecasting.stock.overrides import score
from tests import drawn


def test_a_change_of_mind_is_played_against_what_was_asked_for() -> None:
    rows = (
        pd.DataFrame(
            drawn.read(
                """
            what        | position_qty | qty | decided_qty | demand
            ------------+--------------+-----+-------------+-------
            cut, needed |            2 |   8 |           3 |      9
            cut, idle   |            2 |   8 |           0 |      1
            more, used  |            2 |   8 |          12 |     14
            owed before |           -3 |   8 |           0 |      2
            """
            )
        )
        .set_index("what")
        .astype(float)
    )
    told = rows.assign(unit_cost=10.0, unit_price=15.0, lead_days=29.5, review_days=7.0)
    made = score(told.drop(columns="demand"), told["demand"].to_numpy(), 0.2)
    columns = ["short_proposed_qty", "short_decided_qty", "left_proposed_value",
               "left_decided_value"]  # fmt: skip
    assert made[columns].to_numpy().tolist() == [
        [0, 4, 10, 0],
        [0, 0, 90, 10],
        [4, 0, 0, 0],
        [0, 5, 30, 0],
    ]
    # A tenth of a year at 0.2: 0.02 of the value left; 5 of margin on a unit short.
    assert made["saved"].to_list() == pytest.approx([0.2 - 20, 1.6, 20, 0.6 - 25])


def test_without_a_margin_only_holding_counts() -> None:
    row = pd.DataFrame(
        {
            "position_qty": [0.0], "qty": [4.0], "decided_qty": [2.0], "unit_cost": [10.0],
            "unit_price": [10.0], "lead_days": [358.0], "review_days": [7.0],
        }
    )  # fmt: skip
    assert score(row, np.array([1.0]), 0.2)["saved"].to_list() == pytest.approx([4.0])
