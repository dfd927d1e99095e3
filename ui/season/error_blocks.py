"""What the page of allocation errors is made of: the answer, seasons, parts, causes, lines."""

import numpy as np
import pandas as pd
import streamlit as st

from ui import formats, overrides, queries, show
from ui.season import error_charts, figures
from ui.season.errors import ALL, BEFORE, WITH, points, pooled

BY = {"family": "item families", "item": "items", "store": "stores", "region": "regions"}
RATES = ["allocation_error_rate", "avoidable_allocation_error_rate", "misallocated_units"]
CAUSES = {
    "not_as_allocated": "shipped other than allocated",
    "closed_site": "sent to a closed store",
    "wrong_multiple": "sent in a broken pack",
}
RATE = (
    "Half the sum over stores of the distance between what each got and what it should have got of "
    "the same total, seen afterwards, over what was allocated. What it should have got fills every "
    "store, given what it had, equally high against its real demand. 0 is a perfect split, 1 has "
    "everything in the wrong place. Demand of weeks out of stock is estimated."
)
LUCK = (
    "The same totals split by the demand rates themselves, with demand drawn around them again and "
    "again: the error that is left is luck, and no tool could have avoided it. Avoidable is the "
    "rate less that; the interval is how much luck varies from one season to the next."
)


def answer(rows: pd.DataFrame, unit: str | None) -> None:
    """Say how wrong the seasons of the tool were beside those before it."""
    draws = queries.ask("season_luck_draws", unit=unit)
    parts = {who: pooled(part, draws) for who, part in rows.groupby("who")}
    who = WITH if WITH in parts else BEFORE
    now, then = parts[who], parts.get(BEFORE) if who == WITH else None
    currency = queries.agreed().currency
    n = f"n {formats.count(now['n'])} lines, {formats.lines(now['n_seasons'], 'season')}, {who}"

    def before(name: str, written: str) -> str:
        return n if then is None or formats.is_missing(then[name]) else f"{written} by the old rule"

    def rate(name: str) -> str:
        return formats.rate(now[name], now["n"])

    old = then or now
    figures.row(
        [
            figures.Figure(
                "Allocation error",
                rate("rate"),
                before("rate", formats.rate(old["rate"], old["n"])),
                RATE,
                metric="allocation_error_rate",
            ),
            figures.Figure(
                "Avoidable allocation error",
                points(now["avoidable"]),
                f"95 % interval {points(now['lower'])} to {points(now['upper'])}; "
                + before("avoidable", points(old["avoidable"])),
                LUCK,
                metric="avoidable_allocation_error_rate",
            ),
            figures.Figure(
                "Misallocated units",
                formats.count(now["misallocated"]),
                before("misallocated", formats.count(old["misallocated"])),
                "Per item and season the smaller of what was short in all and what was left over "
                "in all: units that would have sold elsewhere.",
                metric="misallocated_units",
            ),
            figures.Figure(
                "Lines wrongly allocated",
                rate("line_rate"),
                before("line_rate", formats.rate(old["line_rate"], old["n"])),
                "Share of lines (item and store in a season) that were more than a pack off what "
                "they should have got, seen afterwards.",
                metric="allocation_line_error_rate",
            ),
            figures.Figure(
                "Lost to misallocation",
                formats.money(now["money"], currency),
                before("money", formats.money(old["money"], currency)),
                "Every misallocated unit costs a margin where it was short and a markdown where it "
                f"was left over. All margin lost: {formats.money(now['margin'], currency)}; all "
                f"markdown: {formats.money(now['markdown'], currency)}: the totals bought are in "
                "these two, which no split can mend.",
            ),
        ]
    )
    st.caption(n)


def by_season(rows: pd.DataFrame, unit: str | None) -> None:
    """Draw each season: luck, the avoidable part on top, and the tool on the same season."""
    show.finding(
        error_charts.by_season(rows),
        rows,
        name="allocation-errors-by-season",
        provenance=queries.provenance(RATES, f"Business unit: {unit or ALL}"),
    )
    st.caption(
        "Grey: what luck alone would have made, with its 95 % interval in purple. Amber: the "
        "avoidable part under the old rule; blue: with the tool. Diamond: the tool's own split of "
        "the same season, made from what was known on its first day, where it did not decide."
    )
    currency = queries.agreed().currency
    columns = [
        show.Column("season_id", "Season", pinned=True),
        show.Column("who", "Shared out by"),
        show.Column("rate", "Error rate", rated_by="n_lines"),
        show.Column("avoidable", "Avoidable", points),
        show.Column("shadow", "Tool, same season", rated_by="n_lines"),
        show.Column("line_rate", "Lines wrong", rated_by="n_lines"),
        show.Column("qty_misallocated", "Misallocated units", formats.count),
        show.Column("cost_misallocated", f"Lost to it, {currency}", formats.count),
        show.Column("cost_margin_lost", f"Margin lost, {currency}", formats.count),
        show.Column("cost_markdown", f"Markdown, {currency}", formats.count),
        show.Column("n_lines", "Lines", formats.count),
    ]
    show.table(
        rows,
        columns,
        name="seasons",
        said="Judged seasons with their errors",
        provenance=queries.provenance(RATES, f"Business unit: {unit or ALL}"),
    )


def where(unit: str | None) -> None:
    """Draw the error rate of each family, item, store or region, before and with the tool."""
    by = st.radio(
        "By",
        list(BY),
        index=list(BY).index("family"),
        key="errors-by",
        bind="query-params",
        horizontal=True,
    )
    rows = queries.ask("season_errors", by=by, unit=unit)
    summed = (
        rows.assign(who=np.where(rows["is_tool"], WITH, BEFORE))
        .groupby(["part", "who"], as_index=False)[
            [
                "n_lines",
                "n_wrong",
                "qty_allocated",
                "qty_misplaced",
                "qty_luck",
                "cost_margin_lost",
                "cost_markdown",
            ]
        ]
        .sum()
    )
    summed["rate"] = summed["qty_misplaced"] / summed["qty_allocated"]
    show.finding(
        error_charts.by_part(summed),
        summed,
        name=f"allocation-errors-by-{by}",
        provenance=queries.provenance([], f"Business unit: {unit or ALL}"),
    )
    st.caption("Amber: old rule, blue: tool, all seasons together; faint under 20 lines.")


def causes(rows: pd.DataFrame, unit: str | None) -> None:
    """Set what the forecast got wrong beside luck and what was done wrong afterwards."""
    made = queries.ask("season_causes", unit=unit)
    told = []
    for who, part in rows.groupby("who"):
        allocated = part["qty_allocated"].sum()
        lucky = part["qty_luck"].sum()
        told += [
            (
                who,
                "forecast and rule (avoidable)",
                part["qty_misplaced"].sum() - lucky,
                allocated,
                part["n_lines"].sum(),
            ),
            (who, "luck, nobody could know", lucky, allocated, part["n_lines"].sum()),
        ]
        kinds = (
            made[made["is_tool"] == (who == WITH)].groupby("kind")[["qty_wrong", "n_lines"]].sum()
        )
        told += [
            (who, said, kinds["qty_wrong"].get(kind, 0.0), allocated, kinds["n_lines"].get(kind, 0))
            for kind, said in CAUSES.items()
        ]
    found = pd.DataFrame(told, columns=["who", "cause", "units", "allocated", "n_lines"])
    found["share"] = found["units"] / found["allocated"]
    show.table(
        found,
        [
            show.Column("who", "Shared out by", pinned=True),
            show.Column("cause", "Cause", width="medium"),
            show.Column("units", "Units", formats.count),
            show.Column("share", "Of allocated", percent),
            show.Column("n_lines", "Lines", formats.count),
        ],
        name="causes",
        said="Errors by cause",
        provenance=queries.provenance([], f"Business unit: {unit or ALL}"),
    )
    st.caption(
        "Forecast and luck are units in the wrong place; the last three are units that were "
        "handled wrongly after the allocation was right, counted apart: no forecast mends them."
    )


def percent(value: float) -> str:
    """Write a share of the units with one decimal."""
    return formats.rate(value, 1000)


def worded(code: str) -> str:
    """Write a code of the data as words."""
    return code.replace("_", " ")


def worst(unit: str | None, rows: pd.DataFrame) -> None:
    """List the dearest lines; opening one tells its season."""
    names = ["all seasons", *rows["season_id"].drop_duplicates()]
    season = st.selectbox("Season", names, key="errors-season", bind="query-params")
    asked = None if season == names[0] else season
    lines = queries.ask("season_worst_lines", unit=unit, season=asked)
    currency = queries.agreed().currency
    columns = [
        show.Column("season_id", "Season", pinned=True),
        show.Column("description", "Item", pinned=True, width="medium"),
        show.Column("site_name", "Store"),
        show.Column("cost_lost", f"Lost, {currency}", formats.count),
        show.Column("qty_allocated", "Allocated", formats.count),
        show.Column("qty_hindsight", "Should have got", formats.count),
        show.Column("qty_demand", "Demand", formats.count),
        show.Column("qty_short", "Short", formats.count),
        show.Column("qty_left_over", "Left over", formats.count),
        show.Column("rule", "Rule", worded),
    ]

    def open_line(place: int) -> None:
        row = lines.iloc[place]
        st.session_state["season-line"] = (row["season_id"], row["item_id"], row["site_id"])

    show.table(
        lines,
        columns,
        name="season-lines",
        said="Lines of seasons, the dearest first",
        provenance=queries.provenance([], f"Business unit: {unit or ALL}; {season}"),
        story=open_line,
    )
    n_lines = rows.loc[rows["season_id"] == season if asked else slice(None), "n_lines"].sum()
    if len(lines) < n_lines:
        st.caption(f"The dearest {len(lines):,} of {n_lines:,} lines.")
    key = st.session_state.get("season-line")
    if key is not None:
        found = lines[(lines[["season_id", "item_id", "site_id"]] == list(key)).all(axis=1)]
        if len(found):
            line(found.iloc[0])


def line(row: pd.Series) -> None:
    """Tell one line: what it got, what sold week by week, and what came of it."""
    with st.container(border=True):
        st.text(f"{row['description']} at {row['site_name']}, {row['season_id']}")
        ran_out = (
            f" It ran out in the week of {formats.day(row['ran_out_date'])}."
            if not formats.is_missing(row["ran_out_date"])
            else ""
        )
        amounts = {
            name: overrides.rounded(row[f"qty_{name}"])
            for name in ("expected", "demand", "hindsight", "short", "left_over", "sold")
        }
        st.text(
            f"Expected {amounts['expected'] or 'not known'}; allocated "
            f"{formats.quantity(row['qty_allocated'])} by the rule '{worded(row['rule'])}' on top "
            f"of {formats.quantity(row['qty_on_hand'])} in the store; sold {amounts['sold']}, "
            f"demand was {amounts['demand']}. It should have got {amounts['hindsight']} of the "
            f"same total: {amounts['short']} were short, {amounts['left_over']} were left over."
            + ran_out
        )
        weeks = queries.ask(
            "season_line_weeks", season=row["season_id"], item=row["item_id"], site=row["site_id"]
        )
        if weeks.empty:
            return
        show.finding(
            error_charts.line(weeks, str(row["description"])),
            weeks,
            name="season-line",
            provenance=queries.provenance([], f"{row['item_id']} at {row['site_id']}"),
        )
