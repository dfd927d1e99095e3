"""What two scenarios come to: the figures, the frontier, which parts change, and keeping them."""

from contextlib import closing

import altair as alt
import pandas as pd
import streamlit as st

from data.journal import Entry, Journal, journal_url
from forecasting.stock.scenarios import compared
from ui import formats, queries, scenarios, show, what_if_inputs
from ui.charts import HEIGHT, Finding, painted, rate_axis
from ui.exports import Provenance
from ui.scenarios import Answer, Scenario

KIND = "scenario"
MANY = 1000
"""So many parts are behind a fill that a decimal is no false digit."""


def answers(first: Scenario, second: Scenario) -> tuple[Answer, Answer]:
    """Plan both, and say what of a wish could not be had; a refusal stops the page."""
    found = []
    for name, scenario in (("A", first), ("B", second)):
        try:
            answer = scenarios.answer(scenario)
        except ValueError as fault:
            st.error(f"Scenario {name} cannot be had.", icon=":material/error:")
            st.text(str(fault))
            st.stop()
        for note in answer.notes:
            st.text(f"Scenario {name}: {note}.")
        found.append(answer)
    return found[0], found[1]


def figures(first: Answer, second: Answer) -> None:
    """List what both come to and the difference."""
    currency = queries.agreed().currency
    rows = []
    for name in ("units", "lines", "value"):
        a, b = first.plan.fill(name), second.plan.fill(name)
        rows.append((f"Expected fill by {name}", formats.rate(a, MANY), formats.rate(b, MANY),
                     formats.points(b - a, MANY)))  # fmt: skip
    pairs = {
        "Stock to hold": (first.plan.money, second.plan.money),
        "To order now": (first.cost_to_buy, second.cost_to_buy),
    }
    for label, (a, b) in pairs.items():
        sign = "+" if b >= a else formats.MINUS
        rows.append((label, formats.money(a, currency), formats.money(b, currency),
                     sign + formats.money(abs(b - a), currency)))  # fmt: skip
    units = float((second.plan.level - first.plan.level).clip(min=0).sum())
    freed = float((first.plan.level - second.plan.level).clip(min=0).sum())
    for label, change in (("Units added by B", units), ("Units freed by B", freed)):
        rows.append((label, "", "", formats.count(change)))
    table = pd.DataFrame(rows, columns=["figure", "a", "b", "difference"])
    columns = [
        show.Column("figure", "Figure", pinned=True),
        show.Column("a", "Scenario A", is_figure=True),
        show.Column("b", "Scenario B", is_figure=True),
        show.Column("difference", "B less A", is_figure=True),
    ]
    show.table(table, columns, name="what-if", said="Both scenarios and their difference",
               provenance=_provenance())  # fmt: skip
    st.caption(
        f"Expected over {len(first.desk):,} parts at sites, from their forecasts and measured lead "
        "times. What such expectations came to on the past is on the page Before and after."
    )


def frontier(first: Answer, second: Answer, pair: tuple[Scenario, Scenario]) -> None:
    """Draw fill against money of both, with today, the old rule and the plans marked."""
    objective = pair[0].wish.objective
    lines, marks = _drawn(first, second, pair)
    top = float(marks["money"].max()) * 1.8
    lines = lines[lines["money"] <= top]
    x = alt.X("money:Q", title=f"Stock held, {queries.agreed().currency}",
              axis=alt.Axis(format="~s", grid=False, tickCount=6))  # fmt: skip
    y = alt.Y("fill_rate:Q", title=None, axis=rate_axis(), scale=alt.Scale(zero=False))
    tips = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("money:Q", title="Money", format=",.0f"),
        alt.Tooltip("fill_rate:Q", title="Fill", format=".1%"),
    ]
    drawn = [
        painted(part).mark_line(strokeWidth=2, strokeDash=dash).encode(x=x, y=y, tooltip=tips)
        for part, dash in (
            (lines[lines["name"] == "A"], [1, 0]),
            (lines[lines["name"] == "B"], [6, 3]),
            (lines[lines["name"] == "old rule"], [2, 3]),
        )
        if len(part)
    ]
    drawn.append(painted(marks).mark_point(size=130, filled=True, opacity=1).encode(
        x=x, y=y, shape=alt.Shape("name:N", legend=None), tooltip=tips))  # fmt: skip
    drawn += [
        painted(marks[marks["name"] == name]).mark_text(
            dx=dx, dy=dy, align="left" if dx > 0 else "right", fontWeight="bold"
        ).encode(x=x, y=y, text="name:N")
        for name, dx, dy in (("A", -10, -10), ("B", 10, 12), ("today", 10, -2))
    ]  # fmt: skip
    title = _finding(marks, objective)
    found = Finding(alt.layer(*drawn).properties(height=HEIGHT + 60), title, title)
    show.finding(found, pd.concat([lines, marks]), name="frontier", provenance=_provenance())
    st.caption(
        "Solid: the most that money buys under A; a plan that keeps a share of the value fill lies "
        "below it. Dashed: under B. Dotted: months of cover, the "
        "same for every part, under A. Today: what is on the shelves, and the fill that all that "
        "is there and on order should give."
    )


def _drawn(
    first: Answer, second: Answer, pair: tuple[Scenario, Scenario]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines and marks of the frontier; B has its own only where it counts the same fill."""
    objective = pair[0].wish.objective
    lines = [scenarios.frontier(first).assign(name="A", role="accent")]
    marks = [("A", first.plan.money, first.plan.fill(objective), "accent")]
    if pair[1].wish.objective == objective:
        lines.append(scenarios.frontier(second).assign(name="B", role="fourth"))
    marks.append(("B", second.plan.money, second.plan.fill(objective), "fourth"))
    if objective != "criticality":
        lines.append(scenarios.old_rule(first, objective).assign(name="old rule", role="quiet"))
    marks.append(("today", *scenarios.today(first, objective), "amber"))
    return pd.concat(lines, ignore_index=True), pd.DataFrame(
        marks, columns=["name", "money", "fill_rate", "role"]
    )


def _finding(marks: pd.DataFrame, objective: str) -> str:
    """Say what B costs against A, and what it fills."""
    a, b = (marks[marks["name"] == name].iloc[0] for name in ("A", "B"))
    currency = queries.agreed().currency
    more = b["money"] - a["money"]
    held = "as much as"
    if abs(more) > 0.005 * a["money"]:
        verb = "more" if more > 0 else "less"
        held = f"{formats.money(abs(more), currency)} {verb} than"
    apart = b["fill_rate"] - a["fill_rate"]
    size = formats.points(abs(apart), MANY).lstrip("+")
    fills = f"{size} {'higher' if apart > 0 else 'lower'}" if abs(apart) >= 0.0005 else "the same"
    return f"B holds {held} A; its expected fill by {objective} is {fills}"


def parts(first: Answer, second: Answer) -> None:
    """List the parts whose stock changes most."""
    rows = compared(first.desk, (first.plan, second.plan), (first.bought, second.bought))
    rows = rows[(rows["change_units"] != 0) | (rows["change_money"].abs() > 0.5)]
    if rows.empty:
        st.info("No part changes between the two scenarios.", icon=":material/info:")
        return
    divisor, prefix = formats.money_scale(rows["change_money"].abs().to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    columns = [
        show.Column("item_id", "Item", pinned=True),
        show.Column("site_id", "Site"),
        show.Column("change_money", f"Stock, {unit}", show.scaled(divisor), says="B less A."),
        show.Column("level_a", "Level A", formats.quantity),
        show.Column("level_b", "Level B", formats.quantity),
        show.Column("buy_a", "Order now A", formats.quantity),
        show.Column("buy_b", "Order now B", formats.quantity),
        show.Column("fill_a", "Fill A", lambda value: formats.rate(value, 50)),
        show.Column("fill_b", "Fill B", lambda value: formats.rate(value, 50)),
        show.Column("description", "Description", width="medium"),
    ]
    show.table(rows, columns, name="what-if-parts", said="Parts that change most between A and B",
               provenance=_provenance())  # fmt: skip


def keep() -> None:
    """Keep the pair under a name, and list those that are kept, each behind a link of its own."""
    with (
        st.form("keep-scenario", clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input("Name", max_chars=80, placeholder="Winter peak, S107 late")
        author = st.text_input("Your name", max_chars=80)
        sent = st.form_submit_button("Keep both scenarios", icon=":material/bookmark_add:")
    if sent and name.strip() and author.strip():
        entry = Entry(KIND, f"scenario:{name.strip()}", author.strip(), what_if_inputs.values(),
                      build_id=queries.needed().build_id)  # fmt: skip
        with closing(Journal(journal_url(queries.warehouse_path()))) as journal:
            journal.append([entry])
        st.toast("Kept in the journal.")
    elif sent:
        st.warning("Give the scenarios a name, and yours.", icon=":material/edit:")
    _kept()


def _kept() -> None:
    with closing(Journal(journal_url(queries.warehouse_path()))) as journal:
        entries = journal.standing(KIND)
    if entries.empty:
        st.caption("Nothing is kept yet. The address of this page holds both scenarios: send it.")
        return
    latest = entries.drop_duplicates("subject_id", keep="last").iloc[::-1].head(12)
    with st.container(horizontal=True):
        for place, entry in enumerate(latest.to_dict("records")):
            label = f"Open {place + 1}"
            st.page_link("pages/what_if.py", label=label, icon=":material/bookmark:",
                         query_params=dict(entry["payload"]))  # fmt: skip
    rows = pd.DataFrame(
        {
            "no": [f"{place + 1}" for place in range(len(latest))],
            "name": latest["subject_id"].str.removeprefix("scenario:"),
            "author": latest["author"],
            "recorded_at": latest["recorded_at"],
        }
    )
    columns = [
        show.Column("no", "Open"),
        show.Column("name", "Name", width="large"),
        show.Column("author", "By"),
        show.Column("recorded_at", "Kept", show.minute),
    ]
    show.table(rows, columns, name="kept-scenarios", said="Scenarios in the journal",
               provenance=_provenance())  # fmt: skip


def _provenance() -> Provenance:
    return queries.provenance([], "all planned parts at sites")
