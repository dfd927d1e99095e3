"""Allocation errors: the golden case, hand-worked seasons, and luck taken out."""

import numpy as np
import pytest

from forecasting.season.censoring import demand_beyond_stock
from forecasting.season.misallocation import avoidable, execution_errors, judge, likely_rates

N = 20_000


def two_stores() -> tuple[np.ndarray, np.ndarray]:
    """Prior and present season of two stores that each sell 50 on average."""
    rng = np.random.default_rng(7)
    return rng.poisson(50, (N, 2)).astype(float), rng.poisson(50, (N, 2)).astype(float)


def test_a_split_by_one_prior_season_loses_3_percent_of_which_1_3_points_are_avoidable() -> None:
    before, demand = two_stores()
    by_prior = 100 * before / before.sum(axis=1, keepdims=True)
    old = judge(np.round(by_prior), demand)
    even = judge(np.full((N, 2), 50.0), demand)
    assert old.lost_sales_rate == pytest.approx(0.030, abs=0.0015)
    assert even.lost_sales_rate == pytest.approx(0.017, abs=0.0015)
    _, lost = avoidable(old, np.full((N, 2), 50.0), draws=40)
    assert lost.luck == pytest.approx(0.017, abs=0.0015)
    assert lost.avoidable == pytest.approx(0.013, abs=0.0015)
    assert lost.lower < lost.avoidable < lost.upper


def test_luck_estimated_from_one_season_alone_is_the_same_within_a_tenth() -> None:
    _, demand = two_stores()
    rates = likely_rates(demand, np.full((N, 2), 50.0), spread=0.1)
    _, lost = avoidable(judge(np.full((N, 2), 50.0), demand), rates, draws=20)
    assert lost.luck == pytest.approx(0.017, abs=0.0017)
    assert lost.avoidable == pytest.approx(0.0, abs=0.0017)


def test_one_season_worked_by_hand() -> None:
    allocated = np.array([[60.0, 40.0, 0.0]])
    demand = np.array([[40.0, 50.0, 30.0]])
    outcome = judge(allocated, demand)
    assert outcome.best[0] == pytest.approx([100 / 3, 125 / 3, 25])
    assert outcome.short.tolist() == [[0, 10, 30]]
    assert outcome.left_over.tolist() == [[20, 0, 0]]
    assert outcome.misallocated.tolist() == [20]
    assert outcome.allocation_error_rate == pytest.approx((60 - 100 / 3) / 100)
    assert outcome.lost_sales_rate == pytest.approx(20 / 100)
    assert outcome.line_error_rate(allocated, tolerance=5.0) == pytest.approx(2 / 3)
    assert outcome.money(margin=3.0, markdown=2.0) == {
        "margin_lost": pytest.approx(120),
        "markdown": pytest.approx(40),
        "misallocation": pytest.approx(20 * 3 + 20 * 2),
    }


def test_stock_that_stood_there_before_is_not_an_error_of_the_allocation() -> None:
    outcome = judge(np.array([[0.0, 10.0]]), np.array([[5.0, 10.0]]), np.array([[30.0, 0.0]]))
    assert outcome.best.tolist() == [[0, 10]]
    assert (outcome.allocation_error_rate, outcome.misallocated.tolist()) == (0.0, [0.0])


def test_execution_errors_are_counted_by_kind_apart_from_the_forecast() -> None:
    found = execution_errors(
        np.array([[12.0, 12.0, 0.0]]),
        np.array([[12.0, 7.0, 6.0]]),
        np.array([[True, True, False]]),
        pack=6,
    )
    assert found == {
        "not_as_allocated": (2, 11.0),
        "closed_site": (1, 6.0),
        "wrong_multiple": (1, 1.0),
    }


def test_demand_behind_an_empty_shelf_follows_the_stores_share_of_the_chain() -> None:
    sold = np.array([[10.0, 10, 20, 10], [5.0, 5, 2, 5]])
    in_stock = np.array([[True] * 4, [True, True, False, True]])
    demand = demand_beyond_stock(sold, in_stock, np.array([0, 0]))
    assert demand[1] == pytest.approx([5, 5, 10, 5], rel=1e-3)


def test_nothing_allocated_has_no_error_rate() -> None:
    assert np.isnan(judge(np.zeros((1, 2)), np.ones((1, 2))).allocation_error_rate)
