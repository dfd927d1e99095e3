"""How deciding goes: how long it takes, what is accepted, what changes of mind were worth."""

import datetime as dt

import altair as alt
import pandas as pd
import streamlit as st

from data import decisions
from forecasting.stock.overrides import score
from ui import deciding, desk, formats, queries, show
from ui.charts import AltairChart, Finding, once, painted, time_axis, value_axis

HEIGHT = 210
DAY_SECONDS = 86_400


def by_month(known: pd.DataFrame) -> pd.DataFrame:
    """By month of the decision: how many, their median days from shown to decided, acceptance.

    Returns
    -------
    DataFrame
        month, n, waited_days, accepted_rate; decisions taken back do not count.
    """
    rows = known[known["decided_at"].notna() & known["shown_at"].notna()]
    told = rows.assign(
        month=rows["decided_at"].dt.to_period("M").dt.start_time,
        waited_days=(rows["decided_at"] - rows["shown_at"]).dt.total_seconds() / DAY_SECONDS,
        accepted_rate=(rows["decision"] == decisions.APPROVED).astype(float),
        n=1,
    )
    return told.groupby("month", as_index=False).agg(
        n=("n", "sum"),
        waited_days=("waited_days", "median"),
        accepted_rate=("accepted_rate", "mean"),
    )


def speed(known: pd.DataFrame) -> None:
    """Draw how the time to decide and acceptance go, by month; say where there is nothing yet."""
    rows = by_month(known)
    if rows.empty:
        st.info(
            "Nothing has been decided yet. The time from first shown to decided counts from the "
            "first decision; there is no earlier history.",
            icon=":material/info:",
        )
        return
    provenance = queries.provenance([], "all decisions in the journal")
    left, right = st.columns(2, gap="medium")
    with left:
        show.finding(waited(rows), rows, name="waited", provenance=provenance)
    with right:
        show.finding(accepted(rows), rows, name="accepted", provenance=provenance)


@once
def waited(rows: pd.DataFrame) -> Finding:
    """Draw the median days from shown to decided."""
    last = rows.iloc[-1]
    title = f"{formats.period(last['month'], 'month')}: {_days(last['waited_days'])} to decide"
    if len(rows) > 1:
        first = rows.iloc[0]
        title += f", {_days(first['waited_days'])} in {formats.period(first['month'], 'month')}"
    is_quick = rows["waited_days"].max() < 2
    told = rows.assign(waited=rows["waited_days"] * (24 if is_quick else 1))
    chart = _line(told, "waited", "Hours" if is_quick else "Days", value_axis(format="~g"))
    n = int(rows["n"].sum())
    unit = "hours" if is_quick else "days"
    return Finding(chart, title, f"{title}. Median {unit} by month, n {n:,} decisions.")


@once
def accepted(rows: pd.DataFrame) -> Finding:
    """Draw the share of proposals approved as they were."""
    last = rows.iloc[-1]
    title = (
        f"{formats.rate(last['accepted_rate'], last['n'])} accepted as proposed in "
        f"{formats.period(last['month'], 'month')} (n {int(last['n']):,})"
    )
    axis = value_axis(format=".0%")
    chart = _line(rows, "accepted_rate", "Accepted", axis, alt.Scale(domain=[0, 1]))
    return Finding(chart, title, f"{title}. Share of decisions that changed nothing, by month.")


def _line(
    rows: pd.DataFrame, column: str, label: str, axis: alt.Axis, scale: alt.Scale | None = None
) -> AltairChart:
    told = rows.assign(label=[formats.period(day, "month") for day in rows["month"]])
    x = alt.X("month:T", title=None, axis=time_axis("month", told["month"].max()))
    y = alt.Y(f"{column}:Q", title=None, axis=axis, scale=scale or alt.Scale(zero=True))
    tips = [
        alt.Tooltip("label:N", title="Month"),
        alt.Tooltip(f"{column}:Q", title=label, format=".2f"),
        alt.Tooltip("n:Q", title="n", format=","),
    ]
    base = painted(told, "accent")
    return alt.layer(
        base.mark_line(strokeWidth=2.2).encode(x=x, y=y),
        base.mark_point(filled=True, size=50, opacity=1).encode(x=x, y=y, tooltip=tips),
    ).properties(height=HEIGHT)


def _days(value: float) -> str:
    return desk.duration(pd.Timedelta(days=value))


def judged(known: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Changes and refusals of purchases whose lead time and review have passed, scored."""
    rows = known[
        (known["kind"] == "purchase")
        & known["decision"].isin([decisions.CHANGED, decisions.REFUSED])
        & known["decided_as_of"].notna()
    ]
    served = pd.to_timedelta((rows["lead_days"] + rows["review_days"]).round(), unit="D")
    until = rows["decided_as_of"] + served
    rows, until = rows[until <= pd.Timestamp(as_of)], until[until <= pd.Timestamp(as_of)]
    if rows.empty:
        return rows
    came = queries.ask(
        "demand_between",
        ids=rows["proposal_id"].to_list(),
        items=rows["item_id"].to_list(),
        sites=rows["site_id"].to_list(),
        since=[f"{day:%Y-%m-%d}" for day in rows["decided_as_of"]],
        until=[f"{day:%Y-%m-%d}" for day in until],
    ).set_index("proposal_id")["qty"]
    demand = rows["proposal_id"].map(came).fillna(0.0).to_numpy(float)
    return score(rows, demand, queries.agreed().planning.holding_rate)


def worth(known: pd.DataFrame, as_of: dt.date) -> None:
    """Say what changes of mind cost or saved, now that the demand they were about has come."""
    rows = judged(known, as_of)
    if rows.empty:
        st.info(
            "No change of mind can be judged yet: that takes the part's lead time and review after "
            "the decision.",
            icon=":material/info:",
        )
        return
    rate = queries.agreed().planning.holding_rate
    total = float(rows["saved"].sum())
    word = "saved" if total >= 0 else "cost"
    st.text(
        f"{formats.lines(len(rows), 'change')} of mind judged by the demand that came: together "
        f"they {word} {formats.money(abs(total), desk.currency())} in margin on units short and "
        f"holding at {rate:.0%} a year."
    )
    unit = desk.currency()
    columns = [
        show.Column("item_id", "Item", pinned=True),
        show.Column("site_id", "Site", pinned=True),
        show.Column("decided_as_of", "Decided", formats.day),
        show.Column("qty", "Proposed", formats.quantity),
        show.Column("decided_qty", "Decided", formats.quantity),
        show.Column("demand_qty", "Demand came", formats.quantity),
        show.Column("short_proposed_qty", "Short if as proposed", formats.quantity),
        show.Column("short_decided_qty", "Short as decided", formats.quantity),
        show.Column("saved", f"Saved, {unit}", show.scaled(1), says="Below 0: it cost money."),
        show.Column("reason", "Reason", width="medium"),
        show.Column("author", "By"),
    ]
    show.table(
        rows.sort_values("saved"),
        columns,
        name="judged",
        said="Changes of mind, the dearest first",
        provenance=queries.provenance([], "changed and refused purchases"),
        most=10,
    )


def log(known: pd.DataFrame) -> None:
    """List the newest decisions, each with the way to take it back."""
    rows = known[known["decided_at"].notna()].sort_values("decided_at", ascending=False)
    if rows.empty:
        return
    rows = rows.reset_index(drop=True)
    columns = [
        show.Column("decided_at", "Decided", show.minute),
        show.Column("item_id", "Item"),
        show.Column("site_id", "Site"),
        show.Column("kind", "What"),
        show.Column("decision", "Status"),
        show.Column("qty", "Proposed", formats.quantity),
        show.Column("decided_qty", "Decided", formats.quantity),
        show.Column("reason", "Reason", width="medium"),
        show.Column("author", "By"),
        show.Column("released_at", "Released", show.minute),
    ]
    show.table(
        rows,
        columns,
        name="decided",
        said="Decisions, the newest first",
        provenance=queries.provenance([], "all decisions in the journal"),
        story=lambda place: deciding.take_back(rows.iloc[place].to_dict()),
        story_label="Take back",
        most=10,
    )
