"""Back-test on rolling origins: each forecast is made from what lies before its cutoff only."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecasting.demand import losses
from forecasting.demand.classes import classify
from forecasting.demand.distribution import Floats
from forecasting.demand.models.contract import Fitted, Model
from forecasting.demand.panel import Panel, without_typos

STOCKED = 0.95
"""The level whose amount is valued as stock."""


def cutoffs(n_periods: int, horizon: int, windows: int) -> list[int]:
    """Periods known at each origin: the last `windows` horizons, side by side.

    Raises
    ------
    ValueError
        The history does not leave two periods before the first origin.
    """
    first = n_periods - windows * horizon
    if first < 2:
        raise ValueError(
            f"{windows} windows of {horizon} periods do not fit: there are {n_periods} periods, "
            "and at least 2 must lie before the first window"
        )
    return [first + window * horizon for window in range(windows)]


def level_names(levels: Sequence[float]) -> list[str]:
    """Column names of the quantiles: q_0.5, q_0.95 ..."""
    return [f"q_{level:g}" for level in levels]


def window_forecasts(
    panel: Panel, cut: int, horizon: int, model: Model, levels: Sequence[float]
) -> pd.DataFrame:
    """Forecasts of one model from one origin, with what came: one row per known period."""
    before, _ = without_typos(panel.until(cut))
    fitted = model.fit(before, horizon)
    actual = panel.y[:, cut : cut + horizon]
    started = np.isfinite(before.y).any(axis=1)
    frame = forecast_rows(before, fitted, horizon, levels)
    frame["y"] = actual.ravel()
    frame["cutoff"] = panel.periods[cut - 1]
    frame["model"] = model.name
    kept = np.repeat(started, horizon) & np.isfinite(actual.ravel())
    order = ["unique_id", "ds", "cutoff", "model", "y", "yhat", *level_names(levels)]
    return pd.DataFrame(frame.loc[kept, order]).reset_index(drop=True)


def forecast_rows(
    panel: Panel, fitted: Fitted, horizon: int, levels: Sequence[float]
) -> pd.DataFrame:
    """unique_id, ds, yhat and the quantiles of each period ahead; whole units stay whole."""
    amounts = fitted.quantiles(horizon, levels)
    unit = panel.unit[:, None, None]
    amounts = np.maximum(np.ceil(amounts / unit - 1e-9), 0.0) * unit
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(panel.ids, horizon),
            "ds": np.tile(panel.future(horizon), len(panel)),
            "yhat": fitted.mean()[:, :horizon].ravel(),
        }
    )
    columns = amounts.reshape(-1, len(levels))
    frame[level_names(levels)] = columns
    return frame


def backtest(
    panel: Panel,
    horizon: int,
    windows: int,
    models: Mapping[str, Model],
    levels: Sequence[float] = tuple(losses.LEVELS),
) -> pd.DataFrame:
    """Forecasts of all models from all origins, oldest origin first."""
    parts = [
        window_forecasts(panel, cut, horizon, model, levels)
        for cut in cutoffs(panel.n_periods, horizon, windows)
        for model in models.values()
    ]
    return pd.concat(parts, ignore_index=True)


def summary(
    panel: Panel,
    forecasts: pd.DataFrame,
    levels: Sequence[float],
    naive: str = "seasonal_naive",
    unit_cost: "pd.Series[float] | None" = None,
) -> pd.DataFrame:
    """Losses by demand class and in all, one row per class and model.

    Columns: demand_class, model, n (series x origins), rmsse, spl, spl_low, spl_high, bias, wape,
    cover_<level>, value_added (1 - SPL / SPL of the naive, where it was run), is_tie (with the best
    of the class, by the paired bootstrap). The bootstrap draws series, with all their origins.

    With `unit_cost` by unique_id also cost_over_95 and cost_short_95: what of the 95 % amount was
    left over, and what was short of demand, a period, of all series that have a cost [money].
    """
    scored = _scored(panel, forecasts, levels)
    scored["series"] = pd.Index(panel.ids).get_indexer(pd.Index(scored["unique_id"]))
    groups = [("all", scored), *scored.groupby("demand_class")]
    rows = []
    for name, part in groups:
        best = part.groupby("model")["spl"].mean().idxmin() if part["spl"].notna().any() else None
        reference = part[part["model"] == naive]["spl"].mean()
        for model, own in part.groupby("model", sort=False):
            mean, low, high = losses.mean_interval(
                own["spl"].to_numpy(), series=own["series"].to_numpy()
            )
            row = {"demand_class": name, "model": model, "n": int(own["spl"].notna().sum())}
            row |= {"rmsse": own["rmsse"].mean(), "spl": mean, "spl_low": low, "spl_high": high}
            demand = own["demand"].sum()
            row["bias"] = own["over"].sum() / demand if demand else np.nan
            row["wape"] = own["absolute"].sum() / demand if demand else np.nan
            for level in levels:
                row[f"cover_{level:g}"] = own[f"covered_{level:g}"].sum() / own["periods"].sum()
            row["value_added"] = 1 - mean / reference if reference > 0 else np.nan
            if unit_cost is not None:
                row |= _money(own, unit_cost)
            row["is_tie"] = best is not None and _ties(part, str(model), str(best))
            rows.append(row)
    return pd.DataFrame(rows)


def _money(own: pd.DataFrame, unit_cost: "pd.Series[float]") -> dict[str, float]:
    """Value left over and short a period when every period is stocked to its 95 % amount."""
    cost = unit_cost.reindex(own["unique_id"]).to_numpy()
    n_origins = own["cutoff"].nunique()
    return {
        f"cost_{name}": float(np.nansum(own[name].to_numpy() * cost)) / n_origins
        for name in ("over_95", "short_95")
    }


def _ties(part: pd.DataFrame, model: str, best: str) -> bool:
    keys = ["unique_id", "cutoff"]
    own = part[part["model"] == model].set_index(keys)
    other = part[part["model"] == best].set_index(keys)["spl"].reindex(own.index)
    _, low, high = losses.paired_difference(
        own["spl"].to_numpy(), other.to_numpy(), series=own["series"].to_numpy()
    )
    return model == best or bool(low <= 0 <= high)


def _scored(panel: Panel, forecasts: pd.DataFrame, levels: Sequence[float]) -> pd.DataFrame:
    """Losses per model, series and origin, with the class the series had at that origin."""
    place = pd.Series(np.arange(len(panel)), index=panel.ids)
    parts = []
    for cutoff, window in forecasts.groupby("cutoff"):
        cut = int(panel.periods.get_indexer(pd.DatetimeIndex([cutoff]))[0]) + 1
        before, _ = without_typos(panel.until(cut))
        absolute, squared = losses.steps_between(before.y)
        kind = classify(before)["demand_class"].to_numpy()
        rows = place.reindex(window["unique_id"]).to_numpy()
        parts.append(_by_series(window, levels, absolute[rows], squared[rows], kind[rows]))
    return pd.concat(parts, ignore_index=True)


def _by_series(
    window: pd.DataFrame,
    levels: Sequence[float],
    absolute: Floats,
    squared: Floats,
    kind: "np.ndarray[tuple[int, ...], np.dtype[np.object_]]",
) -> pd.DataFrame:
    actual = window["y"].to_numpy()
    error = actual - window["yhat"].to_numpy()
    amounts = window[level_names(levels)].to_numpy()
    apart = actual[:, None] - amounts
    wanted = np.asarray(levels)
    pinball = np.maximum(wanted * apart, (wanted - 1) * apart).mean(axis=1)
    each = window[["unique_id", "cutoff", "model"]].assign(
        demand_class=kind, spl=pinball / absolute, squared_error=error**2 / squared,
        demand=actual, over=-error, absolute=np.abs(error), periods=1,
    )  # fmt: skip
    for j, level in enumerate(levels):
        each[f"covered_{level:g}"] = apart[:, j] <= 1e-9
    stocked = apart[:, int(np.abs(wanted - STOCKED).argmin())]
    each["over_95"], each["short_95"] = np.maximum(-stocked, 0.0), np.maximum(stocked, 0.0)
    keys = ["unique_id", "cutoff", "model", "demand_class"]
    sums = {name: (name, "sum") for name in each.columns if name not in keys}
    means = ("spl", "squared_error", "over_95", "short_95")
    sums |= {name: (name, "mean") for name in means}
    scored = each.groupby(keys, sort=False, as_index=False).agg(**sums)
    return scored.assign(rmsse=np.sqrt(scored.pop("squared_error")))
