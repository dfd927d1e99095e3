"""Files from the browser into the lake: first a look at what would happen, then load and build."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from data import mappings
from data.choose import safe_name
from data.errors import UserError
from data.feeds import FEEDS
from data.report import LoadReport
from ui import describing, formats, mending, queries, running
from ui.previews import File, Plan, on_disk, outcome, previewed, refuse

SUFFIXES = ["csv", "tsv", "txt", "parquet", "xlsx"]
BY_NAME = "by the file name and header"


def chosen_files() -> tuple[list[File], File | None, str | None]:
    """Ask for files and, for other column names, a mapping; return files, mapping and feed."""
    uploads = st.file_uploader(
        "Drop files here: CSV, TSV, Parquet or Excel",
        type=SUFFIXES,
        accept_multiple_files=True,
        key="files",
        help="Nothing is loaded before you have seen what would happen and confirmed it.",
    )
    files = [File(one.name, one.getvalue()) for one in uploads or []]
    with st.expander("A mapping file, a feed, or rejected rows to try again"):
        upload = st.file_uploader("Mapping file (TOML)", type=["toml"], key="mapping")
        feed = st.selectbox("Recognise the feed", [BY_NAME, *FEEDS], key="feed")
        again = mending.again()
    if again is not None:
        files.append(File(*again, is_again=True))
    mapping = File(upload.name, upload.getvalue()) if upload else None
    return files, mapping, None if feed == BY_NAME else feed


def planned(files: Sequence[File], mapping: File | None, feed: str | None) -> list[Plan]:
    """Say for each file what would become of it, and return what can be loaded."""
    plans: list[Plan] = []
    unknown = 0
    for place, file in enumerate(files):
        try:
            plan = _plan(file, mapping, feed)
            reports = previewed(plan)
        except UserError as fault:
            refuse(fault)
            continue
        is_known = all(report.status != "refused" for report in reports)
        unknown += not is_known
        for number, report in enumerate(reports):
            outcome(report, f"{place}-{number}", is_known=is_known or mapping is not None)
        if all(report.status == "already loaded" for report in reports):
            continue
        # One form at a time is opened by itself; any other where it is asked for.
        opened = file.is_again or (not is_known and mapping is None and unknown == 1)
        if st.toggle(
            "Say how this file is read", value=opened, key=f"describe-{file.file_id}"
        ) and (described := _described(plan, f"{place}-described")):
            plans.append(described)
        elif is_known:
            plans.append(plan)
    return plans


def _plan(file: File, mapping: File | None, feed: str | None) -> Plan:
    """Return as what a file is loaded: as told, else as a mapping says that is kept and fits."""
    if mapping:
        return Plan(file, feed, mapping.name, mapping.body)
    if file.mapping:
        return Plan(file, feed, "mapping.toml", file.mapping)
    plan = Plan(file, feed)
    if feed or all(report.status != "refused" for report in previewed(plan)):
        return plan
    with on_disk(plan) as (path, _):
        fits = mappings.fitting(path, queries.warehouse_path())
    if not fits:
        return plan
    chosen = fits[0]
    if len(fits) > 1:
        chosen = st.selectbox(
            "Mapping", fits, format_func=lambda place: place.name, key=f"fits-{file.file_id}"
        )
    st.text(f"{file.name} has the columns of the kept mapping {chosen.name}.")
    return Plan(file, feed, chosen.name, chosen.read_bytes())


def _described(plan: Plan, place: str) -> Plan | None:
    """Let the reader say how a file is read, and show beside it what would become of it."""
    key = plan.file.file_id
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown("**How is it read?** The effect of each change is shown at once.")
            is_text = st.toggle(
                "Write it as text (TOML)", value=bool(plan.mapping), key=f"{key}-as-text"
            )
        form, effect = st.columns([1.9, 1], gap="medium")
        try:
            with form:
                text = _text(plan, key, is_text=is_text)
                made = _named(plan, text, key)
            reports = previewed(made)
        except UserError as fault:
            with effect:
                refuse(fault)
            return None
        with effect:
            for number, report in enumerate(reports):
                outcome(report, f"{place}-{number}")
    return made if any(report.status == "loaded" for report in reports) else None


def _text(plan: Plan, key: str, *, is_text: bool) -> str:
    """Return the mapping: from the form, or as the reader wrote it.

    Raises
    ------
    UserError
        Where the file cannot be read as a table.
    """
    told = plan.mapping.decode("utf-8", errors="replace")

    def looked_at(look: Any) -> Any:
        with on_disk(Plan(plan.file)) as (path, _):
            return look(path)

    if not is_text:
        made = describing.form(plan.file.name, key, looked_at)
        st.session_state[f"{key}-formed"] = made
        return made
    began = told or st.session_state.get(f"{key}-formed", "")
    return st.text_area("Mapping", began, height=420, key=f"{key}-toml")


def _named(plan: Plan, text: str, key: str) -> Plan:
    """Ask for the name under which the mapping is kept, and offer it as a file."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Keep the mapping as",
            plan.mapping_name or f"{Path(safe_name(plan.file.name)).stem}.toml",
            key=f"{key}-name",
            help="The next file with these columns is read by it, here and by "
            "`python -m data ingest FILE --mapping NAME`.",
        )
        made = f"{Path(safe_name(name or '')).stem}.toml"
        st.download_button(
            "Download the mapping",
            text,
            made,
            "application/toml",
            icon=":material/download:",
            on_click="ignore",
            key=f"{key}-download",
        )
    return Plan(plan.file, plan.feed, made, text.encode(), is_to_keep=True)


def confirm(plans: Sequence[Plan]) -> None:
    """Say what loading will do, and do it when asked."""
    reports = [report for plan in plans for report in previewed(plan)]
    fit = [report for report in reports if report.status == "loaded"]
    if not fit:
        st.info("There is nothing to load in these files yet.", icon=":material/info:")
        return
    accepted = sum(report.entry.rows_accepted for report in fit)
    faulty, copies, filtered = (
        sum(getattr(report.entry, name) for report in fit)
        for name in ("n_faults", "n_duplicates", "n_filtered")
    )
    told = [
        f"Loading adds **{formats.lines(accepted, 'row')}**",
        f"sets {formats.lines(faulty, 'row')} aside as faulty",
    ]
    told += [f"leaves out {formats.lines(copies, 'copied row')}"] if copies else []
    told += [f"leaves out {formats.lines(filtered, 'row')} by its mapping"] if filtered else []
    st.markdown(
        f"{', '.join(told)}, and builds all figures anew. A later delivery of the same rows "
        "replaces them; nothing that was loaded is lost."
    )
    if running.pressed("Load and build", "load", ":material/play_arrow:"):
        running.run(lambda tell: _load(plans, tell))
        st.session_state.pop("previewed", None)


def _load(plans: Sequence[Plan], tell: running.Tell) -> list[LoadReport]:
    """Load each file, and keep the mappings that were made here."""
    reports: list[LoadReport] = []
    for number, plan in enumerate(plans, 1):
        tell(plan.file.name, number, len(plans))
        with on_disk(plan) as (path, mapping):
            reports += running.load_one(path, plan.feed, mapping)
        if plan.is_to_keep:
            mappings.keep(queries.warehouse_path(), plan.mapping_name, plan.mapping.decode())
    return reports
