"""One forecasting run over a panel, block by block, from the cache where nothing has changed."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.commands import _cache
from forecasting.commands._files import Progress
from forecasting.demand.backtest import forecast_rows, level_names, window_forecasts
from forecasting.demand.distribution import Floats
from forecasting.demand.losses import LEVELS
from forecasting.demand.models.contract import Fitted, Model
from forecasting.demand.panel import Panel, without_typos
from forecasting.demand.routing import GROUPS, Chosen, panels_of, prepare

BACKTESTED = (
    "chosen", "seasonal_naive", "year_mean", "last_year_growth", "one_alpha", "tsb",
    "empirical_mixture", "prophet", "lightgbm", "ensemble",
)  # fmt: skip
AHEAD_LEVELS = (0.1, *LEVELS)
BLOCK = 4000
LEAST = {"W": 13, "MS": 3}
MOST = {"W": 26, "MS": 12}
REACH = {"W": 78, "MS": 24}
WORDS = {"W": "weeks", "MS": "months"}


@dataclass(frozen=True)
class Plan:
    """What is asked of every block.

    Parameters
    ----------
    horizon
        Periods ahead.
    cuts
        Periods known at each origin of the back-test.
    spans
        Lead time of each series in periods, by its id.
    reach
        Most periods over which demand is summed for stock decisions.
    place
        Folder of kept results; None computes everything.
    """

    horizon: int
    cuts: tuple[int, ...]
    spans: "pd.Series[int]"
    reach: int
    seed: int = 0
    jobs: int = 1
    place: Path | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"made": 0, "kept": 0})

    def has(self, name: str) -> bool:
        """Whether the result called `name` is kept."""
        return self.place is not None and _cache.has(name, self.place)

    def get(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Take a result from the cache or make it, and count which."""
        if self.place is None:
            self.counts["made"] += 1
            return make()
        self.counts["kept" if self.has(name) else "made"] += 1
        return _cache.kept(name, make, place=self.place)


@dataclass(frozen=True)
class Ahead:
    """What is said of the periods ahead: by period, by series, and summed over periods."""

    rows: pd.DataFrame
    choices: pd.DataFrame
    sums: pd.DataFrame


def joined(parts: Sequence[Ahead]) -> Ahead:
    """The same of several blocks together."""
    columns = zip(*((one.rows, one.choices, one.sums) for one in parts), strict=True)
    return Ahead(*(pd.concat(column, ignore_index=True) for column in columns))


def horizon_of(lead_days: Floats, period_days: float, freq: str) -> int:
    """Periods to look ahead: nine lead times in ten and one more, within a quarter and half a year.

    Months go up to a year.
    """
    longest = float(np.quantile(lead_days, 0.9)) if lead_days.size else 0.0
    return int(np.clip(np.ceil(longest / period_days) + 1, LEAST[freq], MOST[freq]))


def reach_of(lead_days: Floats, period_days: float, horizon: int, freq: str) -> int:
    """Most periods over which stock decisions sum demand: twice the longest lead time and two more.

    Suppliers take up to twice what they state; what is longer goes on at the last pace.
    """
    longest = float(lead_days.max()) if lead_days.size else 0.0
    return int(np.clip(np.ceil(2 * longest / period_days) + 2, horizon, REACH[freq]))


def origins(n_periods: int, horizon: int, windows: int) -> tuple[int, ...]:
    """Origins of the back-test, oldest first: as many as leave a horizon and two before the first.

    They lie side by side. A history too short for one has none, and no accuracy is claimed.
    """
    possible = (n_periods - horizon - 2) // horizon
    n = max(0, min(windows, possible))
    return tuple(n_periods - (n - window) * horizon for window in range(n))


def blocks(panel: Panel) -> list[NDArray[np.intp]]:
    """Rows of each block. A series stays in its block however many others come and go.

    Models learn from the whole block, so a changed series has its block refitted and no other.
    """
    n_blocks = 1 if len(panel) <= BLOCK else 2 ** int(np.ceil(np.log2(len(panel) / BLOCK)))
    places = np.array([zlib.crc32(str(key).encode()) % n_blocks for key in panel.ids], dtype=int)
    return [rows for rows in (np.flatnonzero(places == j) for j in range(n_blocks)) if rows.size]


def past(panel: Panel, plan: Plan, models: Mapping[str, Model], bar: Progress) -> pd.DataFrame:
    """Back-test of one block: every model from every origin."""
    names = [name for name in BACKTESTED if name in models]
    keys = {}
    for cut in plan.cuts:
        seen = panel.until(cut + plan.horizon)
        for name in names:
            keys[cut, name] = "window-" + _cache.fingerprint(
                seen, cut=cut, horizon=plan.horizon, model=name, seed=plan.seed
            )
    fresh = {cut for (cut, _), key in keys.items() if not plan.has(key)}
    needed = panels_of(panel, sorted(fresh), plan.horizon)
    prepare(models.values(), needed, plan.horizon, plan.jobs, bar.say)
    parts = []
    for (cut, name), key in keys.items():

        def make(cut: int = cut, model: Model = models[name]) -> pd.DataFrame:
            return window_forecasts(panel, cut, plan.horizon, model, list(LEVELS))

        parts.append(plan.get(key, make))
        bar.step(f"{name} from {panel.periods[cut - 1]:%Y-%m-%d}")
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def ahead(panel: Panel, plan: Plan, models: Mapping[str, Model]) -> Ahead:
    """Forecasts of one block, its choices with the demand over the lead time, and summed demand."""
    spans = plan.spans.reindex(list(panel.ids)).to_numpy().astype(np.intp)
    key = _cache.fingerprint(
        panel, horizon=plan.horizon, seed=plan.seed, model="run", spans=spans.tolist(),
        reach=plan.reach,
    )  # fmt: skip
    made: list[Ahead] = []

    def all_of_it() -> Ahead:
        if not made:
            made.append(_fit(panel, plan, models, spans))
        return made[0]

    return Ahead(
        plan.get(f"rows-{key}", lambda: all_of_it().rows),
        plan.get(f"choices-{key}", lambda: all_of_it().choices),
        plan.get(f"sums-{key}", lambda: all_of_it().sums),
    )


def _fit(panel: Panel, plan: Plan, models: Mapping[str, Model], spans: NDArray[np.intp]) -> Ahead:
    clean, typos = without_typos(panel)
    chosen = models["chosen"]
    assert isinstance(chosen, Chosen)
    fitted = chosen.fit(clean, plan.horizon)
    rows = forecast_rows(clean, fitted, plan.horizon, list(AHEAD_LEVELS))
    rows["period_no"] = np.tile(np.arange(1, plan.horizon + 1), len(clean))
    lead = fitted.lead_time(spans)
    choices = fitted.choice.assign(
        model_reason=_reasons(fitted.choice, fitted.evidence, plan.horizon, panel.freq),
        note=typos.reindex(range(len(clean))).fillna("").to_numpy(),
        n_periods=np.isfinite(clean.y).sum(axis=1),
        lead_periods=spans,
        lead_mean=lead.mean,
    )
    unit = clean.unit[:, None]
    amounts = np.maximum(np.ceil(lead.quantile(LEVELS) / unit - 1e-9), 0.0) * unit
    choices[[f"lead_{name}" for name in level_names(list(LEVELS))]] = amounts
    return Ahead(rows, choices, summed(clean, fitted, plan.reach))


def summed(panel: Panel, fitted: Fitted, reach: int) -> pd.DataFrame:
    """Mean and variance of the demand over the next 1 .. `reach` periods, series by series."""
    sums = [fitted.lead_time(periods) for periods in range(1, reach + 1)]
    return pd.DataFrame(
        {
            "unique_id": np.repeat(panel.ids, reach),
            "periods": np.tile(np.arange(1, reach + 1), len(panel)),
            "qty_mean": np.stack([one.mean for one in sums], axis=1).ravel(),
            "qty_variance": np.stack([one.variance for one in sums], axis=1).ravel(),
            "qty_step": np.stack([one.step for one in sums], axis=1).ravel(),
        }
    )


def _reasons(choice: pd.DataFrame, evidence: pd.DataFrame, horizon: int, freq: str) -> list[str]:
    """Why each model: what the periods held back said of the candidates of its group."""
    said = {}
    for group, table in evidence.groupby("group"):
        chosen, first = table[table["is_chosen"]].iloc[0], table.iloc[0]
        span = f"the last {horizon} {WORDS[freq]} (n = {int(chosen['n'])} series)"
        others = len(table) - 1
        if not chosen["n"]:
            text = "usual for its class; too little history to try others"
        elif chosen["model"] == first["model"]:
            text = f"usual for its class; none of {others} others was clearly better on {span}"
        else:
            gain = 1 - chosen["loss"] / first["loss"]
            text = f"{gain:.0%} less loss than {first['model']}, usual for its class, on {span}"
        said[str(group)] = text
    groups = choice["demand_class"].map(GROUPS).fillna("intermittent")
    return [said[group] for group in groups]
