"""Loading and building with every step told, and where to go next."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from data import build, ingest, settings
from data.errors import UserError
from data.lake import ledger
from data.report import LoadReport
from ui import formats, queries, shell

Tell = Callable[[str, int, int], None]
"""Told of each step: its name, its number, and how many there are."""
SAMPLE = Path(__file__).parent.parent / "sample_data"
PAGES = {
    "pages/fill_rate.py": ("Fill rate", ("order_lines", "shipments", "order_promises")),
    "pages/promise_dates.py": (
        "Promise dates",
        ("purchase_order_lines", "receipts", "supplier_promises"),
    ),
    "pages/engine_line.py": ("Engine line", ("builds", "build_requirements")),
    "pages/demand_forecast.py": ("Demand forecast", ("demand",)),
}
"""Page on which the rows of some feeds are seen first."""


def pressed(label: str, key: str, icon: str) -> bool:
    """Draw a button; tell once whether it was pressed, even where the page is drawn anew first."""

    def press() -> None:
        st.session_state[f"{key}-pressed"] = True

    st.button(label, icon=icon, key=key, on_click=press, type="primary")
    return bool(st.session_state.pop(f"{key}-pressed", False))


def load_one(path: Path, feed: str | None = None, mapping: Path | None = None) -> list[LoadReport]:
    """Load one file."""
    return ingest.ingest([path], queries.warehouse_path(), feed, mapping)


def run(load: Callable[[Tell], list[LoadReport]]) -> None:
    """Load, then build, telling each step; say what came of it and where to go next."""
    with st.status("Loading", expanded=True) as status:
        try:
            step = st.empty()

            def tell_file(name: str, number: int, of: int) -> None:
                status.update(label=f"Loading, file {number} of {of}")
                # A file is named by whoever sent it: its name is text, never markdown.
                step.text(name)

            def tell_step(name: str, number: int, of: int) -> None:
                status.update(label=f"Building, step {number} of {of}")
                step.progress(number / of, text=name.replace("_", " "))

            loaded = [report for report in load(tell_file) if report.status == "loaded"]
            accepted = sum(report.entry.rows_accepted for report in loaded)
            st.text(f"{formats.lines(accepted, 'row')} accepted")
            report = build.build(queries.warehouse_path(), progress=tell_step)
        except UserError as fault:
            status.update(label="Nothing was built", state="error")
            st.text(str(fault))
            return
        step.empty()
        if report.build is None:
            status.update(label="A check failed: the build before stays in use", state="error")
            for check in report.failed:
                st.text(f"{check.rule}: {formats.lines(check.n_rows, 'row')}")
                st.text("\n".join(check.examples))
            return
        faulty = sum(one.entry.n_faults for one in loaded)
        said = f"{formats.lines(accepted, 'row')} accepted, {formats.count(faulty)} faulty"
        status.update(label=f"Build {report.build.build_id} is in use: {said}", state="complete")
        st.text(f"As of {formats.day(report.as_of_date)}, in {report.seconds:.0f} s.")
    onward({report.entry.feed for report in loaded})


def onward(feeds: set[str]) -> None:
    """Link to the pages on which rows of these feeds are seen."""
    with st.container(horizontal=True):
        st.page_link(shell.HOME, label="See the figures", icon=":material/monitoring:")
        for page, (label, shown) in PAGES.items():
            if feeds & set(shown):
                st.page_link(page, label=label, icon=":material/arrow_forward:")
        st.page_link(
            "pages/data_health.py", label="See every rejected row", icon=":material/fact_check:"
        )


def offer_sample() -> None:
    """Offer the sample data in an empty warehouse."""
    feeds = SAMPLE / "feeds"
    if ledger(queries.warehouse_path()) or not feeds.is_dir():
        return
    with st.container(border=True):
        st.markdown(
            "Nothing is loaded yet. To look around first, load the sample: a simulated engine "
            "maker's spare parts, suppliers and builds, and a grocer's seasons."
        )
        if pressed("Load the sample data", "sample", ":material/science:"):
            run(lambda tell: _load_sample(sorted(feeds.iterdir()), tell))


def _load_sample(paths: Sequence[Path], tell: Tell) -> list[LoadReport]:
    reports: list[LoadReport] = []
    for number, path in enumerate(paths, 1):
        tell(path.name, number, len(paths))
        reports += load_one(path)
    agreed = settings.settings_path(queries.warehouse_path())
    if (SAMPLE / "settings.toml").exists() and not agreed.exists():
        shutil.copyfile(SAMPLE / "settings.toml", agreed)
    return reports
