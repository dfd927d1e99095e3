"""The engine line on a page: what the next builds wait for, and which parts would free most."""

import altair as alt
import pandas as pd
import streamlit as st

from forecasting.promises.kits import kit_probabilities
from ui import filters, formats, open_lines, promises, queries, shell, show
from ui.charts import HEIGHT, Finding, once, painted, value_axis

TRACE = "pages/trace.py"


def where(chosen: filters.Filters) -> dict[str, list[str] | None]:
    """Sites and regions of the filters in force."""
    return {name: chosen.where.get(name) for name in ("site_id", "region")}


def require_builds() -> None:
    """Stop the page where no build of an engine has been loaded."""
    if not promises.is_known("engines_shipped_on_time"):
        st.info(
            "No builds have been loaded: load the feeds builds and build_requirements, and this "
            "page says what the next ones wait for.",
            icon=":material/info:",
        )
        shell.onward("pages/load_data.py", "To loading files", ":material/upload_file:")
        st.stop()


def waiting(chosen: filters.Filters) -> pd.DataFrame:
    """Builds not yet shipped with what each waits for and its chance to be clear by its start."""
    builds = queries.ask("waiting_builds", **where(chosen))
    if builds.empty:
        return builds
    parts = missing(chosen)
    chances = kit_probabilities(parts) if not parts.empty else pd.Series(dtype=float)
    last = parts.groupby("build_id").first()[["item_id", "supplier_id"]]
    last.columns = pd.Index(["last_item_id", "last_supplier_id"])
    builds = builds.merge(last, "left", left_on="build_id", right_index=True)
    chance = builds["build_id"].map(chances).fillna(1.0)
    # A part that came after its day is a fact: no later one makes the build clear in time.
    builds["probability"] = chance.mask(builds["n_missed"] > 0, 0.0)
    return builds


def missing(chosen: filters.Filters) -> pd.DataFrame:
    """The missing parts of builds, each with the chance to be there by its need date."""
    parts = queries.ask("missing_parts", **where(chosen))
    parts["probability"] = 0.0
    # What nobody has ordered has no chance; what nobody has promised has that of such lines.
    ordered = parts["promised_date"].notna()
    if ordered.any():
        lines = parts[ordered].assign(need_date=parts.loc[ordered, "need_by_date"])
        seen = open_lines.with_outlook(lines)
        if "need_probability" in seen:
            parts.loc[ordered, "probability"] = seen["need_probability"].fillna(0.0)
    return parts


def next_builds(chosen: filters.Filters) -> None:
    """List the next builds: what each waits for, and how likely it is clear in time."""
    rows = waiting(chosen)
    if rows.empty:
        st.info("No build is waiting.", icon=":material/info:")
        return
    clear = int(rows["is_clear_to_build"].sum())
    alone = int((rows["n_missing"] == 1).sum())
    st.text(
        f"{formats.lines(clear, 'build')} of {len(rows):,} clear to build, "
        f"{formats.count(alone)} missing exactly one part"
    )
    columns = [
        show.Column("build_id", "Build", pinned=True),
        show.Column("product", "Product"),
        show.Column("planned_start_date", "Start", formats.day),
        show.Column("n_missing", "Parts missing", formats.count),
        show.Column(
            "probability",
            "All there in time",
            open_lines.chance,
            says="Product of the chances of its missing parts, by what became of earlier lines; "
            "0 % where a part has missed its day already.",
        ),
        show.Column("last_item_id", "Waits longest for"),
        show.Column("last_supplier_id", "Its supplier"),
        show.Column("clear_date", "Clear by promise", formats.day),
        show.Column("requested_ship_date", "To ship", formats.day),
        show.Column("site_id", "Site"),
    ]

    def open_trace(place: int) -> None:
        st.switch_page(TRACE, query_params={"trace": str(rows["build_id"].iloc[place])})

    show.table(
        rows,
        columns,
        name="next-builds",
        said="Builds not yet shipped",
        provenance=queries.provenance(["clear_to_build", "single_part_blockers"], chosen.said()),
        story=open_trace,
        story_label="Trace",
        most=15,
        order="the next start first",
    )


def one_bolt(chosen: filters.Filters) -> None:
    """List the builds that miss exactly one part."""
    rows = waiting(chosen)
    rows = rows[rows["n_missing"] == 1] if not rows.empty else rows
    if rows.empty:
        st.success("No build misses exactly one part.", icon=":material/check_circle:")
        return
    columns = [
        show.Column("build_id", "Build", pinned=True),
        show.Column("blocking_item_id", "The one part"),
        show.Column("last_supplier_id", "Supplier"),
        show.Column("planned_start_date", "Start", formats.day),
        show.Column("clear_date", "Clear by promise", formats.day),
        show.Column("probability", "There in time", open_lines.chance),
    ]
    show.table(
        rows,
        columns,
        name="one-bolt",
        said="Builds missing exactly one part",
        provenance=queries.provenance(["single_part_blockers"], chosen.said()),
        most=10,
        order="the next start first",
    )


def unblocking(chosen: filters.Filters) -> None:
    """List parts by the engines they unblock per day pulled in."""
    rows = queries.ask("part_unblocks", **where(chosen))
    if rows.empty:
        st.success("No build waits for a part.", icon=":material/check_circle:")
        return
    columns = [
        show.Column("item_id", "Part", pinned=True),
        show.Column("description", "Description"),
        show.Column(
            "engines_per_day",
            "Engines per day",
            lambda v: f"{v:.2f}" if v else "",
            says="Engines that this part alone would unblock, per day that it is pulled in.",
        ),
        show.Column("n_engines_unblocked", "Engines", formats.count),
        show.Column("days_pulled_in", "Days", formats.quantity, says="Days to pull it in."),
        show.Column(
            "n_builds_blocked_alone", "Alone", formats.count, says="Builds missing only this part."
        ),
        show.Column("n_builds_waiting", "Waiting", formats.count, says="Builds that wait for it."),
        show.Column("next_expected_date", "Next expected", formats.day),
        show.Column("next_supplier_id", "Supplier"),
        show.Column("next_po_line_id", "PO line"),
        show.Column("n_not_on_order", "Not on order", formats.count),
    ]
    show.table(
        rows,
        columns,
        name="part-unblocks",
        said="Parts that builds wait for",
        provenance=queries.provenance(["clear_to_build"], chosen.said()),
        most=12,
        order="the most engines unblocked per day pulled in first",
    )


@once
def balance_chart(rows: pd.DataFrame, horizon: int) -> Finding:
    """Draw, per part, the builds that have it by a horizon against the builds that need it."""
    shown = rows.assign(short=rows["n_needed"] - rows["n_needed_and_covered"])
    order = shown["item_id"].to_list()
    shown["role"] = ["amber" if short > 0 else "accent" for short in shown["short"]]
    x = alt.X("item_id:N", sort=order, title=None, axis=alt.Axis(labelAngle=-60, labelLimit=90))
    tips = [
        alt.Tooltip("item_id:N", title="Part"),
        alt.Tooltip("n_needed:Q", title="Builds that need it by then"),
        alt.Tooltip("n_needed_and_covered:Q", title="of them with the part"),
    ]
    y = alt.Y("n_needed_and_covered:Q", title=None, axis=value_axis())
    layers = [
        painted(shown).mark_bar(opacity=0.9).encode(x=x, y=y, tooltip=tips),
        painted(shown, "quiet")
        .mark_tick(thickness=3)
        .encode(x=x, y=alt.Y("n_needed:Q"), tooltip=tips),
    ]
    behind = int((shown["short"] > 0).sum())
    by_then = "now" if horizon == 0 else f"within {horizon} working days"
    title = f"{formats.lines(behind, 'part')} behind the line of balance {by_then}"
    return Finding(
        alt.layer(*layers).properties(height=HEIGHT),
        title,
        f"{title}: bars are builds that have the part, ticks the builds that need it.",
    )


def balance(chosen: filters.Filters) -> None:
    """Draw the line of balance at a horizon the reader chooses."""
    horizon = st.radio(
        "Within working days",
        [0, 5, 10, 20],
        index=2,
        key="horizon",
        bind="query-params",
        horizontal=True,
    )
    rows = queries.ask("line_of_balance", horizon=horizon, **where(chosen))
    rows = rows[rows["n_needed"] > 0]
    if rows.empty:
        st.info("No build needs a part by then.", icon=":material/info:")
        return
    provenance = queries.provenance(["line_side_on_time_rate"], chosen.said())
    show.finding(balance_chart(rows, horizon), rows, name="line-of-balance", provenance=provenance)
