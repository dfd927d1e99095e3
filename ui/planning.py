"""What stock is planned from on a page: the desk of the current build, kept while the build is."""

import pandas as pd
import streamlit as st

from forecasting.promises import credibility
from forecasting.stock import echelons, lead_times
from forecasting.stock.desk import Desk, open_desk
from forecasting.stock.scenarios import grid
from forecasting.stock.wishes import Wish, held_value
from ui import queries, shell


def require() -> None:
    """Stop the page at its empty state while there is nothing to plan from."""
    if _is_there() and not queries.ask("plan_demand").empty:
        return
    shell.needs_run(
        "There is nothing to plan from yet",
        "Stock is planned from forecasts, stock snapshots and PO lines. Load them, then "
        "make the forecasts of this build; they come with the next one:",
    )


def desk() -> Desk:
    """Everything that a stock decision needs, of the current build: see `forecasting.stock.desk`.

    The same object while the build is the same; nothing in it may be changed.
    """
    return _desk(queries.needed().build_id)


def planned_desk() -> Desk:
    """The desk with what centres keep under the client's own wish; without centres, `desk()`."""
    return _planned_desk(queries.needed().build_id)


def with_centres(other: Desk, most_levels: int) -> Desk:
    """Choose what centres keep, under the client's own wish: see `echelons.planned`."""
    asked = queries.agreed().planning
    wish = Wish(asked.objective, asked.budget, asked.target, asked.floor, asked.value_share)
    return echelons.planned(other, wish, stock_value(), most_levels)


def stock_value() -> float:
    """Value of what is on the shelves now [currency]."""
    known = desk()
    return held_value(known.inventory.on_hand, known.items.unit_cost)


def open_lines() -> pd.DataFrame:
    """Open PO lines with the day they are expected: see `lead_times.expected_arrivals`."""
    return _open_lines(queries.needed().build_id)


def _is_there() -> bool:
    return bool(queries.ask("has_plan")["is_there"].iloc[0])


@st.cache_resource(max_entries=2, show_spinner="Matching demand, stock and lead times")
def _desk(build_id: str) -> Desk:
    run = queries.ask("forecast_run").iloc[0]
    positions = queries.ask("plan_positions")
    # Plants need what their builds need: that is no demand of the shelf.
    return open_desk(
        positions[positions["site_type"] != "plant"],
        queries.ask("plan_demand"),
        lead_times.learn(queries.ask("plan_lead_times")),
        _open_lines(build_id),
        freq=str(run["freq"]),
        as_of=pd.Timestamp(queries.needed().as_of_date),
    )


@st.cache_resource(max_entries=2, show_spinner="Choosing what centres keep")
def _planned_desk(build_id: str) -> Desk:
    known = _desk(build_id)
    return with_centres(known, grid(len(known)))


@st.cache_data(max_entries=2, show_spinner=False)
def _open_lines(build_id: str) -> pd.DataFrame:
    promised = queries.ask("promise_slips")
    known = not promised.empty and not promised["is_open"].all()
    return lead_times.expected_arrivals(
        queries.ask("plan_open_lines"),
        credibility.fit(promised) if known else None,
        lead_times.learn(queries.ask("plan_lead_times")),
        pd.Timestamp(queries.needed().as_of_date),
    )
