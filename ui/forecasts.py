"""The forecast of a part at a site on a page: history, interval, why this model, and its health."""

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from ui import filters, forecast_chart, forecast_control, formats, overrides, queries, shell, show

EVERY = {"W": "week", "MS": "month"}
AT = " at "
SHOWN = 120
"""Periods of history that a chart shows."""
COLUMNS = ("site_id", "region", "item_family", "item_id")
NAMES = {
    "chosen": "the choice",
    "seasonal_naive": "naive (last year)",
    "year_mean": "mean of the last year",
    "last_year_growth": "last year x growth",
    "one_alpha": "exponential smoothing",
    "tsb": "TSB",
    "empirical_mixture": "past amounts, mixed",
    "prophet": "Prophet",
    "lightgbm": "LightGBM",
    "boosted_prophet": "LightGBM and Prophet",
    "ensemble": "LightGBM, Prophet, last year",
}
"""Model and how people call it."""


def run() -> pd.Series:
    """The forecasting run of the build; without one the page stops and says what to do."""
    rows = queries.ask("forecast_run") if _has_mart() else pd.DataFrame()
    if rows.empty:
        shell.needs_run(
            "There are no forecasts yet",
            "Make them from the demand of this build; they come with the next one:",
        )
    found = rows.iloc[0]
    every = EVERY[found["freq"]]
    age = int(found["age_days"])
    said = "" if age == 0 else f", {formats.lines(age, 'day')} older than this build"
    st.caption(
        f"{formats.count(found['n_series'])} parts at sites, {int(found['horizon'])} {every}s "
        f"ahead, made as of {formats.day(found['as_of_date'])}{said}. By {every}: "
        f"{found['freq_reason']}."
    )
    return found


def _has_mart() -> bool:
    """Whether the build was made since there are forecasts."""
    return bool(queries.ask("has_forecasts")["is_there"].iloc[0])


def scope(chosen: filters.Filters) -> dict[str, Any]:
    """The filters in force that a forecast can be asked for."""
    return {name: chosen.where.get(name) for name in COLUMNS}


def series(chosen: filters.Filters) -> pd.DataFrame:
    """The parts at sites under the filters, the dearest error first; the page stops without any."""
    rows = queries.ask("forecast_series", **scope(chosen))
    if rows.empty:
        shell.nothing("No part at a site with these filters has a forecast.")
        st.stop()
    return rows.assign(name=rows["item_id"] + AT + rows["site_id"])


def choose(rows: pd.DataFrame) -> pd.Series:
    """Let the reader choose a part at a site; the choice is in the URL."""
    name = st.selectbox(
        "Part and site",
        rows["name"].to_list(),
        key="part",
        bind="query-params",
        help="Under the filters of the page; the dearest forecast error first.",
    )
    part: pd.Series = rows[rows["name"] == name].iloc[0]
    return part


def ahead(part: pd.Series, found: pd.Series) -> pd.DataFrame:
    """Draw history, forecast and interval of one part, and say what they mean; return the rows."""
    every = EVERY[found["freq"]]
    item, site = part["item_id"], part["site_id"]
    past = queries.ask("forecast_history", item=item, site=site, unit=every).tail(SHOWN)
    rows = queries.ask("forecast_ahead", item=item, site=site)
    own = overrides.standing(item, site)
    show.finding(
        forecast_chart.chart(past, rows, own, every, part["name"]),
        pd.concat([past, rows], ignore_index=True),
        name="forecast",
        provenance=queries.provenance(["wape", "bias"], part["name"]),
    )
    stated = "" if part["is_lead_time_stated"] else " (not stated; the usual one)"
    st.text(
        f"{part['description']}. Over its lead time of {int(part['lead_time_days'])} days{stated}: "
        f"{overrides.rounded(part['lead_qty_expected'])} expected, at most "
        f"{overrides.rounded(part['lead_qty_p90'])} in 9 of 10 cases and "
        f"{overrides.rounded(part['lead_qty_p95'])} in 19 of 20."
    )
    return rows


def legend() -> None:
    """Say what the marks of the chart are."""
    st.caption(
        "Grey: demand at the requested date, whatever was shipped. Dashed: expected demand, in the "
        "band that 8 in 10 periods fall into. Red at the bottom: days out of stock. Triangles on "
        "top: events of the site's calendar. Diamonds: overrides."
    )


def why(part: pd.Series) -> None:
    """Say class and reason of a part, and how every model did on parts of its class."""
    st.text(f"{part['demand_class'].capitalize()}: {part['class_reason']}.")
    st.text(f"{NAMES.get(part['model'], part['model'])}: {part['model_reason']}.")
    if part["note"]:
        st.text(part["note"])
    rows = queries.ask(
        "forecast_models",
        demand_class=part["demand_class"],
        item=part["item_id"],
        site=part["site_id"],
    )
    if rows.empty:
        st.info("The history is too short for a back-test.", icon=":material/info:")
        return
    money = rows[["cost_error", "cost_over_p95", "cost_short_p95"]]
    divisor, prefix = formats.money_scale(money.to_numpy(dtype=float).ravel().tolist())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    stocked = "of the class, a period, when each is stocked to cover 95 %."
    columns = [
        show.Column("model", "Model", lambda name: NAMES.get(name, name), pinned=True),
        show.Column("spl", "Loss", loss, says="Pinball loss, scaled; lower is better."),
        show.Column("is_tie", "As good as best", show.yes_no, says="Within noise (bootstrap)."),
        show.Column("value_added", "Against naive", share, says="Loss saved against naive."),
        show.Column("wape", "Error (WAPE)", share),
        show.Column("bias", "Bias", share),
        show.Column("cover_p95_rate", "95 % covered", share),
        show.Column(
            "cost_over_p95",
            f"Left over, {unit}",
            show.scaled(divisor),
            says=f"Stock beyond demand {stocked}",
        ),
        show.Column(
            "cost_short_p95",
            f"Short, {unit}",
            show.scaled(divisor),
            says=f"Demand beyond stock {stocked}",
        ),
        show.Column("cost_error", f"Error, {unit}", show.scaled(divisor), says="Per period."),
        show.Column("own_wape", "Error here", share, says="Of this part and site alone."),
        show.Column("n", "n", formats.count, says="Series x origins."),
    ]
    # What an older run did not work out has no column.
    columns = [column for column in columns if rows[column.name].notna().any()]
    show.table(
        rows,
        columns,
        name="models",
        said=f"Back-test of the models on {part['demand_class']} demand",
        provenance=queries.provenance(["wape"], f"class: {part['demand_class']}"),
    )


def loss(value: float) -> str:
    """Write a scaled loss: '0.345'."""
    return formats.NO_DATA if formats.is_missing(value) else f"{value:.3f}"


def signed(value: float) -> str:
    """Write a number that may lie below 0, with a minus sign and two decimals."""
    if formats.is_missing(value):
        return formats.NO_DATA
    return f"{value:.2f}".replace("-", formats.MINUS)


def share(value: float) -> str:
    """Write a share that may lie below 0 or above 1: '-4 %', '103 %'."""
    if formats.is_missing(value):
        return formats.NO_DATA
    whole = f"{value * 100:.0f}"
    return f"{'0' if whole == '-0' else whole} %".replace("-", formats.MINUS)


def board(rows: pd.DataFrame, chosen: filters.Filters) -> None:
    """List the forecasts by the money their errors were worth, those out of control marked."""
    judged = rows[rows["n_errors"] > 0]
    if judged.empty:
        st.info("The history is too short for a back-test.", icon=":material/info:")
        return
    judged = judged.assign(
        state=forecast_control.states(judged["tracking_signal"], judged["n_errors"])
    )
    st.text(forecast_control.finding(judged["state"]))
    divisor, prefix = formats.money_scale(judged["cost_error"].to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    columns = [
        show.Column("name", "Part and site", pinned=True),
        show.Column("description", "Description", width="medium"),
        show.Column("cost_error", f"Error, {unit}", show.scaled(divisor), says="Per period."),
        show.Column("bias", "Bias", share),
        show.Column("tracking_signal", "Tracking signal", signed, says="-1 to 1."),
        show.Column("state", "Status", says=forecast_control.RULE),
        show.Column("wape", "Error (WAPE)", share),
        show.Column("demand_class", "Class"),
        show.Column("model", "Model", lambda name: NAMES.get(name, name)),
        show.Column("n_errors", "n", formats.count),
    ]

    def look(place: int) -> None:
        st.session_state["part"] = str(judged["name"].iloc[place])

    show.table(
        judged,
        columns,
        name="health",
        said="Forecasts by the value of their errors",
        provenance=queries.provenance(["wape", "bias", "tracking_signal"], chosen.said()),
        story=look,
    )


def totals(found: pd.Series, chosen: filters.Filters) -> None:
    """List expected demand by site and family against what was asked for; the parts add up."""
    every, horizon = EVERY[found["freq"]], int(found["horizon"])
    split = st.radio("Add up by", ["site", "family"], key="total-by", horizontal=True)
    column = filters.DIMENSIONS[split][0]
    rows = queries.ask("forecast_totals", unit=every, **scope(chosen))
    if rows.empty:
        shell.nothing("No part at a site with these filters has a forecast.")
        return
    parts = rows.groupby(column, as_index=False)[["qty_before", "qty_ahead"]].sum()
    whole = pd.DataFrame([{column: "All", **parts[["qty_before", "qty_ahead"]].sum()}])
    told = pd.concat([parts, whole], ignore_index=True)
    told["change"] = told["qty_ahead"] / told["qty_before"].where(told["qty_before"] > 0) - 1
    columns = [
        show.Column(column, split.capitalize(), pinned=True),
        show.Column("qty_before", f"Last {horizon} {every}s", formats.count),
        show.Column("qty_ahead", f"Next {horizon} {every}s", formats.count),
        show.Column("change", "Change", share),
    ]
    show.table(
        told,
        columns,
        name="totals",
        said=f"Demand by {split}, asked for and expected",
        provenance=queries.provenance(["wape"], chosen.said()),
    )


def judged(found: pd.Series, as_of: dt.date) -> None:
    """Say what overrides whose time has passed were worth, by author."""
    rows = overrides.scored(EVERY[found["freq"]], as_of)
    if rows.empty:
        return
    divisor, prefix = formats.money_scale(rows["cost_saved"].to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    columns = [
        show.Column("author", "By"),
        show.Column("n", "Overrides", formats.count),
        show.Column("off_forecast", "Forecast was off by", overrides.rounded),
        show.Column("off_override", "Override was off by", overrides.rounded),
        show.Column("saved", "Saved units", overrides.rounded, says="Below 0: made it worse."),
        show.Column("cost_saved", f"Saved, {unit}", show.scaled(divisor), says="At unit cost."),
    ]
    show.table(
        rows,
        columns,
        name="scored",
        said="What overrides saved, by author",
        provenance=queries.provenance(["forecast_value_added"], "all overrides that stand"),
    )
