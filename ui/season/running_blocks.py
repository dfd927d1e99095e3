"""What the page of a running season is made of: choice, answer, progress, proposals, decisions."""

import datetime as dt
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from ui import exports, formats, overrides, queries, shell, show
from ui.charts import HEIGHT, Finding, once, painted, time_axis, value_axis
from ui.season import choosing, figures, records, running
from ui.season.errors import ALL


@dataclass(frozen=True)
class Chosen:
    """What the reader looks at: a season, a business unit (None: all), and a Monday."""

    season: str
    unit: str | None
    week: dt.date

    @property
    def said(self) -> str:
        """The choice in words, for exports."""
        return f"Season: {self.season}; {self.unit or ALL}; after {formats.week(self.week)}"


def choose() -> Chosen:
    """Let the reader choose a season, a business unit and a week; running seasons come first."""
    rows = pd.DataFrame()
    if bool(queries.ask("has_seasons")["is_there"].iloc[0]):
        rows = queries.ask("seasons_allocated")
    if rows.empty:
        st.info("No season has been shared out yet.", icon=":material/info:")
        shell.onward("pages/seasonal_plan.py", "Plan one", ":material/calendar_month:")
        st.stop()
    as_of = queries.needed().as_of_date
    seasons = rows.drop_duplicates("season_id").sort_values(
        ["status", "start_date"], ascending=[False, False]
    )
    if not (seasons["status"] == "running").any():
        st.info(
            f"No season is running on {formats.day(as_of)}. Below is a past one as it stood after "
            "the week you choose.",
            icon=":material/info:",
        )
    left, middle, right = st.columns(3)
    states = dict(zip(seasons["season_id"], seasons["status"], strict=True))
    season = left.selectbox(
        "Season",
        list(states),
        key="running",
        bind="query-params",
    )
    mine = rows[rows["season_id"] == season]
    units = [*mine["business_unit"].drop_duplicates(), ALL]
    unit = middle.selectbox("Business unit", units, key="season_unit", bind="query-params")
    weeks = weeks_of(mine["start_date"].min().date(), mine["end_date"].max().date(), as_of)
    if not weeks:
        st.info("Its first week is not over yet.", icon=":material/info:")
        st.stop()
    span = formats.span(mine["start_date"].min(), mine["end_date"].max())
    st.text(f"{season}: {span}, {states[season]}.")
    default = len(weeks) - 1 if states[season] == "running" else (len(weeks) - 1) // 2
    week = right.selectbox(
        "As it stood after", weeks, default, format_func=formats.week, key=f"after-{season}"
    )
    return Chosen(str(season), None if unit == ALL else str(unit), week)


def weeks_of(start: dt.date, end: dt.date, as_of: dt.date) -> list[dt.date]:
    """Mondays of the weeks of a season that are over, but not the last one."""
    monday = start - dt.timedelta(days=start.weekday())
    n_weeks = (min(end, as_of) - monday).days // 7 + 1
    weeks = [monday + dt.timedelta(weeks=n) for n in range(n_weeks)]
    over = [week for week in weeks if week + dt.timedelta(days=6) <= as_of]
    return over if as_of < end else over[:-1]


def answer(found: running.Position, rows: pd.DataFrame, told: pd.DataFrame) -> None:
    """Say how far the season has sold through, against plan, and what is proposed."""
    supply = found.stock.sum() + found.sold.sum() + found.held_back.sum()
    here = rows[rows["sold"].notna()].iloc[-1]
    inside = here["low"] <= here["sold"] <= here["high"]
    still = found.to_come.sum()
    covered = np.minimum(found.stock, found.to_come).sum()
    currency = queries.agreed().currency
    figures.row(
        [
            figures.Figure(
                "Sold through",
                formats.rate(here["sold"] / supply, 1000),
                f"{formats.count(here['sold'])} of {formats.count(supply)} units; "
                f"planned {formats.rate(here['plan'] / supply, 1000)}",
                "Units sold since the first day over all that stores had or got and what is still "
                "held back. Planned is the demand forecast before the season, over the same.",
                ("green", "inside the band") if inside else ("orange", "outside the band"),
            ),
            figures.Figure(
                "Still to come",
                formats.count(still),
                f"units; {formats.count(found.was_to_come.sum())} before the season",
                "Expected demand of the rest of the season: the forecast of before, corrected by "
                "what has sold in weeks with stock. Little seen changes little.",
            ),
            figures.Figure(
                "Where it is wanted",
                formats.rate(covered / still, 1000) if still else "no data",
                "of it is covered by the store's own stock",
                "Sum over items and stores of the smaller of stock and expected demand, over the "
                "expected demand. Moves and releases lift it.",
            ),
            figures.Figure(
                "Held back",
                formats.count(found.held_back.sum()),
                "units not released yet",
                "Kept at the centre by the set-up of the season, less what was released here.",
            ),
            figures.Figure(
                "Proposed",
                formats.lines(len(told), "step"),
                f"worth {formats.money(told['money'].sum(), currency)}" if len(told) else "none",
                "Releases and moves between stores. A release is worth the margin it is expected "
                "to save; a move margin and markdown of each unit that sells instead of staying.",
            ),
        ]
    )


def progress(rows: pd.DataFrame, chosen: Chosen, found: running.Position) -> None:
    """Draw what has sold against the plan in its band, and what is expected now."""
    show.finding(
        chart(rows),
        rows,
        name="season-progress",
        provenance=queries.provenance([], chosen.said),
    )
    basis = (
        f"measured on {formats.lines(found.n_doubt)} of other seasons"
        if found.n_doubt
        else "usual values; too few lines of other seasons"
    )
    st.caption(
        "Blue: sold so far, added up. Grey, dashed: forecast before the season, in the band that 8 "
        "in 10 seasons would stay in. Blue, dashed: what is expected now. Items run "
        f"{formats.rate(found.doubt.item, 100)} off their forecast, stores "
        f"{formats.rate(found.doubt.site, 100)} off their share ({basis})."
    )


@once
def chart(rows: pd.DataFrame) -> Finding:
    """Units added up week by week."""
    drawn = rows.assign(label=[formats.week(week) for week in rows["week"]])
    x = alt.X("week:T", title=None, axis=time_axis("week", drawn["week"].max()))
    when = alt.Tooltip("label:N", title="Week")
    tips = [
        when,
        alt.Tooltip("sold:Q", title="Sold", format=",.0f"),
        alt.Tooltip("plan:Q", title="Planned", format=",.0f"),
        alt.Tooltip("low:Q", title="Band from", format=",.0f"),
        alt.Tooltip("high:Q", title="to", format=",.0f"),
        alt.Tooltip("now:Q", title="Expected now", format=",.0f"),
    ]
    y = alt.Y("plan:Q", title=None, axis=value_axis(format="~s"))
    layers = [
        painted(drawn, "quiet")
        .mark_area(opacity=0.18)
        .encode(x=x, y=alt.Y("low:Q"), y2="high:Q", tooltip=tips),
        painted(drawn, "quiet")
        .mark_line(strokeWidth=1.6, strokeDash=[5, 3])
        .encode(x=x, y=y, tooltip=tips),
        painted(drawn[drawn["now"].notna()], "accent")
        .mark_line(strokeWidth=1.8, strokeDash=[3, 3])
        .encode(x=x, y="now:Q", tooltip=tips),
        painted(drawn[drawn["sold"].notna()], "accent")
        .mark_line(strokeWidth=2.4, point=True)
        .encode(x=x, y="sold:Q", tooltip=tips),
    ]
    here = rows[rows["sold"].notna()].iloc[-1]
    where = "inside" if here["low"] <= here["sold"] <= here["high"] else "outside"
    title = (
        f"After {formats.week(here['week'])}: {overrides.rounded(here['sold'])} sold where "
        f"{overrides.rounded(here['plan'])} were planned, {where} the band"
    )
    return Finding(alt.layer(*layers).properties(height=HEIGHT), title, f"{title}.")


def wanted(found: running.Position) -> tuple[float, float]:
    """How much of the hold-back to send now, and which transfers are worth their van."""
    left, right = st.columns(2)
    percent = left.slider(
        "Of what is held back, send now", 0, 100, 100, 10, format="%d %%", key="release",
        disabled=not found.held_back.any(),
    )  # fmt: skip
    least = right.number_input("No move between stores under, units", 1, 10_000, 6, key="least")
    return float(percent), float(least)


def open_ones(told: pd.DataFrame, chosen: Chosen) -> pd.DataFrame:
    """Proposals that nobody has refused for this week."""
    decided = records.decisions(chosen.season)
    refused = decided[
        (decided["decision"] == "refused") & (decided["week"] == chosen.week.isoformat())
    ]
    keys = ["kind", "item_id", "from_site", "to_site"]
    known = set(refused[keys].itertuples(index=False, name=None))
    kept = [key not in known for key in told[keys].itertuples(index=False, name=None)]
    return told[kept].reset_index(drop=True)


def proposals(told: pd.DataFrame, chosen: Chosen, names: dict[str, str]) -> None:
    """List the proposals; the rows ticked are approved or refused together."""
    if told.empty:
        st.success("Nothing to move and nothing to release.", icon=":material/check_circle:")
        return
    divisor, prefix = formats.money_scale(told["money"].to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()

    def called(site: str) -> str:
        return names.get(site, site)

    columns = [
        show.Column("kind", "Step"),
        show.Column("description", "Item", width="medium"),
        show.Column("qty", "Units", formats.quantity),
        show.Column("from_site", "From", called),
        show.Column("to_site", "To", called),
        show.Column("money", f"Worth, {unit}", show.scaled(divisor)),
        show.Column("why", "Why", width="large"),
    ]
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(f"{formats.lines(len(told), 'proposal')}; tick rows to decide on them.")
        show.download(told, "proposals", queries.provenance([], chosen.said), "proposals")
    ticked = st.dataframe(
        show.styled(told[[column.name for column in columns]], columns),
        column_config={
            column.name: st.column_config.Column(column.label, width=column.width)
            for column in columns
        },
        hide_index=True,
        height=min(len(told), show.ROWS) * show.ROW_HEIGHT + show.ROW_HEIGHT + 4,
        row_height=show.ROW_HEIGHT,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"proposals-{chosen.season}-{chosen.week}",
        alt="Proposed releases and moves",
    )
    _decide(told.iloc[list(ticked["selection"]["rows"])], told, chosen)


def _decide(picked: pd.DataFrame, told: pd.DataFrame, chosen: Chosen) -> None:
    """The buttons that approve or refuse."""
    left, middle, right = st.columns([3, 1, 1], vertical_alignment="bottom")
    reason = left.text_input("Reason", max_chars=300, key="decision-reason").strip()
    rows, what = (picked, str(len(picked))) if len(picked) else (told, f"all {len(told)}")
    missing = not (reason and choosing.signed())
    hint = "Needs a reason, and your name at the top of the page."
    for place, decision, label in ((middle, "approved", "Approve"), (right, "refused", "Refuse")):
        place.button(
            f"{label} {what}",
            type="primary" if decision == "approved" else "secondary",
            disabled=missing,
            help=hint,
            on_click=_write,
            args=(rows, chosen, decision, reason),
            width="stretch",
        )


def _write(rows: pd.DataFrame, chosen: Chosen, decision: str, reason: str) -> None:
    told = rows.assign(week=chosen.week.isoformat())
    n = records.decide(chosen.season, told, decision, choosing.signed(), reason)
    st.session_state["decision-reason"] = ""
    choosing.say("done", f"{formats.lines(n, 'proposal')} {decision}.")


def decided(chosen: Chosen) -> None:
    """List what was decided, with the way back, and take the approved away as a file."""
    rows = records.decisions(chosen.season)
    if rows.empty:
        st.info("Nothing has been decided in this season.", icon=":material/info:")
        return
    rows = rows.sort_values("recorded_at", ascending=False, ignore_index=True)
    columns = [
        show.Column("decision", "Decision"),
        show.Column("kind", "Step"),
        show.Column("item_id", "Item"),
        show.Column("qty", "Units", formats.quantity),
        show.Column("from_site", "From"),
        show.Column("to_site", "To"),
        show.Column("week", "After the week of"),
        show.Column("author", "By"),
        show.Column("reason", "Reason", width="medium"),
        show.Column("recorded_at", "When (UTC)", show.minute),
    ]

    def undo(place: int) -> None:
        row = rows.iloc[place]
        author = choosing.signed() or str(row["author"])
        entry = str(row["entry_id"])
        records.withdraw(records.DECISION, chosen.season, entry, author, "taken back")

    show.table(
        rows,
        columns,
        name="decisions",
        said="Decisions of this season",
        provenance=queries.provenance([], chosen.said),
        story=undo,
        story_label="Take back",
    )
    approved = rows[rows["decision"] == "approved"].assign(season_id=chosen.season)
    st.download_button(
        "Approved steps to carry out (CSV)",
        lambda: exports.bare_csv(
            approved[["season_id", "kind", "item_id", "from_site", "to_site", "qty", "week"]]
        ),
        f"steps-{chosen.season}.csv",
        "text/csv",
        icon=":material/download:",
        disabled=approved.empty,
        on_click="ignore",
        key="steps-csv",
    )
