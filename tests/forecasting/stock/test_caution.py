"""Tuned caution: the played cost by hand, and a lower chance where forecasts promise too much."""

import numpy as np
import pandas as pd
import pytest

from forecasting.demand.distribution import Demand
from forecasting.demand.panel import Panel
from forecasting.stock.caution import cost_of, tuned_costs
from forecasting.stock.items import Items, read_items
from forecasting.stock.ordering import Costs, PeriodModel
from tests.forecasting.stock.models import Steady

COSTS = Costs(holding=0.2, shortage=1.0)


class Flat:
    """Demand of the same distribution in every period ahead."""

    def __init__(self, mean: float, n_items: int) -> None:
        self._model = Steady(np.full(n_items, mean), np.full(n_items, 1e9))

    def period(self, ahead: int) -> Demand:
        return self._model.lead_time(1)


def items_of(n_items: int, lead_time: int) -> Items:
    ids = np.array([str(i) for i in range(n_items)], dtype=object)
    table = pd.DataFrame({"unique_id": ids, "unit_cost": 1.0, "lead_time": lead_time})
    return read_items(table, ids)[0]


def panel_of(n_items: int, mean: float) -> Panel:
    y = np.random.default_rng(4).poisson(mean, (n_items, 60)).astype(float)
    weeks = pd.date_range("2024-01-01", periods=60, freq="7D")
    ids = np.array([str(i) for i in range(n_items)], dtype=object)
    return Panel(ids, y, weeks, "W", pd.DataFrame(index=range(n_items)))


def test_the_played_cost_is_holding_of_what_is_left_and_shortage_of_what_is_missed() -> None:
    # Nothing expected, nothing ordered: 1 + 2 are missed, and what is not known costs nothing.
    demand = np.array([[1.0, np.nan, 2.0]])
    nothing: list[PeriodModel] = [Flat(0.0, 1)] * 3
    spent = cost_of(demand, items_of(1, 1), nothing, order_by=COSTS, charge=COSTS, lost_sales=True)
    assert spent == pytest.approx(3.0)


def test_right_forecasts_keep_a_chance_near_the_critical_ratio() -> None:
    tuned = tuned_costs(
        panel_of(60, 8.0),
        items_of(60, 2),
        COSTS,
        lambda _panel, _ahead: Flat(8.0, 60),
        lost_sales=True,
    )
    assert tuned.critical_ratio >= 0.95 * COSTS.critical_ratio - 1e-9


def test_forecasts_that_promise_too_much_lower_the_chance() -> None:
    tuned = tuned_costs(
        panel_of(60, 8.0),
        items_of(60, 2),
        COSTS,
        lambda _panel, _ahead: Flat(13.0, 60),
        lost_sales=True,
    )
    assert tuned.critical_ratio == pytest.approx(0.85 * COSTS.critical_ratio)


def test_a_short_past_says_nothing() -> None:
    short = panel_of(10, 3.0).until(40)
    tuned = tuned_costs(
        short, items_of(10, 2), COSTS, lambda _panel, _ahead: Flat(3.0, 10), lost_sales=True
    )
    assert tuned == COSTS
