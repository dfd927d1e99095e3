"""In season: forecasts learn from sales, held-back stock follows them."""

import numpy as np
import pytest

from forecasting.season.allocation import Request
from forecasting.season.faults import SeasonError
from forecasting.season.in_season import Doubt, Move, in_waves, moves, release, updated

SURE = Doubt(item=1e-6, site=1e-6)
OPEN = np.array([[True, True]])


@pytest.mark.parametrize(
    ("doubt", "expected"),
    [
        (SURE, [100, 100]),
        (Doubt(item=10.0, site=1e-6), [120, 120]),
        (Doubt(item=10.0, site=10.0), [160, 80]),
        (Doubt(item=1e-6, site=10.0), [160, 80]),
    ],
)
def test_half_a_season_with_80_and_40_sold_where_50_each_were_expected(
    doubt: Doubt, expected: list[float]
) -> None:
    half = np.array([[50.0, 50.0]])
    found = updated(half, np.array([[80.0, 40.0]]), 2 * half, doubt)
    assert found[0] == pytest.approx(expected, rel=0.01)


def test_the_hold_back_goes_to_the_store_that_sells() -> None:
    plan = Request(np.array([80.0]), np.array([[50.0, 50.0]]))
    sent = release(plan, np.array([20.0]), np.array([[2.0, 22.0]]), np.array([[24.0, 20.0]]))
    assert sent.qty.tolist() == [[20.0, 0.0]]


def test_waves_are_each_split_by_the_demand_still_to_come() -> None:
    weekly = np.array([[[10.0, 0, 0], [0.0, 10, 10]]])
    plan = Request(np.array([0.0]), weekly.sum(axis=2))
    first, second = in_waves(
        plan, weekly, [(0, np.array([20.0])), (1, np.array([10.0]))], "proportional"
    )
    assert first.qty.tolist() == [[7.0, 13.0]]
    assert second.qty.tolist() == [[0.0, 10.0]]
    with pytest.raises(SeasonError, match="a wave comes in period 3"):
        in_waves(plan, weekly, [(3, np.array([20.0]))])


def test_stock_moves_from_where_it_will_not_sell_to_where_it_is_missed() -> None:
    found = moves(np.array([[30.0, 0.0]]), np.array([[10.0, 12.5]]), OPEN)
    assert found == [Move(item=0, source=0, target=1, qty=12.0)]
    assert moves(np.array([[30.0, 0.0]]), np.array([[10.0, 12.5]]), ~OPEN) == []


def test_the_most_that_a_store_may_get_holds_for_all_waves_together() -> None:
    weekly = np.array([[[10.0, 10, 10], [1.0, 1, 1]]])
    plan = Request(np.array([0.0]), weekly.sum(axis=2), most=np.array([[12.0, 100.0]]))
    first, second = in_waves(plan, weekly, [(0, np.array([11.0])), (1, np.array([9.0]))])
    assert (first.qty + second.qty).tolist() == [[12.0, 8.0]]
