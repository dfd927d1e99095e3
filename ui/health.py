"""The state of the data: loads, rejects, coverage, what waits, and checks."""

import altair as alt
import pandas as pd
import streamlit as st

from ui import formats, mending, queries, show
from ui.charts import Finding, once

EVERYTHING = "all that was loaded"
PLANS = ("calendar", "builds", "build_requirements")
"""Feeds whose dates are planned: none of them says how new the facts are."""


def answer() -> None:
    """Draw the figures of the whole warehouse in a row of equal cards."""
    loads = queries.ask("loads")
    live, current = loads[loads["is_live"]], queries.needed()
    rows_in, accepted = int(live["rows_in"].sum()), int(live["rows_accepted"].sum())
    faults = int(live["n_faults"].sum())
    checks = queries.ask("checks")
    failed = int((~checks["is_passed"]).sum())
    facts = live.loc[~live["feed"].isin(PLANS), "date_max"].dropna()
    newest = None if facts.empty else facts.max()
    figures = [
        (
            "Rows accepted",
            formats.rate(accepted / (accepted + faults) if accepted + faults else None, rows_in),
            f"{formats.count(accepted)} of {formats.count(rows_in)}; "
            f"{formats.count(rows_in - accepted - faults)} copies or left out by a mapping",
        ),
        ("Rows rejected as faulty", formats.count(faults), "each with its reason, below"),
        (
            "Files refused whole",
            formats.count((loads["status"] == "refused").sum()),
            "never loaded",
        ),
        ("Checks", "all pass" if not failed else f"{failed} failed", f"{len(checks)} rules"),
        ("Newest fact", formats.day(newest), f"as of {formats.day(current.as_of_date)}"),
    ]
    grid = st.grid(5, min_column_width=160, gap="small", border=True)
    for label, value, said in figures:
        with grid.cell(), st.container(gap="xsmall"):
            st.metric(label, value)
            st.caption(said)


def loads() -> None:
    """List every file that came."""
    rows = queries.ask("loads")
    columns = [
        show.Column("file", "File", pinned=True),
        show.Column("feed", "Feed"),
        show.Column("status", "Status"),
        show.Column("loaded_at", "Loaded (UTC)", show.minute),
        show.Column("rows_in", "Rows in", formats.count),
        show.Column("rows_accepted", "Accepted", formats.count),
        show.Column("n_faults", "Faulty", formats.count),
        show.Column("n_duplicates", "Copies", formats.count, says="Exact copies of another row."),
        show.Column("n_filtered", "Filtered", formats.count, says="Left out by the mapping."),
        show.Column("date_min", "From", formats.day),
        show.Column("date_max", "To", formats.day),
        show.Column("is_live", "In use", show.yes_no, says="Not replaced by a later load."),
        show.Column("reason", "Reason", width="medium"),
    ]
    provenance = queries.provenance(["ledger"], EVERYTHING)
    show.table(rows, columns, name="loads", said="Files that were loaded", provenance=provenance)


def rejects() -> None:
    """List the reasons for which rows were set aside, then the rows."""
    reasons = queries.ask("reject_reasons")
    if reasons.empty:
        st.success("No row was rejected.", icon=":material/check_circle:")
        return
    provenance = queries.provenance(["rejects"], EVERYTHING)
    show.table(
        reasons,
        [
            show.Column("feed", "Feed", pinned=True),
            show.Column("kind", "Kind"),
            show.Column("column_name", "Column"),
            show.Column("n_rows", "Rows", formats.count),
            show.Column("n_files", "Files", formats.count),
            show.Column("value", "For instance"),
            show.Column("reason", "Reason", width="large"),
            show.Column("file", "In file"),
            show.Column("line", "Line", formats.count),
        ],
        name="reject-reasons",
        said="Why rows were rejected",
        provenance=provenance,
        most=10,
    )
    mending.offer()
    with st.expander("The rejected rows", icon=":material/table_rows:"):
        show.table(
            queries.ask("rejects"),
            [
                show.Column("_file", "File", pinned=True),
                show.Column("_line", "Line", formats.count),
                show.Column("kind", "Kind"),
                show.Column("column_name", "Column"),
                show.Column("value", "Value"),
                show.Column("reason", "Reason", width="large"),
                show.Column("raw", "The row as it came", width="large"),
            ],
            name="rejected-rows",
            said="Rejected rows with file, line, column, value and reason",
            provenance=provenance,
        )


def coverage() -> None:
    """Draw how many rows each feed has per month; an empty cell stands out."""
    rows = queries.ask("coverage")
    if rows.empty:
        st.info("No dated feed was loaded.", icon=":material/info:")
        return
    show.finding(
        heatmap(rows),
        rows,
        name="coverage",
        provenance=queries.provenance(["coverage"], EVERYTHING),
    )


BY_SEASON = ("allocations", "seasons")
"""Feeds that come a few times a year: a month without one is none that is missing."""


@once
def heatmap(rows: pd.DataFrame) -> Finding:
    """Draw feed by month, coloured by the share of the feed's busiest month."""
    months = pd.date_range(rows["month_date"].min(), rows["month_date"].max(), freq="MS")
    every = pd.MultiIndex.from_product([rows["feed"].unique(), months], names=["feed", "month"])
    shown = (
        rows.assign(month=pd.to_datetime(rows["month_date"]))
        .set_index(["feed", "month"])["n_rows"]
        .reindex(every)
        .reset_index()
    )
    busiest = shown.groupby("feed")["n_rows"].transform("max")
    shown["share"] = shown["n_rows"] / busiest
    shown["label"] = [formats.period(month, "month") for month in shown["month"]]
    first, last = (
        shown.dropna(subset="n_rows").groupby("feed")["month"].transform(edge)
        for edge in ("min", "max")
    )
    inside = shown.loc[shown["n_rows"].isna()].merge(
        pd.DataFrame({"feed": shown["feed"], "first": first, "last": last})
        .dropna()
        .drop_duplicates(),
        on="feed",
    )
    inside = inside[~inside["feed"].isin(BY_SEASON)]
    gaps = inside[(inside["month"] > inside["first"]) & (inside["month"] < inside["last"])]
    chart = (
        alt.Chart(shown.dropna(subset="n_rows"))
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X(
                "month:O",
                timeUnit="yearmonth",
                title=None,
                axis=alt.Axis(labelOverlap=True, format="%b %Y", labelAngle=0),
            ),
            y=alt.Y("feed:N", title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=220)),
            color=alt.Color("share:Q", legend=None, scale=alt.Scale(domain=[0, 1])),
            tooltip=[
                alt.Tooltip("feed:N", title="Feed"),
                alt.Tooltip("label:N", title="Month"),
                alt.Tooltip("n_rows:Q", title="Rows", format=","),
            ],
        )
        .properties(height=60 + 30 * shown["feed"].nunique())
    )
    said = f"{len(months)} months from {shown['label'].iloc[0]} to {shown['label'].iloc[-1]}"
    missing = "; ".join(
        f"{feed} has none in {label}"
        for feed, label in zip(gaps["feed"], gaps["label"], strict=True)
    )
    title = f"{said}: {missing}" if missing else f"{said}, and no feed skips a month"
    return Finding(chart, title, f"Rows per feed and month. {title}.")


def asides() -> None:
    """List the rows that are kept aside."""
    rows = queries.ask("asides")
    if rows.empty:
        st.success("Nothing waits: every row has its partner.", icon=":material/check_circle:")
        return
    show.table(
        rows,
        [
            show.Column("feed", "Feed", pinned=True),
            show.Column("reason", "Reason", width="large"),
            show.Column("n_rows", "Rows", formats.count),
            show.Column("example", "For instance"),
            show.Column("example_file", "In file"),
            show.Column("example_line", "Line", formats.count),
        ],
        name="asides",
        said="Rows kept aside, with the reason",
        provenance=queries.provenance(["asides"], EVERYTHING),
    )


def sites() -> None:
    """List the sites with the days they follow."""
    show.table(
        queries.ask("site_calendars"),
        [
            show.Column("site_id", "Site", pinned=True),
            show.Column("site_name", "Name"),
            show.Column("site_type", "Type"),
            show.Column("region", "Region"),
            show.Column("business_unit", "Business unit"),
            show.Column("timezone", "Time zone"),
            show.Column("calendar_source", "Working days by"),
            show.Column("n_free", "Free weekdays", formats.count, says="In the as-of year."),
            show.Column("in_contract", "In contract", show.yes_no),
        ],
        name="sites",
        said="Sites, their time zones and working days",
        provenance=queries.provenance(["site_calendars"], EVERYTHING),
    )


def last_failure() -> None:
    """Say by which checks the last build failed, where the figures are therefore an older build's.

    Names and rules are the product's own; the rows that broke a rule are data and stand as text.
    """
    failure = queries.failed_build()
    if failure is None:
        return
    st.error(
        f"{len(failure.failed)} of {failure.n_checks} checks failed, so these figures are still "
        "those of the build before.",
        title="The last build was not published",
    )
    for failed in failure.failed:
        st.text(f"{failed.check}: {failed.rule} ({formats.count(failed.n_rows)} rows)")
        for example in failed.examples:
            st.text(example)


def checks() -> None:
    """List the checks of this build."""
    show.table(
        queries.ask("checks"),
        [
            show.Column("check_name", "Check", pinned=True),
            show.Column("rule", "Rule", width="large"),
            show.Column("is_passed", "Passed", show.yes_no),
            show.Column("n_rows", "Rows against it", formats.count),
        ],
        name="checks",
        said="Checks of this build",
        provenance=queries.provenance(["checks"], EVERYTHING),
    )
