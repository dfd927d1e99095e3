"""What if: the desk under other conditions, and how fast and how exactly it answers."""

import time

import numpy as np
import pandas as pd
import pytest

from forecasting.stock.curves import build_curves
from forecasting.stock.desk import Desk, open_desk
from forecasting.stock.portfolio import Choice, choose
from forecasting.stock.scenarios import LEVELS, Change, changed, compared, fill_at, to_buy
from tests.forecasting.stock.test_desk import PART, TODAY, demand, opened, orders, positions


def many(n: int, seed: int = 3) -> Desk:
    """Parts at sites of every size and price, lead times of two weeks to half a year."""
    rng = np.random.default_rng(seed)
    names = [f"P{number:05d}" for number in range(n)]
    weekly, doubt = np.exp(rng.normal(-1.0, 1.6, n)), rng.uniform(0.05, 0.4, n)
    steps = np.arange(1, 41)
    mean = weekly[:, None] * steps
    frame = pd.DataFrame([PART] * n).assign(
        item_id=names, unit_cost=np.exp(rng.normal(4.0, 1.5, n)), unit_price=np.nan,
        lead_time_days=rng.integers(14, 180, n).astype(float),
        supplier_id=[f"S{k}" for k in rng.integers(0, 20, n)],
        qty_on_hand=np.rint(weekly * 8), qty_reserved=0.0,
    )  # fmt: skip
    table = pd.DataFrame(
        {
            "item_id": np.repeat(names, len(steps)),
            "site_id": "LYO",
            "periods": np.tile(steps, n),
            "qty_mean": mean.ravel(),
            "qty_variance": (1.5 * mean + doubt[:, None] * mean**2).ravel(),
            "qty_step": 1.0,
        }
    )
    return open_desk(frame, table, None, orders(), freq="W", as_of=TODAY)


def test_more_demand_and_longer_lead_times_take_more_stock_for_the_same_fill() -> None:
    desk = many(60)
    money = {}
    for name, change in {
        "as it is": Change(), "demand": Change(demand=0.1), "lead": Change(lead_days=14.0),
        "late": Change(supplier_id="S1", supplier_days=30.0), "price": Change(price=0.1),
    }.items():  # fmt: skip
        other = changed(desk, change)
        money[name] = choose(other.curves(), other.items, Choice("units", target=0.9)).money
    assert money["price"] == pytest.approx(1.1 * money["as it is"])
    assert min(money["demand"], money["lead"], money["late"]) > 1.002 * money["as it is"]


def test_an_unchanged_desk_plans_the_same() -> None:
    desk = many(30)
    other = changed(desk, Change())
    assert other.items is desk.items
    assert other.lead_weights is desk.lead_weights


def test_only_what_is_at_its_reorder_point_is_bought_in_whole_lots() -> None:
    desk = opened(
        positions(A={"moq": 10.0, "order_multiple": 5.0}, B={"qty_on_hand": 50.0}), demand("A", "B")
    )
    plan = choose(desk.curves(), desk.items, Choice("units", target=0.95))
    bought = to_buy(desk, plan)
    short = plan.level[0] - desk.position()[0]
    assert bought[0] == max(10.0, np.ceil(short / 5) * 5)
    assert bought[1] == 0


def test_the_largest_change_of_money_stands_first() -> None:
    desk = many(40)
    curves = desk.curves()
    plans = tuple(choose(curves, desk.items, Choice("units", target=one)) for one in (0.8, 0.9))
    bought = tuple(to_buy(desk, plan) for plan in plans)
    rows = compared(desk, plans, bought)  # type: ignore[arg-type]
    assert rows["change_money"].abs().is_monotonic_decreasing
    assert rows["change_money"].sum() == pytest.approx(plans[1].money - plans[0].money)


def test_levels_that_nobody_planned_are_worth_what_the_curves_say() -> None:
    desk = many(25)
    plan = choose(desk.curves(), desk.items, Choice("units", target=0.9))
    fill, money = fill_at(plan, plan.level)
    assert fill["units"] == pytest.approx(plan.fill("units"))
    assert money == pytest.approx(plan.money)
    assert fill_at(plan, np.zeros(len(desk)))[0]["units"] == pytest.approx(0.0, abs=1e-9)


def test_one_distribution_for_all_lead_times_is_as_good_as_the_mixture_of_them() -> None:
    desk = many(80)
    weights = np.zeros((len(desk), 40))
    rng = np.random.default_rng(1)
    for row, lead in enumerate(desk.items.lead_time):
        weights[row, np.clip(lead + rng.integers(-3, 12, 10), 0, 39)] += 0.1
    weights /= weights.sum(axis=1, keepdims=True)
    spread = Desk(**{**vars(desk), "lead_weights": weights})
    exact = build_curves(spread.demand, spread.items.supply(weights))
    plan = choose(spread.curves(), spread.items, Choice("units", target=0.9))
    true, money = fill_at(choose(exact, spread.items, Choice("units", target=0.9)), plan.level)
    assert true["units"] == pytest.approx(plan.fill("units"), abs=0.01)
    assert money == pytest.approx(plan.money, rel=0.02)


def test_a_what_if_on_three_thousand_parts_takes_no_second() -> None:
    # Measured at 30,000 in `benchmarks.what_if`; here only against a slip of an order of size.
    desk = many(3000)
    began = time.process_time()
    other = changed(desk, Change(lead_days=7.0, demand=0.1, price=0.05))
    choose(other.curves(LEVELS), other.items, Choice("units", target=0.9))
    assert time.process_time() - began < 1.0
