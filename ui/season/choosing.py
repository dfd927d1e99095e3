"""Which season a page speaks of: those in the data, those set up here, and a new one."""

import datetime as dt
import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from ui import formats, queries, shell
from ui.season import records
from ui.season.setup import Setup, typed

PLANNER = "planner"
SAID = "season said"
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")
COLUMNS = ["season_id", "item_id", "start_date", "end_date", "status", "qty_total"]


@dataclass(frozen=True)
class Choice:
    """The season chosen.

    Parameters
    ----------
    versions
        Of its set-up in the journal, oldest first; empty where only the data know it.
    setup
        The set-up in force: the last version, else what the data say.
    """

    season_id: str
    versions: list[records.Version]
    setup: Setup

    @property
    def version(self) -> int:
        """Number of the version in force; 0 is what the data say."""
        return len(self.versions)


def known() -> pd.DataFrame:
    """Seasons of the data, one row per item; none in a build that has no seasons yet."""
    if not bool(queries.ask("has_seasons")["is_there"].iloc[0]):
        return pd.DataFrame(columns=COLUMNS)
    return queries.ask("seasons_known")


def titles() -> dict[str, str]:
    """Season -> how a list shows it: those set up here first, then those of the data."""
    found = {name: f"{title} ({name})" for name, title in records.seasons_set_up().items()}
    for row in known().drop_duplicates("season_id").to_dict("records"):
        span = f"{formats.day(row['start_date'])} to {formats.day(row['end_date'])}"
        found.setdefault(str(row["season_id"]), f"{row['season_id']}, {span}, {row['status']}")
    return found


def choose() -> Choice:
    """Let the reader choose a season; without any, offer to set one up and stop the page."""
    names = titles()
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with right:
        new_season(is_first=not names)
    if not names:
        left.info(
            "No season is known yet. Set one up here, or load a seasons file.",
            icon=":material/info:",
        )
        shell.onward("pages/load_data.py", "Load a seasons file", ":material/upload_file:")
        st.stop()
    season = str(left.selectbox("Season", list(names), key="season", bind="query-params"))
    st.text(names[season])
    said()
    versions = records.versions(season)
    setup = versions[-1].setup if versions else from_data(season)
    return Choice(season, versions, setup)


def from_data(season: str) -> Setup:
    """The set-up of a season as the seasons feed has it."""
    rows = known()
    rows = rows[rows["season_id"] == season]
    items = rows[["item_id", "qty_total", "qty_held_back"]].assign(pack=rows["pack_size"])
    start, end = rows["start_date"].min(), rows["end_date"].max()
    return Setup(season, season, start.date(), end.date(), items=typed(items, "items"))


def signed() -> str:
    """The name under which entries are written; empty until it is given."""
    return str(st.session_state.get(PLANNER, "")).strip()


def sign() -> None:
    """Ask for the name once for the whole page."""
    st.text_input(
        "Your name",
        key=PLANNER,
        max_chars=80,
        placeholder="Stands beside what you keep, adjust and approve",
    )


def say(kind: str, text: str) -> None:
    """Keep what a callback has to say for the next run of the page."""
    st.session_state[SAID] = (kind, text)


def said() -> None:
    """Say what the last click did, in a place that stays, so that nothing below starts anew."""
    place = st.container()
    if found := st.session_state.pop(SAID, None):
        kind, text = found
        with place.container(border=True, horizontal=True, vertical_alignment="center"):
            if kind == "done":
                st.badge("Done", icon=":material/check:", color="green")
            else:
                st.badge("Not done", icon=":material/block:", color="orange")
            st.text(text)


def new_season(*, is_first: bool) -> None:
    """Set up a season from whole families, each item's buy from last year's sales."""
    goods = queries.ask("season_goods")
    as_of = queries.needed().as_of_date
    with st.popover(
        "New season",
        icon=":material/add:",
        type="primary" if is_first else "secondary",
        width="stretch",
    ):
        st.text_input("Code", max_chars=40, key="new-code", placeholder="XMAS-2026")
        st.text_input("Name", max_chars=80, key="new-title", placeholder="Christmas 2026")
        left, right = st.columns(2)
        left.date_input("First day", value=as_of + dt.timedelta(days=28), key="new-start")
        right.date_input("Last day", value=as_of + dt.timedelta(days=83), key="new-end")
        families = sorted(goods["item_family"].unique())
        st.multiselect("Items of these families", families, key="new-families")
        left, right = st.columns(2)
        left.number_input(
            "Buy against last year, %", -100, 1000, 0, key="new-growth",
            help="Each item's total: what it sold in the same weeks a year before, plus this.",
        )  # fmt: skip
        right.number_input("Held back, %", 0, 100, 10, key="new-held")
        sign_here = st.text_input("Your name", max_chars=80, key="new-author")
        st.button(
            "Set it up", on_click=_set_up, disabled=not sign_here.strip(), key="new-keep",
            help="Keeps it as version 1; everything can be changed afterwards.",
        )  # fmt: skip


def _set_up() -> None:
    """Keep the season that stands in the fields, or say what is missing."""
    state = st.session_state
    code, title = str(state["new-code"]).strip(), str(state["new-title"]).strip()
    start, end, families = state["new-start"], state["new-end"], state["new-families"]
    if not CODE.fullmatch(code):
        say("missing", "A season needs a code of letters, digits, '-', '_' and '.'.")
        return
    if code in titles():
        say("missing", f"Season {code} exists already: choose it, or take another code.")
        return
    if end < start or not families:
        say("missing", "A season needs a last day after the first, and at least one family.")
        return
    items = bought(families, start, end, state["new-growth"], state["new-held"])
    if items.empty:
        say("missing", "None of these families sold anything in the same weeks a year before.")
        return
    setup = Setup(code, title or code, start, end, items=typed(items, "items"))
    records.keep_setup(setup, str(state["new-author"]).strip(), "set up")
    state["season"], state[PLANNER] = code, str(state["new-author"]).strip()
    say("done", f"{setup.title} is set up with {formats.lines(len(items), 'item')}.")


def bought(
    families: list[str], start: dt.date, end: dt.date, growth: float, held: float
) -> pd.DataFrame:
    """Item totals from what sold in the same weeks a year before.

    Parameters
    ----------
    growth, held
        Percent more than then, and percent of it that is held back.
    """
    back = dt.timedelta(days=364)
    sold = queries.ask("season_sold", families=families, since=start - back, until=end - back)
    total = np.round(sold["qty"] * (1 + growth / 100))
    return pd.DataFrame(
        {
            "item_id": sold["item_id"],
            "qty_total": total,
            "qty_held_back": np.floor(total * held / 100),
            "pack": 1.0,
        }
    )


def again(choice: Choice, version: records.Version) -> None:
    """Bring an earlier version back as the newest one."""
    if not signed():
        say("missing", "Give your name first: it stands beside what you bring back.")
        return
    setup = replace(version.setup, season_id=choice.season_id)
    records.keep_setup(setup, signed(), f"version {version.number} brought back")
    say("done", f"Version {version.number} is in force again, as version {choice.version + 1}.")
