"""A client's wish becomes a plan, and what could not be had is said."""

import numpy as np
import pandas as pd
import pytest

from forecasting.demand.distribution import NegativeBinomial
from forecasting.stock.curves import Curves, build_curves
from forecasting.stock.items import Items, read_items
from forecasting.stock.wishes import Wish, grant, held_value, reasons


class Model:
    """Thirty items, 0.2 to 6 a period."""

    def lead_time(self, periods: int) -> NegativeBinomial:
        return NegativeBinomial.of(np.linspace(0.2, 6, 30) * periods, 2.0 * periods)


def portfolio(**columns: object) -> tuple[Curves, Items]:
    ids = np.array([f"P{i:02d}" for i in range(30)], dtype=object)
    table = pd.DataFrame(
        {"unique_id": ids, "unit_cost": np.geomspace(1, 900, 30), "lead_time": 4, **columns}
    )
    items, _ = read_items(table, ids)
    return build_curves(Model(), items.supply()), items


def test_the_budget_is_todays_stock_where_none_is_stated() -> None:
    curves, items = portfolio()
    granted = grant(curves, items, Wish("lines"), 20_000.0)
    assert granted.notes == ()
    assert granted.plan.money == pytest.approx(20_000, rel=0.05)
    assert grant(curves, items, Wish("lines", budget=9_000.0), 20_000.0).plan.money <= 9_000


def test_a_floor_that_costs_more_than_the_budget_is_lowered_and_it_is_said() -> None:
    curves, items = portfolio()
    granted = grant(curves, items, Wish("units", floor=0.9), 20_000.0)
    assert 0 < granted.choice.floor < 0.9
    assert granted.plan.money <= 20_000
    assert granted.notes[0].startswith("the floor of 0.90 takes ")
    assert f"planned with a floor of {granted.choice.floor:.2f}" in granted.notes[0]
    assert (curves.ready[granted.plan.rows] >= granted.choice.floor).all()


def test_money_below_what_lots_take_is_raised_and_it_is_said() -> None:
    curves, items = portfolio(moq=10)
    granted = grant(curves, items, Wish("lines", budget=0.0), 1.0)
    assert granted.notes[-1].startswith("limits and lots alone take ")
    assert granted.plan.money > 0


def test_a_target_out_of_reach_gives_the_most_that_can_be_had() -> None:
    curves, items = portfolio(max_level=3)
    granted = grant(curves, items, Wish("units", target=0.99), 1.0)
    assert granted.notes[0].startswith("a fill of 99.0% is out of reach: limits and lots allow ")
    assert granted.plan.fill("units") < 0.99
    met = grant(*portfolio(), Wish("units", target=0.9), 1.0)
    assert (met.notes, met.plan.fill("units") >= 0.9) == ((), True)


def test_value_is_not_given_up_for_the_count_of_lines() -> None:
    curves, items = portfolio()
    plain = grant(curves, items, Wish("lines"), 12_000.0).plan.fill("value")
    most = grant(curves, items, Wish("value"), 12_000.0).plan.fill("value")
    kept = grant(curves, items, Wish("lines", value_share=0.9), 12_000.0).plan.fill("value")
    assert plain < 0.9 * most <= kept


def test_each_level_says_what_it_follows_from() -> None:
    least, most, moq = np.full(30, np.nan), np.full(30, np.nan), np.zeros(30)
    least[0], most[29], moq[20] = 40, 2, 60
    curves, items = portfolio(min_level=least, max_level=most, moq=moq)
    said = reasons(grant(curves, items, Wish("lines", floor=0.5), 16_000.0))
    assert said[0] == "minimum 40 set by people"
    assert said[20] == "the smallest lot, 60"
    assert said[29] == "maximum 2 set by people"
    assert said[27] == "floor 0.50"
    assert said[10] == "most lines per money"


def test_stock_owed_is_worth_nothing() -> None:
    assert held_value(np.array([2.0, -3.0]), np.array([10.0, 100.0])) == 20.0
