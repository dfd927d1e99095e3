"""Which model forecasts which series: chosen on held-back periods, class by class."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.demand.classes import classify
from forecasting.demand.distribution import Floats
from forecasting.demand.losses import (
    LEVELS,
    paired_difference,
    scaled_pinball,
    steadied,
    steps_between,
)
from forecasting.demand.models import boosted
from forecasting.demand.models.baselines import LastYear, YearMean, seasonal_naive
from forecasting.demand.models.boosted import Boosted
from forecasting.demand.models.combination import Combination
from forecasting.demand.models.contract import AssembledFitted, Fitted, Model, PointModel
from forecasting.demand.models.empirical import EmpiricalMixture
from forecasting.demand.models.intermittent import one_alpha, syntetos_boylan, teunter
from forecasting.demand.models.prophet_model import ProphetModel
from forecasting.demand.models.spread import WithSpread, held_back, with_spread
from forecasting.demand.panel import Panel, without_typos

CANDIDATES = {
    "seasonal": (
        "ensemble", "boosted_prophet", "lightgbm", "prophet", "last_year_growth", "one_alpha",
        "year_mean",
    ),
    "steady": ("lightgbm", "boosted_prophet", "ensemble", "prophet", "one_alpha", "year_mean"),
    "intermittent": ("lightgbm", "empirical_mixture", "tsb", "year_mean"),
}  # fmt: skip
GROUPS = {"seasonal": "seasonal", "smooth": "steady", "erratic": "steady"}
MARGIN = 0.02


def catalogue(seed: int = 0, jobs: int = 1) -> dict[str, Model]:
    """Every model by name, `chosen` included. Use one catalogue for one panel: it keeps forecasts.

    LightGBM and what is combined from it are absent where its library cannot be loaded
    (`boosted.unavailable` says why).
    """
    points = [
        WithSpread(point)
        for point in (
            YearMean(), seasonal_naive(), LastYear(), one_alpha(), teunter(), syntetos_boylan(),
            ProphetModel(jobs=max(1, jobs // 2)),
        )
    ]  # fmt: skip
    models: dict[str, Model] = {model.name: model for model in points}
    models["empirical_mixture"] = EmpiricalMixture()
    carried = models["prophet"]
    again = WithSpread(LastYear(0.5, "last_year_half_growth"))
    assert isinstance(carried, WithSpread)
    if boosted.unavailable() is None:
        tree = WithSpread(Boosted(seed=seed, threads=max(1, jobs // 4)))
        models["lightgbm"] = tree
        models["boosted_prophet"] = WithSpread(Combination("boosted_prophet", [tree, carried]))
        models["ensemble"] = WithSpread(Combination("ensemble", [tree, carried, again]))
    else:
        models["ensemble"] = WithSpread(Combination("ensemble", [carried, again]))
    models["chosen"] = Chosen(dict(models), jobs)
    return models


def prepare(
    models: Iterable[Model],
    panels: Iterable[Panel],
    horizon: int,
    jobs: int,
    say: Callable[[str], None] = lambda text: None,
) -> None:
    """Make the point forecasts that models need of these panels side by side; they keep them.

    LightGBM and Prophet's optimizer work outside Python, so that threads carry them. One fit on one
    core and several at a time is faster than one fit on several cores, and does not stall where the
    machine has other work.

    Parameters
    ----------
    say
        Is told what was finished.
    """
    if jobs == 1:
        return
    wanted = {
        (id(base), base.key(panel, horizon)): (base, panel)
        for panel in panels
        for base in _bases(models)
    }

    def make(base: WithSpread, panel: Panel) -> None:
        base.means(panel, horizon)
        say(f"{base.name} from {panel.periods[-1]:%Y-%m-%d}")

    with ThreadPoolExecutor(jobs) as pool:
        for _ in pool.map(lambda pair: make(*pair), wanted.values()):
            pass


def panels_of(panel: Panel, cuts: Iterable[int], horizon: int) -> list[Panel]:
    """What models see from each origin: all before it, and that without the last horizon."""
    found = []
    for cut in cuts:
        before, _ = without_typos(panel.until(cut))
        found += [before, before.until(cut - held_back(before, horizon))]
    return found


def _bases(models: Iterable[Model | PointModel]) -> list[WithSpread]:
    """The point models under `models`, taken apart down to those that are made of no others."""
    found: dict[int, WithSpread] = {}
    for model in models:
        parts: Iterable[Model | PointModel] = ()
        if isinstance(model, Chosen):
            parts = model.models.values()
        elif isinstance(model, WithSpread) and isinstance(model.point, Combination):
            parts = model.point.parts
        elif isinstance(model, WithSpread):
            found[id(model)] = model
        found |= {id(base): base for base in _bases(parts)}
    return list(found.values())


@dataclass(frozen=True)
class ChosenFitted(AssembledFitted):
    """The chosen models, and why.

    Parameters
    ----------
    choice
        unique_id, demand_class, reason, model, one row per series in panel order.
    evidence
        group, model, n, loss, difference, low, high, is_tie, is_chosen: what the held-back periods
        said of each candidate; the difference is to the chosen one, with its 95 % interval.
    """

    choice: pd.DataFrame = field(default_factory=pd.DataFrame)
    evidence: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Chosen:
    """Routes by demand class, then takes the model that the last `horizon` periods speak for.

    Candidates stand in the order of what is known of them in general; a later one is taken only
    when it beat the first by more than 2 % and by more than the noise between series. The whole
    choice sees the panel it is fitted on and nothing after it.
    """

    models: Mapping[str, Model]
    jobs: int = 1
    name: str = "chosen"

    def fit(self, panel: Panel, horizon: int) -> ChosenFitted:
        """Choose per group of classes and fit."""
        classes = classify(panel)
        groups = classes["demand_class"].map(GROUPS).fillna("intermittent").to_numpy()
        names = {
            group: [name for name in candidates if name in self.models]
            for group, candidates in CANDIDATES.items()
            if (groups == group).any()
        }
        places = {group: np.flatnonzero(groups == group) for group in names}
        held = held_back(panel, horizon)
        if held:
            tried = [self.models[name] for usable in names.values() for name in usable]
            prepare(tried, [panel.until(panel.n_periods - held)], horizon, self.jobs)
        tables = {
            group: self._evidence(panel, horizon, places[group], usable)
            for group, usable in names.items()
        }
        chosen = {
            group: str(table.loc[table["is_chosen"], "model"].iloc[0])
            for group, table in tables.items()
        }
        prepare([self.models[name] for name in chosen.values()], [panel], horizon, self.jobs)
        fits = [
            self.models[chosen[group]].fit(panel, horizon).take(rows)
            for group, rows in places.items()
        ]
        choice = classes.assign(model=[chosen[group] for group in groups])
        evidence = [table.assign(group=group) for group, table in tables.items()]
        return ChosenFitted(
            fits, list(places.values()), choice, pd.concat(evidence, ignore_index=True)
        )

    def _evidence(
        self, panel: Panel, horizon: int, rows: NDArray[np.intp], names: Sequence[str]
    ) -> pd.DataFrame:
        held = held_back(panel, horizon)
        if not held:
            first = {"model": names, "n": 0, "loss": np.nan, "difference": np.nan}
            table = pd.DataFrame(first).assign(low=np.nan, high=np.nan, is_tie=True)
            return table.assign(is_chosen=np.arange(len(names)) == 0)
        before, actual = panel.until(panel.n_periods - held), panel.y[rows, -held:]
        history = before.y[rows]
        losses = {
            name: scaled_pinball(
                actual,
                _held_amounts(self.models[name], panel, before, horizon, rows),
                history,
            )
            for name in names
        }
        return _table(losses, history)


def _held_amounts(
    model: Model, panel: Panel, before: Panel, horizon: int, rows: NDArray[np.intp]
) -> Floats:
    """Amounts (rows, held, levels) forecast for the held-back periods of some series.

    The spread of point models is sized on those same periods, for all candidates alike.
    """
    held = panel.n_periods - before.n_periods
    if isinstance(model, WithSpread):
        past = model.means(before, horizon)[:, :held]
        fitted: Fitted = with_spread(panel, past, past)
    else:
        fitted = model.fit(before, held)
    return fitted.take(rows).quantiles(held, LEVELS)


def _table(losses: Mapping[str, Floats], history: Floats) -> pd.DataFrame:
    """Compare all candidates with the first; the best that is clearly better than it is chosen."""
    scale = steps_between(history)[0]
    typical = float(np.nanmedian(scale)) if np.isfinite(scale).any() else 1.0
    milder = {name: loss * scale / (scale + typical) for name, loss in losses.items()}
    first = next(iter(losses))
    mean = {name: steadied(loss, history) for name, loss in losses.items()}
    clear = [
        name
        for name in losses
        if mean[name] < (1 - MARGIN) * mean[first]
        and paired_difference(milder[name], milder[first])[2] < 0
    ]
    chosen = min(clear, key=lambda name: mean[name]) if clear else first
    rows = []
    for name in losses:
        apart, low, high = paired_difference(milder[name], milder[chosen])
        n = int(np.isfinite(milder[name]).sum())
        tie = bool(not n or low <= 0 <= high)
        rows.append((name, n, mean[name], apart, low, high, tie, name == chosen))
    columns = ["model", "n", "loss", "difference", "low", "high", "is_tie", "is_chosen"]
    return pd.DataFrame(rows, columns=columns)
