"""The step that forecasts demand: every item and site of the build, and how good that was."""

import numpy as np
import pandas as pd

from data.errors import UserError
from forecasting.commands import _cache, _demand, _plan
from forecasting.commands._files import Progress
from forecasting.commands._steps import Rhythm, Work, empty, shaped
from forecasting.demand import rhythm
from forecasting.demand.backtest import summary
from forecasting.demand.distribution import Floats
from forecasting.demand.losses import LEVELS
from forecasting.demand.panel import Panel
from forecasting.demand.routing import catalogue


def step(work: Work) -> dict[str, pd.DataFrame]:
    """Read the demand, forecast and back-test every item and site.

    Raises
    ------
    UserError
        The build is older than the demand mart, there is no demand in it, or no whole period yet.
    """
    days = _read(work)
    freq, reason, panel = _rhythm(days, work.options.freq)
    if not len(panel) or panel.n_periods < 2:
        raise UserError("there are no two whole periods of demand yet; nothing can be forecast")
    lead_days = _lead_days(days, panel)
    horizon = _plan.horizon_of(lead_days, rhythm.DAYS[freq], freq)
    work.rhythm = Rhythm(freq, reason, horizon, panel.n_periods)
    periods = rhythm.spans(lead_days, freq, horizon)
    plan = _plan.Plan(
        horizon, _plan.origins(panel.n_periods, horizon, work.options.windows),
        pd.Series(periods.tolist(), index=panel.ids, dtype=int),
        _plan.reach_of(lead_days, rhythm.DAYS[freq], horizon, freq),
        work.options.seed, work.options.jobs, work.place, work.counts,
    )  # fmt: skip
    tested, ahead = _every_block(panel, plan)
    chosen = ahead.choices.assign(
        lead_days=pd.Series(lead_days, index=panel.ids)[ahead.choices["unique_id"]].to_numpy()
    )
    return {
        "forecasts": _forecasts(ahead.rows),
        "forecast_choices": _choices(chosen, days),
        "forecast_demand": shaped(_keyed(ahead.sums), "forecast_demand"),
        "forecast_errors": _errors(tested, chosen, panel),
        "forecast_accuracy": _accuracy(panel, tested, days),
    }


def _read(work: Work) -> _demand.Days:
    """The demand of the build."""
    n_marts = work.con.execute(
        "SELECT count(*) FROM information_schema.tables"
        " WHERE table_name IN ('daily_demand', 'season_lines')"
    ).fetchall()[0][0]
    if n_marts < 2:
        raise UserError("the build is from an earlier version; run `python -m data build` first")
    days = _demand.read(work.con, work.as_of, ["regular", *work.options.include])
    if days.rows.empty:
        raise UserError("the build holds no demand: load order_lines or demand, and build")
    return days


def _every_block(panel: Panel, plan: _plan.Plan) -> tuple[pd.DataFrame, _plan.Ahead]:
    """Back-test, and what is said of the periods ahead, of all blocks."""
    parts = _plan.blocks(panel)
    bar = Progress(len(parts) * (1 + len(plan.cuts) * len(_plan.BACKTESTED)), "forecast")
    past: list[pd.DataFrame] = []
    made: list[_plan.Ahead] = []
    for index in parts:
        block = panel.take(index)
        models = catalogue(plan.seed, plan.jobs)
        past.append(_plan.past(block, plan, models, bar))
        made.append(_plan.ahead(block, plan, models))
        bar.step(f"{len(block)} series ahead")
    if plan.place is not None:
        _cache.forget(plan.place)
    return pd.concat(past, ignore_index=True), _plan.joined(made)


def _rhythm(days: _demand.Days, asked: str | None) -> tuple[str, str, Panel]:
    if asked:
        return asked, "asked for", _demand.panel(days, asked)
    months = _demand.panel(days, "MS")
    if days.is_monthly:
        return "MS", "the demand feed comes by the month", months
    weeks = _demand.panel(days, "W")
    freq, reason = rhythm.choose(weeks, months, days.usual_lead_days)
    return freq, reason, weeks if freq == "W" else months


def _lead_days(days: _demand.Days, panel: Panel) -> Floats:
    """Lead time of each series, in panel order [days]."""
    stated = days.lead_days.reindex(panel.attributes["item_id"]).to_numpy(dtype=float)
    return np.where(np.isfinite(stated), stated, days.usual_lead_days)


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    """Item and site out of the id of the series, instead of it."""
    parts = rows["unique_id"].str.split(_demand.SEPARATOR, n=1, expand=True)
    return rows.assign(item_id=parts[0], site_id=parts[1])


def _upper(prefix: str = "") -> dict[str, str]:
    return {f"{prefix}q_{level:g}": f"{prefix}qty_p{round(level * 100)}" for level in LEVELS}


def _forecasts(rows: pd.DataFrame) -> pd.DataFrame:
    names = {"ds": "period_date", "yhat": "qty_expected", "q_0.1": "qty_p10", **_upper()}
    return shaped(_keyed(rows), "forecasts", names)


def _choices(rows: pd.DataFrame, days: _demand.Days) -> pd.DataFrame:
    keyed = _keyed(rows)
    stated = keyed["item_id"].isin(days.lead_days.index)
    keyed = keyed.assign(
        lead_time_days=rows["lead_days"].round().astype(int), is_lead_time_stated=stated
    )
    names = {"reason": "class_reason", "lead_mean": "lead_qty_expected", **_upper("lead_")}
    return shaped(keyed, "forecast_choices", names)


def _errors(tested: pd.DataFrame, choices: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Of each series and period the newest forecast that was a lead time old."""
    if tested.empty:
        return empty("forecast_errors")
    own = choices.set_index("unique_id")
    cutoff = panel.periods.get_indexer(pd.DatetimeIndex(tested["cutoff"]))
    ahead = panel.periods.get_indexer(pd.DatetimeIndex(tested["ds"])) - cutoff
    spans = own["lead_periods"].reindex(tested["unique_id"]).to_numpy()
    rows = tested.assign(
        period_no=ahead, demand_class=own["demand_class"].reindex(tested["unique_id"]).to_numpy()
    )[ahead >= spans]
    names = {"cutoff": "cutoff_date", "ds": "period_date", "y": "qty_actual"}
    return shaped(_keyed(rows), "forecast_errors", {**names, "yhat": "qty_forecast"})


def _accuracy(panel: Panel, tested: pd.DataFrame, days: _demand.Days) -> pd.DataFrame:
    if tested.empty:
        return empty("forecast_accuracy")
    cost = days.unit_cost.reindex(panel.attributes["item_id"]).set_axis(list(panel.ids))
    losses = summary(panel, tested, list(LEVELS), unit_cost=cost)
    names = {"cover_0.95": "cover_p95_rate", "cover_0.99": "cover_p99_rate"}
    names |= {"cost_over_95": "cost_over_p95", "cost_short_95": "cost_short_p95"}
    return shaped(losses, "forecast_accuracy", names)
