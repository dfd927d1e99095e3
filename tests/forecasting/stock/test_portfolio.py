"""Whole portfolios: targets, budgets, floors, limits, and every impossible item by its name."""

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.stock.items import Items, read_items
from forecasting.stock.portfolio import (
    Choice,
    Plan,
    economic_levels,
    frontier_table,
    plan_portfolio,
    warnings,
)
from tests.forecasting.stock.models import Steady, poisson


def items_of(**columns: Sequence[object]) -> Items:
    n_items = len(next(iter(columns.values())))
    table = pd.DataFrame({"unique_id": [f"P{i}" for i in range(n_items)], **columns})
    items, refused = read_items(table, table["unique_id"].to_numpy(dtype=object))
    assert refused.empty, refused.to_string()
    return items


def random_plan(n_items: int, choice: Choice, seed: int = 5) -> Plan:
    rng = np.random.default_rng(seed)
    items = items_of(
        unit_cost=rng.lognormal(3, 1.5, n_items).tolist(),
        lead_time=rng.integers(0, 6, n_items).tolist(),
    )
    model = Steady(rng.lognormal(-1, 1, n_items), rng.lognormal(0, 0.5, n_items))
    return plan_portfolio(model, items, choice)


def test_a_target_is_reached_and_hardly_passed() -> None:
    plan = random_plan(400, Choice(target=0.9))
    assert 0.9 <= plan.fill("units") < 0.902
    table = plan.table()
    assert table["cost"].sum() == pytest.approx(plan.money)
    assert (table["order_up_to_level"] - table["reorder_point"]).eq(1).all()


def test_a_budget_is_kept_and_used() -> None:
    budget = random_plan(400, Choice(target=0.9)).money
    plan = random_plan(400, Choice(budget=budget))
    assert budget * 0.995 < plan.money <= budget
    assert plan.fill("units") == pytest.approx(0.9, abs=0.002)


def test_each_objective_is_served_best_by_itself() -> None:
    budget = random_plan(300, Choice(target=0.8)).money
    plans = {name: random_plan(300, Choice(name, budget=budget)) for name in ("units", "value")}
    assert plans["units"].fill("units") > plans["value"].fill("units")
    assert plans["value"].fill("value") > plans["units"].fill("value")


def test_the_floor_holds_for_every_item() -> None:
    plan = random_plan(200, Choice(target=0.9, floor=0.8))
    assert (plan.curves.ready[plan.rows] >= 0.8).all()


@settings(max_examples=25, deadline=None)
@given(
    rates=st.lists(st.floats(0.05, 0.8), min_size=2, max_size=3),
    costs=st.lists(st.floats(1, 100), min_size=3, max_size=3),
    share=st.floats(0.05, 0.9),
)
def test_a_small_portfolio_is_planned_as_well_as_brute_force_can(
    rates: list[float], costs: list[float], share: float
) -> None:
    items = items_of(unit_cost=costs[: len(rates)], lead_time=[1] * len(rates))
    rich = plan_portfolio(poisson(*rates), items, Choice(target=0.99))
    budget = rich.money * share
    plan = plan_portfolio(poisson(*rates), items, Choice(budget=budget))
    curves = plan.curves
    ranges = [range(a, min(b, a + 14)) for a, b in itertools.pairwise(curves.start.tolist())]
    chosen = np.array(list(itertools.product(*ranges)))
    money = (curves.on_hand * items.unit_cost[curves.item])[chosen].sum(axis=1)
    missed = curves.unfilled[chosen].sum(axis=1)
    assert plan.money <= budget * (1 + 1e-9)
    assert curves.unfilled[plan.rows].sum() <= missed[money <= budget].min() + 1e-9


def test_impossible_items_are_named_and_the_rest_goes_on() -> None:
    table = pd.DataFrame(
        [
            ("good", 10, 2, 5),
            ("free", 0, 2, 5),
            ("blank", None, 2, 5),
            ("words", "ten", 2, 5),
            ("back", 10, -1, 5),
            ("days", 10, 400, 5),
            ("lots", 10, 2, -5),
            ("twice", 10, 2, 5),
            ("twice", 11, 2, 5),
            ("idle", 10, 2, 5),
        ],
        columns=["unique_id", "unit_cost", "lead_time", "moq"],
    )
    series = np.array(["good", "free", "blank", "words", "back", "days", "lots", "twice", "new"])
    items, refused = read_items(table, series.astype(object))
    assert items.ids.tolist() == ["good"]
    assert dict(refused.itertuples(index=False, name=None)) == {
        "back": "lead_time -1 is not a number at least 0",
        "blank": "unit_cost is missing (expected a number above 0)",
        "days": "lead_time 400 is over 120 periods (is it in days?)",
        "free": "unit_cost 0 is not a number above 0",
        "idle": "has no series of demand",
        "lots": "moq -5 is not a number at least 0",
        "new": "has no row in the items file",
        "twice": "is in the items file more than once",
        "words": "unit_cost ten is not a number above 0",
    }


def test_a_lead_time_of_nothing_and_of_part_of_a_period_have_answers() -> None:
    items = items_of(unit_cost=[1, 1], lead_time=[0, 1.2])
    assert items.lead_time.tolist() == [0, 2]
    plan = plan_portfolio(poisson(1.0, 1.0), items, Choice(target=0.95))
    assert plan.level[0] < plan.level[1]


def test_a_budget_of_nothing_stocks_nothing_and_one_below_the_floor_is_refused() -> None:
    items = items_of(unit_cost=[5, 9], lead_time=[1, 1])
    plan = plan_portfolio(poisson(0.5, 0.5), items, Choice(budget=0.0))
    assert plan.level.tolist() == [0, 0]
    with pytest.raises(ValueError, match=r"a budget of 1\.00 is below 15\.45"):
        plan_portfolio(poisson(0.5, 0.5), items, Choice(budget=1.0, floor=0.9))


def test_a_budget_beyond_need_and_a_lot_beyond_a_years_demand_are_pointed_out() -> None:
    items = items_of(unit_cost=[5, 9], lead_time=[1, 1], moq=[0, 50])
    choice = Choice(budget=1e6)
    plan = plan_portfolio(poisson(0.5, 0.5), items, choice)
    assert [key for key, _ in warnings(plan, choice, "MS")] == ["P1", ""]
    assert plan.table()["reorder_point"].iloc[1] == plan.level[1] - 50


def test_what_people_fix_is_kept() -> None:
    items = items_of(unit_cost=[1, 1], lead_time=[2, 2], min_level=[9, None], max_level=[None, 2])
    plan = plan_portfolio(poisson(0.5, 0.5), items, Choice(target=0.7, floor=0.9))
    assert plan.level.tolist() == [9, 2]
    notes = warnings(plan, Choice(target=0.7, floor=0.9), "MS")
    assert notes == [("P1", "cannot keep the floor of 0.9 under its max_level 2")]


def test_a_target_out_of_reach_says_how_far_one_can_get() -> None:
    items = items_of(unit_cost=[1], lead_time=[2], max_level=[1])
    with pytest.raises(ValueError, match=r"a fill of 99\.0000% cannot be reached"):
        plan_portfolio(poisson(1.0), items, Choice(target=0.99))


def test_a_dear_part_that_hardly_moves_is_not_worth_stocking() -> None:
    items = items_of(
        unit_cost=[1000, 1],
        lead_time=[2, 2],
        holding_rate=[0.24, 0.24],
        shortage_cost=[50, 50],
    )
    plan = plan_portfolio(poisson(0.02, 2.0), items, Choice(target=0.9))
    levels = economic_levels(plan.curves, items, "MS")
    assert levels[0] == 0
    assert levels[1] > 8


def test_the_frontier_rises_and_each_point_of_fill_costs_more_than_the_last() -> None:
    table = frontier_table(random_plan(300, Choice(target=0.9)).frontier, 50)
    assert (table["fill_rate"].diff().dropna() > 0).all()
    assert (table["money"].diff().dropna() > 0).all()
    assert (table["marginal_cost"].diff().dropna() > -1e-6).mean() > 0.95


def test_a_least_value_fill_is_kept_at_the_cost_of_units() -> None:
    budget = random_plan(300, Choice(target=0.85)).money
    free = random_plan(300, Choice(budget=budget))
    least = free.fill("value") + 0.05
    held = random_plan(300, Choice(budget=budget, least_value_fill=least))
    assert least <= held.fill("value") < least + 0.01
    assert free.fill("units") - 0.05 < held.fill("units") < free.fill("units")
    assert held.money <= budget
    with pytest.raises(ValueError, match=r"a value fill of 99\.90% cannot be had"):
        random_plan(300, Choice(budget=budget, least_value_fill=0.999))
