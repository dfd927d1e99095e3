"""What every page has: its question, the state of the data in the sidebar, empty states."""

import datetime as dt
from collections.abc import Collection
from contextvars import ContextVar
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from data.errors import UserError
from ui import filters, formats, queries

PAGES = Path(__file__).parent.parent / "pages"
HOME = "pages/overview.py"
LOAD = "pages/load_data.py"


ROUTED: ContextVar[bool] = ContextVar("routed", default=False)
"""Whether `app.py` is running the page."""


CHOSEN: ContextVar[filters.Filters | None] = ContextVar("chosen", default=None)
"""The filters in force on the page that is run; None on a page without filters."""


def run(page: Page, *, has_filters: bool, without: Collection[str] = ()) -> None:
    """Run the page that the router chose, under the state of the data and the filters.

    Filters are drawn here and not by the page: what the router draws stays in the URL when the
    page changes. Those named in `without` say nothing about the page and are left out.
    """
    st.session_state[filters.PAGE] = page.url_path
    status()
    chosen = filters.sidebar(without) if has_filters and queries.build() is not None else None
    routed, given = ROUTED.set(True), CHOSEN.set(chosen)
    try:
        page.run()
    finally:
        ROUTED.reset(routed)
        CHOSEN.reset(given)


def status() -> None:
    """Say in the sidebar for whom, as of when, from which build and how old the figures are."""
    with st.sidebar:
        agreed = queries.agreed_or_fault()
        if isinstance(agreed, UserError):
            st.error("The settings cannot be read; targets and go-live are not shown.")
            st.text(str(agreed))
        elif agreed.client:
            st.text(agreed.client)
        current = queries.build()
        if current is None:
            st.caption("Nothing has been built yet.")
            return
        now = dt.datetime.now(dt.UTC)
        st.caption(
            f"As of **{formats.day(current.as_of_date)}** · build {current.build_id} · "
            f"built {formats.age(current.published_at, now)} ago"
        )


def header(title: str, question: str) -> None:
    """Write the title of a page and, under it, the question it answers and for whom."""
    if not ROUTED.get():
        # Streamlit runs a file in pages/ by itself when it is the first that a server is asked
        # for. Naming a navigation ends that for the whole server; then the router takes over.
        files = sorted(PAGES.glob("*.py"))
        pages = [st.Page(path, default=path.name == Path(HOME).name) for path in files]
        st.navigation(pages, position="hidden")
        st.rerun()
    st.title(title, anchor=False)
    st.caption(question)


def begin(title: str, question: str) -> filters.Filters:
    """Open a page that shows figures: title, question, filters; stop it while there is no build.

    Raises
    ------
    LookupError
        When the router does not give the page filters.
    """
    header(title, question)
    require_build()
    chosen = CHOSEN.get()
    if chosen is None:
        raise LookupError("the router gives this page no filters: name it in app.py")
    filters.active(chosen)
    return chosen


def require_build() -> None:
    """Stop the page at its empty state while there is no build."""
    if queries.build() is None:
        empty()


def empty() -> None:
    """Say what to do in an empty warehouse, and stop the page."""
    with st.container(border=True):
        st.header("There are no figures yet", anchor=False)
        st.markdown(
            "Supply Desk shows client, provider and suppliers the same fill rates, promise dates "
            "and stock, from the files that you load. Load your order lines and shipments, or look "
            "around in the sample first: the figures are there as soon as they are built."
        )
        with st.container(horizontal=True):
            st.page_link(LOAD, label="Load the sample data", icon=":material/science:")
            st.page_link(LOAD, label="Load your own files", icon=":material/upload_file:")
    st.stop()


def needs_run(title: str, says: str) -> None:
    """Say what a forecasting run would bring to the page and how to make one; stop the page."""
    with st.container(border=True):
        st.header(title, anchor=False)
        st.markdown(says)
        st.code("python -m forecasting run", language=None)
    st.stop()


def nothing(message: str) -> None:
    """Say that a stretch of time or a filter leaves nothing to show, and how to widen it."""
    st.info(f"{message} Choose a longer period or clear the filters.", icon=":material/info:")


def onward(page: str, label: str, icon: str, **parameters: str) -> None:
    """Link to the page where the next step is done, carrying the filters."""
    st.page_link(page, label=label, icon=icon, query_params={**filters.carried(), **parameters})


def section(title: str, says: str | None = None) -> None:
    """Begin a section of a page."""
    st.header(title, anchor=False, help=says)
