"""Marginal analysis against brute force, and the properties that planners rely on."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.stock.curves import Curves, Supply, build_curves
from forecasting.stock.marginal import OBJECTIVES, bounds, frontier, measures
from tests.forecasting.stock.models import Steady, poisson

portfolios = st.lists(
    st.tuples(st.floats(0.05, 1.5), st.floats(0.3, 3.0), st.integers(0, 3), st.floats(1, 500)),
    min_size=2,
    max_size=3,
)


def curves_of(portfolio: list[tuple[float, float, int, float]]) -> tuple[Curves, np.ndarray]:
    mean, size, lead_time, cost = (np.array(column) for column in zip(*portfolio, strict=True))
    return build_curves(Steady(mean, size), Supply.of(lead_time)), cost


@settings(max_examples=40, deadline=None)
@given(portfolio=portfolios, objective=st.sampled_from(OBJECTIVES))
def test_no_choice_of_levels_beats_a_corner_of_the_frontier(
    portfolio: list[tuple[float, float, int, float]], objective: str
) -> None:
    curves, cost = curves_of(portfolio)
    unfilled, demand = measures(curves, objective, cost, criticality=np.ones(len(cost)))
    best = frontier(curves, bounds(curves), cost, unfilled, demand)
    ranges = [
        range(first, min(last, first + 25))
        for first, last in itertools.pairwise(curves.start.tolist())
    ]
    chosen = np.array(list(itertools.product(*ranges)))
    money = (curves.on_hand * cost[curves.item])[chosen].sum(axis=1)
    missed = unfilled[chosen].sum(axis=1)
    for money_spent, fill in zip(best.money, best.fill, strict=True):
        left = (1 - fill) * demand.sum()
        cheaper = money <= money_spent * (1 - 1e-9) - 1e-9
        assert missed[cheaper].min(initial=np.inf) >= left - 1e-9


@settings(max_examples=30, deadline=None)
@given(portfolio=portfolios)
def test_levels_never_fall_as_money_grows(
    portfolio: list[tuple[float, float, int, float]],
) -> None:
    curves, cost = curves_of(portfolio)
    best = frontier(curves, bounds(curves), cost, *measures(curves, "units", cost))
    assert (np.diff(best.money) >= -1e-9).all()
    assert (np.diff(best.fill) >= -1e-12).all()
    half = len(best.item) // 2
    assert (best.rows_after(half) <= best.rows_after(len(best.item))).all()


def test_money_and_fill_of_a_step_are_those_of_its_levels() -> None:
    curves = build_curves(poisson(0.4, 2.0), Supply.of(np.array([1, 2])))
    cost = np.array([50.0, 3.0])
    best = frontier(curves, bounds(curves), cost, *measures(curves, "units", cost))
    n_steps = best.steps_to_fill(0.9)
    rows = best.rows_after(n_steps)
    assert best.money[n_steps] == pytest.approx(float((curves.on_hand[rows] * cost).sum()))
    assert best.fill[n_steps] == pytest.approx(1 - curves.unfilled[rows].sum() / 2.4)
    assert best.fill[n_steps] >= 0.9 > best.fill[n_steps - 1]
    assert best.steps_within(best.money[n_steps]) == n_steps


def test_the_floor_lifts_every_item_and_the_limits_of_people_win() -> None:
    curves = build_curves(poisson(1.0, 1.0, 1.0), Supply.of(np.array([2, 2, 2])))
    nothing = np.nan
    allowed = bounds(
        curves,
        floor=0.8,
        least=np.array([nothing, 7, nothing]),
        most=np.array([nothing, nothing, 2]),
    )
    assert curves.level[allowed.lowest].tolist() == [4, 7, 2]
    assert curves.level[allowed.highest][2] == 2
    assert curves.ready[allowed.lowest[0]] >= 0.8 > curves.ready[allowed.lowest[0] - 1]


def test_the_cheap_part_is_stocked_first_for_units_and_the_dear_one_for_value() -> None:
    curves = build_curves(poisson(1.0, 0.2), Supply.of(np.array([2, 2])))
    cost = np.array([1.0, 1000.0])
    by_units = frontier(curves, bounds(curves), cost, *measures(curves, "units", cost))
    by_value = frontier(curves, bounds(curves), cost, *measures(curves, "value", cost))
    units_rows = by_units.rows_after(by_units.steps_to_fill(0.8))
    value_rows = by_value.rows_after(by_value.steps_to_fill(0.8))
    assert curves.level[units_rows].tolist() == [7, 0]
    assert curves.level[value_rows][1] >= 1


def test_an_unknown_objective_is_named() -> None:
    curves = build_curves(poisson(1.0), Supply.of(np.array([1])))
    with pytest.raises(ValueError, match="objective 'profit' is not one of units, lines"):
        measures(curves, "profit", np.ones(1))
