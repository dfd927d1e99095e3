"""The only border between pages and data: reads the current build, and never writes to it.

A build is opened read-only with external access off and the configuration locked. Each call takes
its own cursor. Answers are cached under the name of the build, so a new build is picked up at the
next rerun while others still read the old one.
"""

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from data import metrics, register, rejects, settings, warehouse
from data.errors import UserError
from data.journal import COLUMNS, Entry, Journal, journal_url
from ui.exports import Provenance

QUESTIONS = Path(__file__).parent / "sql"

Where = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Build:
    """The build a page reads.

    Attributes
    ----------
    build_id
        Its name, as in '20260614-1'.
    as_of_date
        The date T up to which facts were taken.
    published_at
        When it was published.
    """

    build_id: str
    as_of_date: dt.date
    published_at: dt.datetime


def warehouse_path() -> Path:
    """Directory of the lake and the builds: the environment variable WAREHOUSE, else .warehouse."""
    return Path(os.environ.get("WAREHOUSE") or ".warehouse")


def build() -> Build | None:
    """Find the build published last; None in an empty warehouse."""
    found = warehouse.current_build(warehouse_path())
    if found is None:
        return None
    _forget_if_remade(found.build_id, found.token)
    facts = _about(found.build_id)
    published = dt.datetime.fromisoformat(found.published_at)
    return Build(found.build_id, facts["as_of_date"].date(), published)


def failed_build() -> warehouse.FailedBuild | None:
    """Say what the last build failed by; None where the last build was published."""
    return warehouse.failed_checks(warehouse_path())


def agreed() -> settings.Settings:
    """Read what was agreed: the settings, then the changes that the journal holds.

    A faulty file of settings counts as none; a journal that cannot be opened holds no change.
    """
    found = agreed_or_fault()
    begun = settings.Settings() if isinstance(found, UserError) else found
    return register.with_changes(begun, register_changes())


def register_changes() -> pd.DataFrame:
    """Changes of the KPI register that stand, oldest first; empty where there is no journal."""
    is_there = "JOURNAL_URL" in os.environ or (warehouse_path() / "journal.sqlite").exists()
    if not is_there:
        return pd.DataFrame(columns=COLUMNS)
    return _register_changes(journal_url(warehouse_path()))


@st.cache_data(max_entries=4, ttl=30, show_spinner=False)
def _register_changes(url: str) -> pd.DataFrame:
    try:
        with closing(Journal(url)) as journal:
            return journal.standing(register.KIND)
    except UserError:
        return pd.DataFrame(columns=COLUMNS)


def change_register(entry: Entry) -> None:
    """Keep a change of the register; every page goes by it from now on."""
    with closing(Journal(journal_url(warehouse_path()))) as journal:
        journal.append([replace(entry, build_id=needed().build_id)])
    _register_changes.clear()


def agreed_or_fault() -> settings.Settings | UserError:
    """Read the settings, or say what is wrong with their file."""
    try:
        return settings.read(settings.settings_path(warehouse_path()))
    except UserError as fault:
        return fault


@st.cache_resource(show_spinner=False)
def _tokens() -> dict[str, str]:
    """Remember under which token each build was opened."""
    return {}


def _forget_if_remade(build_id: str, token: str) -> None:
    """Drop every answer where a warehouse made anew gave a build the name of an earlier one."""
    if _tokens().setdefault(build_id, token) != token:
        st.cache_data.clear()
        _connection.clear()
        _catalogue.clear()
        _tokens()[build_id] = token


@st.cache_resource(max_entries=3, show_spinner=False)
def _connection(folder: str, build_id: str) -> Any:
    """Open one build for all sessions; it stays open while answers from it are still asked for."""
    return warehouse.connect(Path(folder), build_id)


def _cursor(build_id: str) -> Any:
    """Take a cursor of one's own: a connection shared by threads fails under load."""
    return _connection(str(warehouse_path()), build_id).cursor()


@st.cache_data(max_entries=8, show_spinner=False)
def _about(build_id: str) -> dict[str, Any]:
    return dict(_run(build_id, "about", {}).iloc[0])


def _run(build_id: str, question: str, parameters: dict[str, Any]) -> pd.DataFrame:
    with closing(_cursor(build_id)) as cursor:
        answer: pd.DataFrame = cursor.execute(_text(question), parameters).df()
    return answer


@lru_cache(maxsize=64)
def _text(question: str) -> str:
    return (QUESTIONS / f"{question}.sql").read_text(encoding="utf-8")


@st.cache_data(max_entries=500, show_spinner=False)
def _ask(build_id: str, question: str, parameters: dict[str, Any]) -> pd.DataFrame:
    return _run(build_id, question, parameters)


def ask(question: str, **parameters: Any) -> pd.DataFrame:
    """Answer one of the questions in `ui/sql/`, whose parameters are written $name there.

    Raises
    ------
    LookupError
        When nothing has been built yet: pages stop at their empty state before they ask.
    """
    return _ask(needed().build_id, question, parameters)


def needed() -> Build:
    """Find the build published last.

    Raises
    ------
    LookupError
        When nothing has been built yet.
    """
    current = build()
    if current is None:
        raise LookupError("nothing has been built yet")
    return current


@st.cache_data(max_entries=1000, show_spinner=False)
def _measure(
    build_id: str,
    metric: str,
    *,
    every: str | None,
    by: tuple[str, ...],
    since: dt.date | None,
    until: dt.date | None,
    where: tuple[tuple[str, tuple[str, ...]], ...],
) -> pd.DataFrame:
    chosen = {name: list(values) for name, values in where}
    with closing(_cursor(build_id)) as cursor:
        return metrics.measure(
            cursor, metric, every=every, by=by, since=since, until=until, where=chosen
        )


def measure(
    metric: str,
    *,
    every: str | None = None,
    by: Sequence[str] = (),
    since: dt.date | None = None,
    until: dt.date | None = None,
    where: Where | None = None,
) -> pd.DataFrame:
    """Measure one metric over the current build; see `data.metrics.measure`."""
    chosen = tuple(sorted((name, tuple(values)) for name, values in (where or {}).items()))
    return _measure(
        needed().build_id,
        metric,
        every=every,
        by=tuple(by),
        since=since,
        until=until,
        where=chosen,
    )


def catalogue() -> dict[str, metrics.Metric]:
    """Every metric by its identifier, as the current build defined it."""
    return _catalogue(needed().build_id)


@st.cache_resource(max_entries=8, show_spinner=False)
def _catalogue(build_id: str) -> dict[str, metrics.Metric]:
    with closing(_cursor(build_id)) as cursor:
        return metrics.built_catalogue(cursor)


def to_mend(files: Sequence[str], feed: str) -> pd.DataFrame:
    """Read every faulty row of some files, as `data.rejects.to_mend` writes it.

    The build holds the first rejected rows of each load; these come whole, from the lake.

    Raises
    ------
    UserError
        When the files have different columns.
    """
    return _to_mend(needed().build_id, tuple(files), feed)


@st.cache_data(max_entries=20, show_spinner=False)
def _to_mend(build_id: str, files: tuple[str, ...], feed: str) -> pd.DataFrame:
    found = pd.concat(
        [rejects.read_rejects(warehouse_path(), file) for file in files], ignore_index=True
    )
    return rejects.to_mend(found[found["feed"] == feed])


def provenance(definitions: Sequence[str], filters: str) -> Provenance:
    """State what an export of these metrics holds, for the build now read."""
    current, known = needed(), catalogue()
    named = [f"{name} v{known[name].version}" if name in known else name for name in definitions]
    return Provenance("; ".join(named), current.as_of_date, current.build_id, filters)
