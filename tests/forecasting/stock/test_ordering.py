"""Cost-aware orders against the newsvendor, and what counts as being there."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecasting.demand.distribution import Demand
from forecasting.stock.items import read_items
from forecasting.stock.ordering import (
    Costs,
    in_lots,
    order_quantities,
    orders_for,
    position_within,
)
from forecasting.stock.states import State, read_state
from tests.forecasting.stock.models import Steady, poisson

COSTS = Costs(holding=0.2, shortage=1.0)


def ahead(mean: float, periods: int) -> list[Demand]:
    return [poisson(mean).lead_time(1) for _ in range(periods)]


def ordered(on_hand: float, on_order: list[float], mean: float, *, lost_sales: bool) -> float:
    state = State(np.array([on_hand]), np.array([on_order]).reshape(1, -1))
    demand = ahead(mean, len(on_order) + 1)
    return float(order_quantities(demand, state, COSTS, unit=np.ones(1), lost_sales=lost_sales)[0])


def test_an_empty_shelf_gets_the_newsvendors_quantity() -> None:
    expected = stats.poisson.ppf(1 / 1.2, 20.0)
    assert ordered(0, [], 20.0, lost_sales=True) == pytest.approx(expected, abs=1)


def test_waiting_demand_is_ordered_for_and_lost_demand_is_not() -> None:
    expected = stats.poisson.ppf(1 / 1.2, 60.0)
    assert ordered(0, [0, 0], 20.0, lost_sales=False) == pytest.approx(expected, abs=2)
    expected = stats.poisson.ppf(1 / 1.2, 20.0)
    assert ordered(0, [0, 0], 20.0, lost_sales=True) == pytest.approx(expected, abs=1)


def test_what_comes_before_the_order_is_taken_off() -> None:
    without = ordered(0, [0, 20], 20.0, lost_sales=True)
    assert ordered(0, [0, 40], 20.0, lost_sales=True) == pytest.approx(without - 19, abs=2)
    assert ordered(500, [0, 0], 20.0, lost_sales=True) == 0


def test_the_same_seed_gives_the_same_orders() -> None:
    model = Steady(np.full(50, 3.0), np.full(50, 1.5))
    items, _ = read_items(
        pd.DataFrame({"unique_id": range(50), "unit_cost": 1.0, "lead_time": 2}),
        np.array([str(i) for i in range(50)], dtype=object),
    )

    class Periods:
        def period(self, ahead: int) -> Demand:
            return model.lead_time(1)

    state = State(np.zeros(50), np.zeros((50, 2)))
    first, again = (orders_for(Periods(), items, state, COSTS, seed=4) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert first.std() < 1.5


def test_orders_are_whole_multiples_and_no_smaller_than_the_moq() -> None:
    wanted = np.array([0.0, 1.0, 7.0, 13.0])
    assert in_lots(wanted, np.full(4, 10.0), np.full(4, 5.0)).tolist() == [0, 10, 10, 15]


def test_only_what_arrives_in_time_counts() -> None:
    arrivals = np.array([[5.0, 0.0, 7.0], [5.0, 0.0, 7.0]])
    position = position_within(
        np.array([3.0, 3.0]), np.array([1.0, 1.0]), arrivals, np.array([2, 3])
    )
    assert position.tolist() == [7, 14]


def test_odd_states_are_named_and_the_rest_goes_on() -> None:
    items, _ = read_items(
        pd.DataFrame({"unique_id": list("abcd"), "unit_cost": 1.0, "lead_time": [2, 1, 2, 2]}),
        np.array(list("abcd"), dtype=object),
    )
    table = pd.DataFrame(
        {
            "unique_id": ["a", "b", "d"],
            "on_hand": [-3, 4, 1],
            "on_order_1": [1, 1, -2],
            "on_order_2": [2, 9, None],
        }
    )
    reading = read_state(table, items)
    assert reading.state.on_order.tolist() == [[1, 2], [1, 0], [0, 0], [0, 0]]
    assert np.isfinite(reading.state.on_hand).tolist() == [True, True, False, False]
    assert reading.notes == [
        ("a", "on_hand -3 is below 0"),
        (
            "b",
            "has 9 on order due in 2 periods, when an order placed now has arrived: not counted",
        ),
    ]
    assert reading.refused.to_numpy().tolist() == [
        ["c", "has no on_hand in the state file"],
        ["d", "on_order_1 -2 is below 0"],
    ]
    with pytest.raises(ValueError, match="item a is there more than once"):
        read_state(pd.concat([table, table]), items)
