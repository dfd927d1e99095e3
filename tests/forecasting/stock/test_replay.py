"""The replay engine against a plain loop over one item, drawn step by step."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.stock.replay import Rules, play, replan


def test_an_order_arrives_after_the_lead_time_and_serves_those_who_wait_first() -> None:
    # level 3, lead time 2: the shelf empties, 1 waits, both orders come two periods later
    demand = np.array([[2.0, 2.0, 0.0, 1.0, 0.0]])
    played = play(demand, np.array([3.0]), Rules.of(np.array([2])))
    assert played.ordered.tolist() == [[0, 2, 2, 0, 1]]
    assert played.filled.tolist() == [[2, 1, 0, 1, 0]]
    assert played.waiting.tolist() == [[0, 1, 1, 0, 0]]
    assert played.on_hand.tolist() == [[1, 0, 0, 0, 2]]
    assert played.unit_fill() == pytest.approx(4 / 5)
    assert played.line_fill() == pytest.approx(2 / 3)


def test_lost_sales_do_not_wait() -> None:
    demand = np.array([[2.0, 2.0, 0.0, 1.0, 0.0]])
    played = play(demand, np.array([3.0]), Rules.of(np.array([2]), lost_sales=True))
    assert played.waiting.sum() == 0
    assert played.ordered.tolist() == [[0, 2, 1, 0, 1]]


def test_lead_time_zero_serves_the_demand_of_its_own_period() -> None:
    played = play(np.array([[3.0, 3.0]]), np.array([3.0]), Rules.of(np.array([0])))
    assert played.unit_fill() == 1.0


def test_a_return_goes_back_on_the_shelf() -> None:
    played = play(np.array([[1.0, -1.0, 2.0]]), np.array([2.0]), Rules.of(np.array([9])))
    assert played.on_hand.tolist() == [[1, 2, 0]]
    assert played.demand.tolist() == [[1, 0, 2]]


def test_lots_lift_the_position_just_above_the_reorder_point() -> None:
    # level 9 in lots of 5: reorder point 4
    rules = Rules(np.array([0]), np.array([1]), np.array([5.0]))
    played = play(np.array([[4.0, 1.0, 8.0, 0.0]]), np.array([9.0]), rules)
    assert played.ordered.tolist() == [[0, 0, 5, 5]]
    assert played.on_hand.tolist() == [[5, 4, 1, 6]]


def test_above_a_reorder_point_nothing_is_ordered_and_at_it_up_to_the_level() -> None:
    rules = Rules(np.array([1]), np.array([1]), np.zeros(1), reorder_point=np.array([2.0]))
    played = play(np.array([[2.0, 1.0, 2.0, 0.0, 0.0]]), np.array([5.0]), rules)
    assert played.ordered.tolist() == [[0, 0, 3, 0, 0]]
    assert played.on_hand.tolist() == [[3, 2, 0, 3, 3]]


def test_lots_lift_the_position_above_the_reorder_point_and_near_the_level() -> None:
    # Lots of 5: at 2 up to 12; at 10, one lot lifts above it though the level is nearer.
    rules = Rules(
        np.zeros(2, int), np.ones(2, int), np.array([5.0, 5.0]), reorder_point=np.array([2.0, 10.0])
    )
    demand = np.array([[9.0, 1.0, 0.0], [2.0, 0.0, 0.0]])
    played = play(demand, np.array([12.0, 12.0]), rules)
    assert played.ordered.tolist() == [[0, 0, 10], [0, 5, 0]]
    assert played.on_hand.tolist() == [[3, 2, 12], [10, 15, 15]]


def test_a_plan_sees_only_the_past() -> None:
    demand = np.arange(12.0).reshape(1, 12)
    levels = replan(lambda past: past.max(axis=1), demand, first=4)
    assert levels.tolist() == [[3, 4, 5, 6, 7, 8, 9, 10]]


def one_by_one(
    demand: list[int], level: int, lead_time: int, review: int, lost: bool
) -> list[float]:
    """The same rules for one item in plain Python."""
    on_hand, waiting, filled = float(level), 0.0, []
    coming: dict[int, float] = {}
    for t, asked in enumerate(demand):
        if t % review == 0:
            position = on_hand - waiting + sum(coming.values())
            coming[t + lead_time] = max(level - position, 0.0)
        on_hand += coming.pop(t, 0.0)
        late = min(on_hand, waiting)
        on_hand, waiting = on_hand - late, waiting - late
        served = min(on_hand, asked)
        on_hand -= served
        waiting += 0 if lost else asked - served
        filled.append(served)
    return filled


@settings(max_examples=60, deadline=None)
@given(
    demand=st.lists(st.integers(0, 6), min_size=3, max_size=25),
    level=st.integers(0, 15),
    lead_time=st.integers(0, 5),
    review=st.integers(1, 4),
    lost=st.booleans(),
)
def test_all_items_at_once_equal_one_item_at_a_time(
    demand: list[int], level: int, lead_time: int, review: int, lost: bool
) -> None:
    rules = Rules(np.array([lead_time]), np.array([review]), np.zeros(1), lost)
    played = play(np.array([demand], float), np.array([float(level)]), rules)
    assert played.filled[0].tolist() == one_by_one(demand, level, lead_time, review, lost)
