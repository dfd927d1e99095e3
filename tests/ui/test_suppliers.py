"""Places of suppliers, and how their deliveries read."""

import pandas as pd
import pytest

from ui import suppliers


def kept(rows: list[tuple[str, float, float, float, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["supplier_id", "value", "lower", "upper", "n"])


def test_suppliers_that_differ_by_no_more_than_chance_share_a_place() -> None:
    ranked = suppliers.ranked(
        kept(
            [
                ("worst", 0.30, 0.20, 0.40, 80),
                ("best", 0.95, 0.90, 0.98, 200),
                ("second", 0.80, 0.70, 0.88, 90),
                ("also second", 0.78, 0.68, 0.86, 90),
            ]
        )
    )
    assert ranked[["supplier_id", "rank"]].to_numpy().tolist() == [
        ["best", "1"],
        ["second", "= 2"],
        ["also second", "= 2"],
        ["worst", "4"],
    ]


def test_a_supplier_with_few_lines_has_no_place_and_pushes_nobody_down() -> None:
    ranked = suppliers.ranked(kept([("a", 0.5, 0.4, 0.6, 90), ("few", 1.0, 0.8, 1.0, 15)]))
    assert ranked[["supplier_id", "rank"]].to_numpy().tolist() == [["a", "1"], ["few", "\u2013"]]


@pytest.mark.parametrize(
    ("over", "open_", "is_counted", "says"),
    [
        (0, 0, True, "full"),
        (2, 0, True, "over"),
        (0, 3, True, "short"),
        (0, 0, False, "quantity not counted"),
    ],
)
def test_fullness_is_not_claimed_where_nobody_counted(
    over: float, open_: float, is_counted: bool, says: str
) -> None:
    line = {"qty_over": over, "qty_open": open_, "is_counted": is_counted}
    assert suppliers.fullness(line) == says
