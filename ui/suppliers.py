"""Suppliers on a page: the ranking with its intervals, and everything about one of them."""

from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from ui import filters, formats, promises, queries, shell, show
from ui.charts import HEIGHT, Finding, once, painted, value_axis

PACK = "pages/supplier_pack.py"
RATES = (
    "promise_adherence_first",
    "promise_adherence_last",
    "need_date_rate",
    "unit_on_time_rate",
    "promise_coverage_rate",
    "promise_slip_rate",
    "late_edit_rate",
    "acceptance_rate",
)
STATES = {
    "early": ("fifth", "violet"),
    "on time": ("accent", "blue"),
    "late": ("amber", "amber"),
    "short": ("red", "red"),
    "no promise": ("quiet", "grey"),
}
"""Status of a delivery, the role it is painted in, and what that colour is called."""
UNCOUNTED = "quantity not counted"
SHAPES = {
    "domain": ["short", "full", "over", UNCOUNTED],
    "range": ["triangle-down", "circle", "square", "circle"],
}
"""How much came of a delivery, and the shape of its mark."""
PLACE = (
    "Place: one more than the number of suppliers that are better beyond chance, whose whole "
    "interval lies above. '= 6' is shared: nothing in these lines tells those suppliers apart. "
    f"'\u2013' is too few to rank: under {formats.FEW} lines."
)


def ranked(kept: pd.DataFrame) -> pd.DataFrame:
    """Rank suppliers by the share of first promises kept, ties as ties.

    A supplier's place is one more than the number of suppliers that are better beyond chance: whose
    whole 95 % interval lies above its own. Places are shared; under 20 lines there is none.

    Parameters
    ----------
    kept
        `promise_adherence_first` by supplier_id.
    """
    rows = kept[kept["n"] > 0].reset_index(drop=True)
    able = (rows["n"] >= formats.FEW).to_numpy()
    lower = np.where(able, rows["lower"], -1.0)
    place = 1 + (lower[None, :] > rows["upper"].to_numpy()[:, None]).sum(axis=1)
    shared = np.array([(place[able] == one).sum() > 1 for one in place])
    rows["place"] = np.where(able, place, np.nan)
    rows["rank"] = [
        f"{'= ' if tie else ''}{number}" if is_able else "\u2013"
        for number, tie, is_able in zip(place, shared, able, strict=True)
    ]
    return rows.sort_values(["place", "value"], ascending=[True, False], na_position="last")


def ranking(chosen: filters.Filters) -> pd.DataFrame:
    """One row per outside supplier: kept promises with interval and place, behaviour, impact."""
    when: dict[str, Any] = {"since": chosen.period.since, "until": chosen.period.until}

    def by_supplier(metric: str) -> pd.DataFrame:
        where = promises.scope(chosen, metric)
        return queries.measure(metric, by=["supplier_id"], where=where, **when)

    rows = ranked(by_supplier("promise_adherence_first"))
    for metric in promises.told(RATES[1:]):
        other = by_supplier(metric)[["supplier_id", "value", "n"]]
        names = {"value": metric, "n": n_of(metric)}
        rows = rows.merge(other.rename(columns=names), "left", "supplier_id")
    slips = by_supplier("promise_slip_days")[["supplier_id", "value"]]
    impact = by_supplier("supplier_impact")[["supplier_id", "numerator"]]
    score = queries.measure("supplier_score", by=["supplier_id"])[["supplier_id", "value"]]
    for frame, name in ((slips, "slip_days"), (impact, "n_blocked"), (score, "score")):
        frame.columns = pd.Index(["supplier_id", name])
        rows = rows.merge(frame, "left", "supplier_id")
    rows = rows.merge(queries.ask("supplier_responses", **when), "left", "supplier_id")
    return rows.merge(queries.ask("supplier_list"), "left", "supplier_id")


def n_of(metric: str) -> str:
    """Column with the n of a rate in the ranking."""
    return f"n_{metric}"


def rate_column(metric: str, label: str, says: str) -> show.Column:
    """A rate of the ranking, greyed where its own lines are few."""
    return show.Column(metric, label, whole, rated_by=n_of(metric), says=says)


def table(chosen: filters.Filters) -> None:
    """List outside suppliers, the best place first; opening one shows its pack."""
    rows = ranking(chosen)
    if rows.empty:
        shell.nothing("No promised line fell due in this time.")
        return
    rows["between"] = [
        f"{formats.rate(low, n)} to {formats.rate(high, n)}"
        for low, high, n in zip(rows["lower"], rows["upper"], rows["n"], strict=True)
    ]
    divisor, prefix = formats.money_scale(rows["value_ordered"].to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    columns = [
        show.Column("supplier_id", "Supplier", pinned=True),
        show.Column("rank", "Place", says=PLACE),
        show.Column("value", "First kept", rated_by="n", says="First promises kept."),
        show.Column("between", "95 % interval"),
        show.Column("n", "Lines", formats.count),
        show.Column("n_blocked", "Blocks", formats.quantity, says="Builds and customer lines."),
        rate_column("promise_adherence_last", "Last", "Last promises kept."),
        rate_column("unit_on_time_rate", "Units", "Units on time: weighs by volume."),
        rate_column("need_date_rate", "Need", "On time to the need date."),
        show.Column("score", "Score", points, says="Of 100; its parts are in the pack."),
        show.Column("slip_days", "Slip", days, says="Mean working days, first promise to last."),
        rate_column("late_edit_rate", "Edits", "Promises edited late."),
        rate_column("promise_coverage_rate", "Promises", "Within 5 working days."),
        show.Column("response_days", "Answers", days, says="Median working days to a promise."),
        show.Column("n_open", "Open", formats.count, says="Open lines."),
        show.Column("supplier_name", "Name"),
        show.Column("value_ordered", f"Volume, {unit}", show.scaled(divisor), says="All time."),
    ]
    st.caption(PLACE)
    # What the files say nothing of has no column.
    told = [one for one in columns if one.name in rows and rows[one.name].notna().any()]
    show.table(
        rows,
        told,
        name="suppliers",
        said="Suppliers by the share of first promises kept",
        provenance=queries.provenance([*RATES, "supplier_score"], chosen.said()),
        story=open_pack(rows),
        story_label="Pack",
    )


def open_pack(rows: pd.DataFrame) -> Callable[[int], None]:
    """Make the callback that opens the pack of a row's supplier."""

    def opened(place: int) -> None:
        st.switch_page(PACK, query_params={"supplier": str(rows["supplier_id"].iloc[place])})

    return opened


def whole(share: float) -> str:
    """Write a share without decimals, nothing where there is no data."""
    return "" if formats.is_missing(share) else formats.rate(share, 1)


def days(value: float) -> str:
    """Write a number of days: '6.2 d'."""
    return "" if formats.is_missing(value) else f"{value:.1f} d"


def points(value: float) -> str:
    """Write a score: '62'."""
    return "\u2013" if formats.is_missing(value) else f"{value:.0f}"


def choose() -> str | None:
    """Let the reader pick a supplier; the choice is in the URL."""
    listed = queries.ask("supplier_list")
    listed = listed[listed["supplier_type"] == "outside"]
    chosen: str | None = st.selectbox(
        "Supplier",
        listed["supplier_id"].to_list(),
        index=None,
        key="supplier",
        bind="query-params",
        placeholder="Choose a supplier",
    )
    if chosen is not None:
        st.text(listed.loc[listed["supplier_id"] == chosen, "supplier_name"].iloc[0])
    return chosen


def of_one(chosen: filters.Filters, supplier: str) -> filters.Filters:
    """The filters in force, narrowed to one supplier."""
    where = promises.scope(chosen) | {"supplier_id": [supplier]}
    return filters.Filters(chosen.period, chosen.every, chosen.as_of, where)


def deliveries(chosen: filters.Filters, supplier: str) -> pd.DataFrame:
    """The lines of a supplier that were judged in the period, the last due first."""
    return queries.ask(
        "supplier_deliveries",
        supplier=supplier,
        since=chosen.period.since,
        until=chosen.period.until,
    )


@once
def delivery_chart(lines: pd.DataFrame, most: int = 120) -> Finding:
    """Draw a bar per delivery: days before or after its first promise, coloured by its state."""
    shown = lines.head(most).iloc[::-1].reset_index(drop=True)
    days_off = shown["days_from_promise"].astype(float)
    shown = shown.assign(
        days=days_off.fillna(shown["days_late"].astype(float)).clip(-30, 60),
        role=[STATES.get(status, ("quiet", ""))[0] for status in shown["status"]],
        place=range(len(shown)),
        fullness=[fullness(line) for line in shown.to_dict("records")],
        state=[
            f"{status}, {fullness(line)}"
            for status, line in zip(shown["status"], shown.to_dict("records"), strict=True)
        ],
        due=[formats.day(day) for day in shown["due_date"]],
    )
    counts = lines["status"].value_counts()
    drawn = f"the last {len(shown)} drawn" if len(shown) < len(lines) else ""
    title = ", ".join(
        f"{formats.count(counts.get(state, 0))} {state} ({colour})"
        for state, (_, colour) in STATES.items()
    )
    tips = [
        alt.Tooltip("po_line_id:N", title="PO line"),
        alt.Tooltip("due:N", title="Due"),
        alt.Tooltip("state:N", title="Status"),
        alt.Tooltip("days:Q", title="Days from promise"),
    ]
    reach = max(5.0, float(shown["days"].abs().max()))
    y = alt.Y(
        "days:Q",
        title="Days from the first promise",
        axis=value_axis(tickMinStep=1),
        scale=alt.Scale(domain=[min(-5.0, shown["days"].min()), reach]),
    )
    scale = alt.Scale(domain=SHAPES["domain"], range=SHAPES["range"])
    shape = alt.Shape("fullness:N", scale=scale, legend=None)
    base = painted(shown).encode(x=alt.X("place:Q", axis=None), y=y, tooltip=tips)
    wide = max(2, min(12, 600 // max(1, len(shown))))
    # A delivery on the day has no length: its dot says that it came, and whether in full.
    layers = [
        base.mark_bar(size=wide, opacity=0.75),
        base.mark_point(filled=True, size=max(30, 6 * wide), opacity=1).encode(shape=shape),
    ]
    told = "; ".join(filter(None, [f"{title} of {formats.lines(len(lines))}", full(lines), drawn]))
    return Finding(alt.layer(*layers).properties(height=HEIGHT), told, f"{told}.")


def full(lines: pd.DataFrame) -> str:
    """Say how many deliveries are short, full and over so far, and how each is drawn."""
    counts = lines.apply(fullness, axis=1).value_counts()
    if UNCOUNTED in counts and len(counts) == 1:
        return "whether in full, nobody counted"
    marks = dict(zip(SHAPES["domain"], ("triangle", "dot", "square"), strict=False))
    return ", ".join(
        f"{formats.count(counts.get(name, 0))} {name} ({marks[name]})" for name in marks
    )


def fullness(line: Any) -> str:
    """Say whether a delivery was short, full or over; nothing where nobody counted."""
    if not line["is_counted"]:
        return UNCOUNTED
    if line["qty_over"] > 0:
        return "over"
    return "short" if line["qty_open"] > 0 else "full"


def moved(lines: pd.DataFrame, most: int = 12) -> pd.DataFrame:
    """The promises, as they moved, of the lines that were moved most."""
    worst = lines.sort_values(["n_slips", "days_late"], ascending=False).head(most)
    worst = worst[worst["n_slips"] > 0]
    if worst.empty:
        return pd.DataFrame()
    return queries.ask("supplier_promises", po_line_ids=worst["po_line_id"].to_list())
