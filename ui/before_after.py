"""Before and after: what the old rule and this plan came to on the same past, at equal money."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui import formats, queries, shell, show
from ui.charts import HEIGHT, Finding, painted, rate_axis
from ui.exports import Provenance
from ui.filters import Filters

OLD, OURS = "months of cover", "this plan"
NAMES = {"units": "Units from the shelf", "lines": "Part-periods filled whole",
         "value": "Value from the shelf"}  # fmt: skip
COLUMNS = {"units": "unit_fill_rate", "lines": "line_fill_rate", "value": "value_fill_rate"}
WINDOWS = {
    "earlier": "Earlier window, never looked at",
    "later": "Later window, the setting was chosen on it",
}
MANY = 1000


def replays() -> pd.DataFrame:
    """Every setting that was played; the page says what to do where there is none."""
    is_there = queries.ask("has_replays")["is_there"].iloc[0]
    rows = queries.ask("replays") if is_there else pd.DataFrame()
    if rows.empty:
        _nothing()
    return rows


def _nothing() -> None:
    shell.needs_run(
        "Nothing has been replayed yet",
        "The replay needs stock snapshots, and demand of half a year before the nine months "
        "that it plays. It is made with the forecasts, and comes with the next build:",
    )


def said(rows: pd.DataFrame) -> None:
    """Say what came out of the window that was never looked at, and how both were played."""
    told = queries.ask("replay_gains")
    st.subheader(_headline(rows, told), anchor=False)
    for window, part in rows.groupby("window_name", sort=False):
        first, equal = part.iloc[0], part[part["is_at_equal_money"]]
        st.text(
            f"{WINDOWS[str(window)]}: {formats.span(first['since_date'], _last(first))}, "
            f"{int(first['n_items']):,} parts at sites, {int(first['n_periods'])} periods, first "
            f"planned from the {int(first['n_known'])} periods known before a quarter of warm-up. "
            f"Both rules held {formats.money(_of(equal, OURS, 'money'), queries.agreed().currency)}"
            f", what was really on the shelves: {_of(equal, OLD, 'knob'):.1f} months of cover."
        )
    st.caption(
        "Both rules plan anew from what lay before only, and meet the same demand and the lead "
        "times as receipts had shown them when the window began. Parts, costs and lots are those "
        "of today. The months of cover are set to the money held; they are no rule that the client "
        "ever stated. One setting of the demand model was chosen by looking at the later window "
        "of the sample data, so there a gain proves little; nothing was chosen on the earlier one. "
        "Parts that come from a centre, and what the centre keeps for its sites, are not played."
    )


def _headline(rows: pd.DataFrame, told: pd.DataFrame) -> str:
    """Say the difference in the client's own objective, in the earliest window there is."""
    objective = queries.agreed().planning.objective
    measure = objective if objective in NAMES else "units"
    window = rows["window_name"].iloc[0]
    (gain,) = told[(told["window_name"] == window) & (told["measure"] == measure)].to_dict(
        "records"
    )
    return (
        f"{window.capitalize()} window, equal money: {NAMES[measure].lower()} "
        f"{_rate(gain['after_rate'])} with this plan, {_rate(gain['before_rate'])} with months of "
        f"cover; {formats.points(gain['difference'], MANY)} ({_interval(gain)}): {_verdict(gain)}"
    )


def gains() -> None:
    """List fill before and after at equal money, and the difference with its interval."""
    rows = queries.ask("replay_gains")
    windows, measures = list(WINDOWS), list(NAMES)
    rows = rows.sort_values(
        ["window_name", "measure"],
        key=lambda names: names.map((windows + measures).index),
        ignore_index=True,
    )
    kept = rows.to_dict("records")
    told = pd.DataFrame(
        {
            "window": rows["window_name"].str.capitalize(),
            "measure": rows["measure"].map(NAMES),
            "before": rows["before_rate"],
            "after": rows["after_rate"],
            "difference": [formats.points(value, MANY) for value in rows["difference"]],
            "interval": [_interval(one) for one in kept],
            "verdict": [_verdict(one) for one in kept],
            "n_lines": rows["n_lines"],
        }
    )
    columns = [
        show.Column("window", "Window", pinned=True),
        show.Column("measure", "Filled at once"),
        show.Column("before", "Months of cover", _rate),
        show.Column("after", "This plan", _rate),
        show.Column("difference", "Difference"),
        show.Column("interval", "95 % interval", says="Over draws of the parts."),
        show.Column("verdict", "That is"),
        show.Column("n_lines", "n", formats.count, says="Part-periods with demand."),
    ]
    show.table(told, columns, name="gains", said="Fill before and after at equal money",
               provenance=_provenance())  # fmt: skip


def window(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the window that the reader wants to see drawn."""
    known = list(rows["window_name"].unique())
    chosen = st.radio("Window", known, key="window", bind="query-params", horizontal=True)
    drawn: pd.DataFrame = rows[rows["window_name"] == chosen]
    return drawn


def _interval(gain: dict[Any, Any]) -> str:
    return f"{formats.points(gain['low'], MANY)} to {formats.points(gain['high'], MANY)}"


def _verdict(gain: dict[Any, Any]) -> str:
    return "more" if gain["low"] > 0 else "less" if gain["high"] < 0 else "no clear difference"


def _last(row: "pd.Series[Any]") -> Any:
    """Last day of the window: its last period is named by its first day."""
    is_monthly = int(row["n_periods"]) == 12
    begun = pd.Timestamp(row["until_date"])
    step = pd.DateOffset(months=1) if is_monthly else pd.DateOffset(days=7)
    return (begun + step - pd.Timedelta(days=1)).date()


def frontier(rows: pd.DataFrame) -> None:
    """Draw fill against money as both rules played, the points of equal money marked."""
    measure = st.radio(
        "Fill by", list(COLUMNS), index=1, key="fill-by", bind="query-params", horizontal=True
    )
    drawn = rows.assign(
        fill_rate=rows[COLUMNS[measure]],
        role=["quiet" if rule == OLD else "accent" for rule in rows["rule"]],
    )
    equal = drawn[drawn["is_at_equal_money"]]
    x = alt.X("money:Q", title=f"Stock held in the replay, {queries.agreed().currency}",
              axis=alt.Axis(format="~s", grid=False, tickCount=6))  # fmt: skip
    y = alt.Y("fill_rate:Q", title=None, axis=rate_axis())
    tips = [
        alt.Tooltip("rule:N", title="Rule"),
        alt.Tooltip("money:Q", title="Money", format=",.0f"),
        alt.Tooltip("fill_rate:Q", title="Fill", format=".1%"),
    ]
    layers = [
        painted(drawn[drawn["rule"] == rule]).mark_line(
            point=True, strokeWidth=2, strokeDash=dash
        ).encode(x=x, y=y, tooltip=tips)
        for rule, dash in ((OLD, [5, 3]), (OURS, [1, 0]))
    ]  # fmt: skip
    layers.append(
        painted(equal).mark_point(size=150, filled=True, opacity=1).encode(x=x, y=y, tooltip=tips)
    )
    layers += [
        painted(equal[equal["rule"] == rule]).mark_text(
            dx=side * 10, dy=side * 14, align="left" if side > 0 else "right", fontWeight="bold"
        ).encode(x=x, y=y, text="rule:N")
        for rule, side in ((OLD, 1), (OURS, -1))
    ]  # fmt: skip
    apart = _of(equal, OURS, "fill_rate") - _of(equal, OLD, "fill_rate")
    window = str(rows["window_name"].iloc[0])
    title = (
        f"{window.capitalize()} window, equal money: this plan fills {formats.points(apart, MANY)} "
        f"by {measure} against months of cover"
    )
    found = Finding(alt.layer(*layers).properties(height=HEIGHT + 40), title, title)
    show.finding(found, drawn, name="replayed", provenance=_provenance())


def came_true(rows: pd.DataFrame) -> None:
    """List what the plans expected against what the replay gave."""
    ours = rows[rows["expected_unit_fill_rate"].notna()].sort_values("money")
    told = ours.assign(
        off=[formats.points(value, MANY)
             for value in ours["unit_fill_rate"] - ours["expected_unit_fill_rate"]],
    )  # fmt: skip
    divisor, prefix = formats.money_scale(told["money"].to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    columns = [
        show.Column("knob", f"Planned money, {unit}", show.scaled(divisor)),
        show.Column("money", f"Held, {unit}", show.scaled(divisor)),
        show.Column("expected_unit_fill_rate", "Units expected", _rate),
        show.Column("unit_fill_rate", "Units replayed", _rate),
        show.Column("off", "Replayed less expected"),
    ]
    show.table(told, columns, name="came-true", said="Expected and replayed fill of units",
               provenance=_provenance())  # fmt: skip
    st.caption(
        "The replay plans with the fast demand model of `python -m forecasting policy`, without "
        "Prophet and LightGBM; what the desk proposes today reads the chosen forecasts. Levels "
        "that are planned anew hold more than a plan that stands for ever: stock above a lowered "
        "level stays until it is used."
    )


def path(chosen: Filters) -> None:
    """Say that the past that really happened is no experiment, and where it is told."""
    go_live = queries.agreed().go_live_date
    since = "" if go_live is None else f" The line is the go-live on {formats.day(go_live)}."
    st.caption(
        "What really happened: demand lines that the shelf of the facing site covered. More "
        f"changed than the rule, so this alone proves nothing.{since}"
    )
    shell.onward("pages/what_if.py", "What would other money buy", ":material/tune:")


def _of(rows: pd.DataFrame, rule: str, column: str) -> float:
    return float(rows.loc[rows["rule"] == rule, column].iloc[0])


def _rate(value: float) -> str:
    return formats.rate(value, MANY)


def _provenance() -> Provenance:
    return queries.provenance([], "all planned parts at sites")
