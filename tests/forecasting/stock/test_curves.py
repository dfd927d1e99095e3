"""Curves of levels: against sums by hand, against the closed form, against simulation."""

import numpy as np
import pytest
from scipy import stats

from forecasting.stock.backorders import poisson_backorders
from forecasting.stock.curves import Supply, build_curves
from forecasting.stock.replay import Rules, play
from tests.forecasting.stock.models import Steady, poisson


def test_level_five_over_three_expected_holds_and_misses_what_poisson_says() -> None:
    curves = build_curves(poisson(1.0), Supply.of(np.array([2])))
    assert curves.level[5] == 5
    assert curves.on_hand[5] == pytest.approx(5 - 3 + poisson_backorders(3, 5), abs=1e-9)
    missed = poisson_backorders(3, 5) - poisson_backorders(2, 5)
    assert curves.unfilled[5] == pytest.approx(float(missed), abs=1e-9)
    assert curves.ready[5] == pytest.approx(stats.poisson.cdf(5, 3), abs=1e-9)
    assert curves.demand[0] == pytest.approx(1.0)
    assert curves.lines[0] == pytest.approx(1 - np.exp(-1))


def test_a_lead_time_of_one_or_three_is_the_mean_of_both() -> None:
    weights = np.array([[0.0, 0.5, 0.0, 0.5]])
    one = np.ones(1)
    mixed = build_curves(poisson(2.0), Supply(weights, np.array([1]), one, one))
    short, long = (build_curves(poisson(2.0), Supply.of(np.array([k]))) for k in (1, 3))
    for field in ("on_hand", "unfilled", "ready"):
        either = (getattr(short, field)[:12] + getattr(long, field)[:12]) / 2
        assert getattr(mixed, field)[:12] == pytest.approx(either, abs=1e-9)


def test_large_demand_on_a_coarse_grid_agrees_with_the_closed_form() -> None:
    curves = build_curves(poisson(5000.0), Supply.of(np.array([1])))
    assert len(curves.level) < 500
    row = int(np.searchsorted(curves.level, 10_100))
    level = curves.level[row]
    expected = level - 10_000 + poisson_backorders(10_000, level)
    assert curves.on_hand[row] == pytest.approx(float(expected), rel=1e-6)


@pytest.mark.parametrize(("review", "lot"), [(1, 1.0), (3, 1.0), (1, 5.0)])
def test_predicted_fill_and_stock_come_true_in_simulation(review: int, lot: float) -> None:
    rng = np.random.default_rng(7)
    n_items, level = 400, 9.0
    demand = rng.negative_binomial(0.8, 0.8 / (0.8 + 1.2), (n_items, 600)).astype(float)
    supply = Supply(
        np.array([[0.0, 0.0, 1.0]]), np.array([review]), np.array([lot]), np.array([1.0])
    )
    curves = build_curves(Steady(np.array([1.2]), np.array([0.8])), supply)
    row = int(np.flatnonzero(curves.level == level)[0])
    ones = np.ones(n_items)
    rules = Rules((2 * ones).astype(int), (review * ones).astype(int), lot * ones)
    played = play(demand, level * ones, rules, warm_up=30)
    expected_fill = 1 - curves.unfilled[row] / curves.demand[0]
    expected_lines = 1 - curves.unfilled_lines[row] / curves.lines[0]
    assert played.unit_fill() == pytest.approx(expected_fill, abs=0.01)
    assert played.on_hand.mean() == pytest.approx(curves.on_hand[row], rel=0.02)
    if review == 1:
        assert played.line_fill() == pytest.approx(expected_lines, abs=0.01)
