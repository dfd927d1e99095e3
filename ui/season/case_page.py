"""The case of a business unit outside the contract, on the page."""

import altair as alt
import pandas as pd
import streamlit as st

from ui import formats, queries, shell, show
from ui.charts import HEIGHT, Finding, painted, value_axis
from ui.season import case_print, figures
from ui.season.case import Case, assumptions, lost, make, said_interval, sentence, units


def choose() -> Case:
    """Let the reader choose a business unit; the page stops where there is nothing to show."""
    names = units() if bool(queries.ask("has_seasons")["is_there"].iloc[0]) else []
    if not names:
        st.info(
            "No season of a business unit outside the contract is known: its stores are marked by "
            "in_contract false in the sites feed.",
            icon=":material/info:",
        )
        shell.onward("pages/load_data.py", "Load the sites feed", ":material/upload_file:")
        st.stop()
    unit = st.selectbox("Business unit", names, key="outside", bind="query-params")
    found = make(str(unit))
    if found is None:
        st.info(
            "No season of it has been judged in shadow yet. After a season has ended, "
            "`python -m forecasting run` does it.",
            icon=":material/info:",
        )
        st.stop()
    return found


def answer(case: Case) -> None:
    """Say what would have been saved."""
    currency = queries.agreed().currency
    n = f"{formats.lines(len(case.seasons), 'season')}, n {case.n} season-items"
    st.text(sentence(case, currency))
    figures.row(
        [
            figures.Figure(
                "Would have been saved",
                formats.money(case.saved, currency),
                f"{said_interval(case, currency)}; {n}",
                "Margin lost and markdown of the units that stood in the wrong store, as it was, "
                "less the same with the tool's split of the same totals.",
                _badge(case),
            ),
            figures.Figure(
                "Lost as it was",
                lost(case, currency),
                "to misallocation, under the rule in use",
                "Units short in one store while left over in another, times margin and markdown.",
            ),
            figures.Figure(
                "Error rate",
                formats.rate(case.rate("qty_misplaced"), 1000),
                f"{formats.rate(case.rate('qty_shadow_misplaced'), 1000)} with the tool; luck "
                f"alone {formats.rate(case.rate('qty_luck'), 1000)}",
                "Share of the units that stood in the wrong store, seen afterwards; see "
                "Allocation errors.",
            ),
            figures.Figure(
                "Misallocated units",
                formats.count(case.items["qty_misallocated"].sum()),
                f"{formats.count(case.items['qty_shadow_misallocated'].sum())} with the tool",
                "Units that would have sold in another store.",
            ),
            figures.Figure(
                "At least as good",
                formats.rate(case.better, case.n),
                f"of the season-items, n {case.n}",
                "Season-items of which the tool would have misplaced no more units than the rule "
                "in use.",
            ),
        ]
    )


def _badge(case: Case) -> tuple[str, str]:
    """How sure the saving is, in a colour and a word."""
    if not case.has_interval:
        return "gray", "too few"
    return ("green", "above 0") if case.lower > 0 else ("orange", "could be 0")


def by_season(case: Case) -> None:
    """Draw what misallocation cost season by season, as it was and with the tool."""
    provenance = queries.provenance([], f"Business unit: {case.unit}")
    show.finding(chart(case), case.seasons, name="case", provenance=provenance)
    currency = queries.agreed().currency
    columns = [
        show.Column("season_id", "Season", pinned=True),
        show.Column("rate", "Error rate", rated_by="n_lines"),
        show.Column("shadow_rate", "With the tool", rated_by="n_lines"),
        show.Column("luck_rate", "Luck alone", rated_by="n_lines"),
        show.Column("cost_misallocated", f"Lost, {currency}", formats.count),
        show.Column("cost_shadow_misallocated", f"With the tool, {currency}", formats.count),
        show.Column("cost_saved", f"Saved, {currency}", formats.count),
        show.Column("n_items", "Items", formats.count),
        show.Column("n_lines", "Lines", formats.count),
    ]
    show.table(
        case.seasons, columns, name="case-seasons", said="The case by season", provenance=provenance
    )


def chart(case: Case) -> Finding:
    """Two bars a season: lost as it was, lost with the tool."""
    currency = queries.agreed().currency
    parts = [
        case.seasons.assign(how=how, role=role, money=case.seasons[name])
        for how, role, name in (
            ("as it was", "amber", "cost_misallocated"),
            ("with the tool", "accent", "cost_shadow_misallocated"),
        )
    ]
    rows = pd.concat(parts)
    # The axis names the currency; short words keep the bars of a phone apart.
    divisor, prefix = formats.money_scale(rows["money"].to_list())
    places = 1 if prefix else 0
    rows["text"] = [f"{value / divisor:,.{places}f}{prefix}" for value in rows["money"]]
    order = case.seasons["season_id"].to_list()
    x = alt.X("season_id:N", sort=order, title=None, axis=alt.Axis(labelAngle=0))
    tips = [
        alt.Tooltip("season_id:N", title="Season"),
        alt.Tooltip("how:N", title=" "),
        alt.Tooltip("money:Q", title=f"Lost, {currency}", format=",.0f"),
    ]
    base = painted(rows).encode(
        x=x,
        xOffset=alt.XOffset("how:N", sort=["as it was", "with the tool"]),
        y=alt.Y("money:Q", title=currency, axis=value_axis(format="~s")),
        tooltip=tips,
    )
    layers = [
        base.mark_bar(opacity=0.9),
        base.mark_text(dy=-8, fontSize=11).encode(text="text:N"),
    ]
    title = "Lost to misallocation: as it was (amber) and with the tool in shadow (blue)"
    return Finding(alt.layer(*layers).properties(height=HEIGHT), title, f"{title}.")


def by_item(case: Case) -> None:
    """List what would have been saved item by item, losses of the tool included."""
    currency = queries.agreed().currency
    columns = [
        show.Column("description", "Item", pinned=True, width="medium"),
        show.Column("season_id", "Season"),
        show.Column("cost_saved", f"Saved, {currency}", formats.count),
        show.Column("qty_misallocated", "Misallocated units", formats.count),
        show.Column("qty_shadow_misallocated", "with the tool", formats.count),
        show.Column("qty_allocated", "Allocated", formats.count),
    ]
    rows = case.items.sort_values("cost_saved", ascending=False, ignore_index=True)
    show.table(
        rows,
        columns,
        name="case-items",
        said="The case by item",
        provenance=queries.provenance([], f"Business unit: {case.unit}"),
    )


def assumed(case: Case) -> None:
    """List the assumptions, and offer the case as one page to print."""
    for line in assumptions(case):
        st.text(f"\u2022 {line}")
    currency, provenance = queries.agreed().currency, queries.provenance([], case.unit)
    st.download_button(
        "The case on one page (PDF)",
        lambda: case_print.to_pdf(case, currency, provenance),
        f"case-{case.unit.lower().replace(' ', '-')}.pdf",
        "application/pdf",
        icon=":material/print:",
        on_click="ignore",
        key="case-pdf",
    )
