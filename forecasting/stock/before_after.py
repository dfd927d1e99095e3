"""Before and after: a rule of months of cover and marginal analysis, played over the same past.

Both plan anew every few periods from what lay before only, meet the same demand and lead times, and
start with their stock at the level. Their knobs, months and budget, are turned until both held the
same money in the replay; only then are their fills compared. Intervals come from drawing the parts
anew (Efron and Tibshirani 1993): they say what another draw of like parts would have shown.

Two windows are played, the last and the one before it. A setting of the demand model (`is_mixed`)
was chosen by looking at the later window of the sample data, so a gain there proves little; the
earlier window was never looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from forecasting.demand.panel import Panel
from forecasting.stock.curves import Curves, Floats, build_curves, fixed_lead_times
from forecasting.stock.desk import SummedDemand
from forecasting.stock.fitting import fit
from forecasting.stock.items import Items
from forecasting.stock.replay import Played, Rules, play
from forecasting.stock.scenarios import grid
from forecasting.stock.wishes import Wish, grant

MEASURED = {"W": 26, "MS": 12}
WARM_UP = {"W": 13, "MS": 3}
PLANNED_EVERY = {"W": 4, "MS": 1}
PER_MONTH = {"W": 365.25 / 12 / 7, "MS": 1.0}
PER_YEAR = {"W": 52, "MS": 12}
LEAST_KNOWN = {"W": 26, "MS": 6}
"""Periods of demand that have to lie before the first plan."""

EARLIER, LATER = "earlier", "later"
BACK = {EARLIER: 1, LATER: 0}
"""Windows by how many times the measured periods lie behind the end of the past."""

N_DRAWS = 1000
HALVINGS = 12
MONTHS = (1.0, 2.0, 3.0, 4.0, 6.0, 9.0)
SHARES = (0.4, 0.6, 0.8, 1.0, 1.3, 1.7)
"""Budgets of the line that is drawn, as shares of the money at which the rules are compared."""

OLD, OURS = "months of cover", "this plan"


@dataclass(frozen=True)
class Past:
    """What is played.

    Attributes
    ----------
    panel
        Demand up to the end of the window, one series per item, in the order of `items`.
    items
        Costs, lots, and the lead times that both rules meet.
    wish
        What ours plans for; its money or target is replaced by equal money.
    money
        Mean on-hand value at which the rules are compared [currency].
    """

    panel: Panel
    items: Items
    wish: Wish
    money: float

    @property
    def first(self) -> int:
        """First period played."""
        return first_played(self.panel)


@dataclass(frozen=True)
class Compared:
    """Points of both rules, and at equal money what ours changed: tables of the contract."""

    replays: pd.DataFrame
    gains: pd.DataFrame


def first_played(panel: Panel) -> int:
    """First period that is played of a panel that ends with its window."""
    return panel.n_periods - MEASURED[panel.freq] - WARM_UP[panel.freq]


def ending(panel: Panel, window: str) -> Panel | None:
    """Demand up to the end of a window; None where too little is known before it to plan from."""
    cut = panel.until(max(panel.n_periods - BACK[window] * MEASURED[panel.freq], 0))
    return cut if first_played(cut) >= LEAST_KNOWN[panel.freq] else None


def compare(past: Past, seed: int = 0) -> Compared:
    """Play both rules at several settings and at equal money."""
    ours, expected = _planner(past)
    old = _cover(past)
    budgets = [share * past.money for share in SHARES]
    rows = [_point(past, OLD, months, _played(past, old(months))) for months in MONTHS]
    rows += [_point(past, OURS, one, _played(past, ours(one)), expected(one)) for one in budgets]
    months = _at_money(past, old, 0.1, 48.0)
    budget = _at_money(past, ours, past.money / 20, past.money * 20)
    pair = _played(past, old(months)), _played(past, ours(budget))
    equal = [
        _point(past, OLD, months, pair[0]),
        _point(past, OURS, budget, pair[1], expected(budget)),
    ]
    told = pd.DataFrame(rows + equal)
    told["is_at_equal_money"] = [False] * len(rows) + [True] * len(equal)
    return Compared(told, _gains(past, *pair, seed))


def _cover(past: Past) -> Callable[[float], Floats]:
    """Levels of months of cover of the mean of the last year so far known, in whole units."""
    freq = past.panel.freq
    means = np.stack(
        [_yearly_mean(past, t) for t in range(past.first, past.panel.n_periods)], axis=1
    )

    def levels(months: float) -> Floats:
        return np.maximum(np.rint(means * PER_MONTH[freq] * months), 1.0)

    return levels


def _yearly_mean(past: Past, t: int) -> Floats:
    """Mean demand per period of the year before period `t`, or of what is known of it."""
    year = past.panel.y[:, max(0, t - PER_YEAR[past.panel.freq]) : t]
    known = np.isfinite(year).sum(axis=1)
    return np.asarray(np.nansum(year, axis=1) / np.maximum(known, 1))


def _planner(past: Past) -> tuple[Callable[[float], Floats], Callable[[float], float]]:
    """Levels of marginal analysis for a budget, and the unit fill that its plans expected."""
    freq, items = past.panel.freq, past.items
    origins = range(past.first, past.panel.n_periods, PLANNED_EVERY[freq])
    curves = [_curves_at(past, t) for t in origins]

    @cache
    def plans(budget: float) -> list[tuple[Floats, float]]:
        wish = Wish(past.wish.objective, budget, None, past.wish.floor, past.wish.value_share)
        granted = [grant(each, items, wish, budget).plan for each in curves]
        return [(plan.level, plan.fill("units")) for plan in granted]

    def levels(budget: float) -> Floats:
        n = past.panel.n_periods - past.first
        planned = np.stack([level for level, _ in plans(budget)], axis=1)
        return np.asarray(np.repeat(planned, PLANNED_EVERY[freq], axis=1)[:, :n])

    return levels, lambda budget: float(np.mean([fill for _, fill in plans(budget)]))


def _curves_at(past: Past, t: int) -> Curves:
    """Curves planned from what lies before period `t`, one distribution per part: see `Desk`."""
    items = past.items
    review = int(items.review.max())
    longest = int(items.lead_time.max()) + review
    model = fit(past.panel.until(t), longest, price=items.unit_cost, is_mixed=True)
    ahead = [model.lead_time(periods) for periods in range(1, longest + 1)]
    summed = SummedDemand(
        np.stack([one.mean for one in ahead], axis=1),
        np.stack([one.variance for one in ahead], axis=1),
        model.step,
    ).over(fixed_lead_times(items.lead_time), review)
    supply = items.supply(fixed_lead_times(np.ones(len(items), dtype=np.int64)))
    quiet = ahead[0].cdf(np.zeros(len(items)))
    return build_curves(summed, supply, quiet, grid(len(items)))


def _played(past: Past, levels: Floats) -> Played:
    """Play levels as if they had always been in force: what they imply on order is on its way."""
    items = past.items
    lots = np.where(items.lot > items.unit, items.lot, 0.0)
    y = np.nan_to_num(past.panel.y)
    lead = items.lead_time[:, None]
    pace = np.minimum(_yearly_mean(past, past.first), levels[:, 0] / np.maximum(items.lead_time, 1))
    coming = np.where(np.arange(int(items.lead_time.max(initial=0))) < lead, pace[:, None], 0.0)
    return play(
        y[:, past.first :],
        levels,
        Rules(items.lead_time, items.review, lots),
        warm_up=WARM_UP[past.panel.freq],
        on_hand=levels[:, 0] - coming.sum(axis=1),
        coming=coming,
    )


def _at_money(past: Past, rule: Callable[[float], Floats], low: float, high: float) -> float:
    """The knob at which the replay held the money: bisection, more is always more."""
    for _ in range(HALVINGS):
        middle = float(np.sqrt(low * high))
        held = _played(past, rule(middle)).money(past.items.unit_cost)
        low, high = (middle, high) if held < past.money else (low, middle)
    return low


def _point(
    past: Past, rule: str, knob: float, played: Played, expected: float = np.nan
) -> dict[str, object]:
    periods = past.panel.periods
    return {
        "rule": rule,
        "knob": knob,
        "money": played.money(past.items.unit_cost),
        "unit_fill_rate": played.unit_fill(),
        "line_fill_rate": played.line_fill(),
        "value_fill_rate": played.unit_fill(past.items.unit_price),
        "expected_unit_fill_rate": expected,
        "n_items": len(past.items),
        "since_date": periods[past.first + WARM_UP[past.panel.freq]],
        "until_date": periods[-1],
        "n_periods": MEASURED[past.panel.freq],
        "n_known": past.first,
    }


def _gains(past: Past, before: Played, after: Played, seed: int) -> pd.DataFrame:
    """Fill of both by units, lines and value, and the difference with its 95 % interval."""
    rng = np.random.default_rng(seed)
    n = len(past.items)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=N_DRAWS).astype(float)
    asked = (before.demand > 0).astype(float)
    rows = []
    for name, weight, whole in (
        ("units", np.ones(n), False), ("lines", np.ones(n), True),
        ("value", past.items.unit_price, False),
    ):  # fmt: skip
        base = weight * (asked if whole else before.demand).sum(axis=1)
        sides = [
            weight
            * (
                (asked * (one.filled >= one.demand)).sum(axis=1)
                if whole
                else one.filled.sum(axis=1)
            )
            for one in (before, after)
        ]
        apart = (drawn @ (sides[1] - sides[0])) / np.maximum(drawn @ base, 1e-12)
        total = max(float(base.sum()), 1e-12)
        rates = [float(side.sum()) / total for side in sides]
        low, high = np.quantile(apart, [0.025, 0.975])
        rows.append((name, *rates, rates[1] - rates[0], low, high, n, float(asked.sum())))
    columns = ["measure", "before_rate", "after_rate", "difference", "low", "high", "n_items",
               "n_lines"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
