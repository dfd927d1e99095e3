"""Transfers, excess, expiry and last orders, on numbers that can be checked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from forecasting.demand.distribution import NegativeBinomial
from forecasting.stock.limits import last_time_buy, shelf_life_limit
from forecasting.stock.transfers import excess, obsolete, propose_transfers, shortfall, surplus


def test_the_most_urgent_site_is_served_first_from_the_largest_surplus() -> None:
    # item 0: sites 0 and 1 give 2 and 6, sites 2 and 3 need 5 and 4, site 3 is more urgent
    item = np.array([0, 0, 0, 0, 1, 1])
    spare = np.array([2.0, 6.0, 0.0, 0.0, 3.0, 0.0])
    need = np.array([0.0, 0.0, 5.0, 4.0, 0.0, 1.0])
    urgency = np.array([0.0, 0.0, 1.0, 9.0, 0.0, 1.0])
    moved = propose_transfers(item, spare, need, urgency)
    assert moved.to_numpy().tolist() == [[1, 3, 4], [1, 2, 2], [0, 2, 2], [4, 5, 1]]


def test_nothing_to_give_proposes_nothing() -> None:
    moved = propose_transfers(np.array([0, 0]), np.zeros(2), np.array([3.0, 0.0]), np.zeros(2))
    assert moved.empty


@given(
    sites=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 9), st.floats(0, 1)),
        min_size=1,
        max_size=25,
    )
)
def test_transfers_stay_within_an_item_and_move_all_that_can_be_matched(
    sites: list[tuple[int, int, int, float]],
) -> None:
    item, spare, need, urgency = (np.array(column) for column in zip(*sites, strict=True))
    spare, need = spare.astype(float), need.astype(float)
    moved = propose_transfers(item, spare, need, urgency)
    giver, taker = moved["giver"].to_numpy(int), moved["taker"].to_numpy(int)
    assert (item[giver] == item[taker]).all()
    spare = np.where(need > 0, 0, spare)
    given_away = np.bincount(giver, moved["qty"], minlength=len(item))
    received = np.bincount(taker, moved["qty"], minlength=len(item))
    assert (given_away <= spare + 1e-9).all()
    assert (received <= need + 1e-9).all()
    for one in range(4):
        mine = item == one
        possible = min(spare[mine].sum(), need[mine].sum())
        assert given_away[mine].sum() == pytest.approx(possible)


def test_a_site_gives_only_free_stock_above_what_it_keeps() -> None:
    on_hand, waiting, keep = np.array([10.0, 10, 3]), np.array([0.0, 4, 0]), np.array([4.0, 4, 5])
    assert surplus(on_hand, waiting, keep).tolist() == [6, 2, 0]


def test_a_site_needs_only_when_its_position_has_reached_the_reorder_point() -> None:
    position, level = np.array([4.0, 5.0, -2.0]), np.full(3, 9.0)
    assert shortfall(position, level, np.full(3, 4.0)).tolist() == [5, 0, 11]


def test_excess_is_what_the_whole_network_will_probably_not_use() -> None:
    found = excess(np.array([10.0, 2.0]), np.array([5.0, 0.0]), np.array([9.0, 9.0]))
    assert found.tolist() == [6, 0]
    idle = obsolete(np.array([7.0, 7.0]), np.array([0.2, 3.0]), np.array([30, 30]), after=24)
    assert idle.tolist() == [7, 0]


def test_no_more_is_stocked_than_is_used_before_it_expires() -> None:
    demand = NegativeBinomial.of(np.array([6.0]), np.inf)
    limit = shelf_life_limit(demand, waste_risk=0.1)
    assert limit.tolist() == [stats.poisson.ppf(0.1, 6.0)]


def test_the_last_order_covers_the_newsvendors_share_of_what_is_still_to_come() -> None:
    demand = NegativeBinomial.of(np.array([20.0, 20.0, 20.0]), np.inf)
    quantity = last_time_buy(
        demand,
        position=np.array([4.0, 60.0, 0.0]),
        unit_cost=np.array([10.0, 10.0, 10.0]),
        shortage_cost=np.array([100.0, 100.0, 5.0]),
        left_over_cost=np.array([2.0, 2.0, 2.0]),
    )
    assert quantity.tolist() == [stats.poisson.ppf(90 / 102, 20.0) - 4, 0, 0]
