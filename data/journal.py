"""The journal: what people decided, when, on which build and why. Entries are only ever added."""

import os
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.errors import UserError

SETTING = "JOURNAL_URL"

_metadata = sa.MetaData()
_entries = sa.Table(
    "entries",
    _metadata,
    sa.Column("entry_no", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("entry_id", sa.String(36), nullable=False, unique=True),
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("kind", sa.String(60), nullable=False, index=True),
    sa.Column("subject_id", sa.String(400), nullable=False, index=True),
    sa.Column("build_id", sa.String(60), nullable=True),
    sa.Column("reason", sa.Text, nullable=True),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("reverses", sa.String(36), nullable=True),
)
COLUMNS = [column.name for column in _entries.columns]

_APPEND_ONLY = {
    "sqlite": [
        "CREATE TRIGGER IF NOT EXISTS entries_no_{verb} BEFORE {verb} ON entries "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION entries_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$",
        "CREATE OR REPLACE TRIGGER entries_no_{verb} BEFORE {verb} ON entries "
        "FOR EACH ROW EXECUTE FUNCTION entries_refuse()",
    ],
}


@dataclass(frozen=True)
class Entry:
    """One thing that somebody decided or wrote.

    Parameters
    ----------
    kind
        What it is: ``action``, ``decision``, ``override``, ``comment``, ...
    subject_id
        What it is about: a supplier, a part at a site, an order line.
    author
        Who wrote it, as they signed in or named themselves.
    payload
        The content, JSON-serialisable: quantities, dates, the proposal as it was shown.
    reason
        Why, in the author's words.
    build_id
        The build on the screen when it was written.
    reverses
        The ``entry_id`` that this entry takes back or replaces.
    entry_id
        Made once per intended entry; appending the same id again does nothing, so that a
        repeated click or a retry after a crash never counts twice.
    """

    kind: str
    subject_id: str
    author: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    build_id: str | None = None
    reverses: str | None = None
    entry_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class Journal:
    """An append-only table of entries, in SQLite or PostgreSQL.

    Parameters
    ----------
    url
        SQLAlchemy URL, such as ``sqlite:///.warehouse/journal.sqlite``.

    Raises
    ------
    UserError
        The database cannot be opened: says which, with the password left out, and why.
    """

    def __init__(self, url: str) -> None:
        try:
            self._engine = sa.create_engine(url)
            _metadata.create_all(self._engine)
            with self._engine.begin() as connection:
                for statement in _APPEND_ONLY.get(self._engine.dialect.name, []):
                    for verb in ("UPDATE", "DELETE") if "{verb}" in statement else ("",):
                        connection.execute(sa.text(statement.format(verb=verb)))
        except (sa.exc.ArgumentError, sa.exc.OperationalError, ImportError) as error:
            shown = url.rsplit("@", maxsplit=1)[-1]
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise UserError(
                f"{SETTING}: the journal at {shown} cannot be opened: {cause} "
                "(expected a SQLAlchemy URL of a SQLite file or a PostgreSQL database)"
            ) from error

    def append(self, entries: Iterable[Entry]) -> int:
        """Add entries in one transaction: all of them are kept, or none.

        Returns
        -------
        int
            How many were new; entries whose ``entry_id`` is already there are left as they are.
        """
        now = datetime.now(UTC).replace(tzinfo=None)
        rows = {
            entry.entry_id: {
                "entry_id": entry.entry_id,
                "recorded_at": now,
                "author": entry.author,
                "kind": entry.kind,
                "subject_id": entry.subject_id,
                "build_id": entry.build_id,
                "reason": entry.reason,
                "payload": dict(entry.payload),
                "reverses": entry.reverses,
            }
            for entry in entries
        }
        if not rows:
            return 0
        with self._engine.begin() as connection:
            known = self._known(connection, list(rows))
            fresh = [row for entry_id, row in rows.items() if entry_id not in known]
            if fresh:
                connection.execute(sa.insert(_entries), fresh)
        return len(fresh)

    @staticmethod
    def _known(connection: sa.Connection, entry_ids: list[str]) -> set[str]:
        """Those of the given ids that are in the journal already; asked for in batches."""
        known: set[str] = set()
        for start in range(0, len(entry_ids), 500):
            batch = entry_ids[start : start + 500]
            query = sa.select(_entries.c.entry_id).where(_entries.c.entry_id.in_(batch))
            known |= set(connection.execute(query).scalars())
        return known

    def entries(self, kind: str | None = None, subject_id: str | None = None) -> pd.DataFrame:
        """All entries of a kind and a subject, oldest first, reversed ones included.

        Returns
        -------
        pandas.DataFrame
            One row per entry with the columns of ``COLUMNS``; ``recorded_at`` is UTC.
        """
        query = sa.select(_entries).order_by(_entries.c.entry_no)
        if kind is not None:
            query = query.where(_entries.c.kind == kind)
        if subject_id is not None:
            query = query.where(_entries.c.subject_id == subject_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return pd.DataFrame([dict(row) for row in rows], columns=COLUMNS)

    def standing(self, kind: str, subject_id: str | None = None) -> pd.DataFrame:
        """Entries of a kind that no later entry reverses, oldest first."""
        entries = self.entries(kind, subject_id)
        return entries[~entries["entry_id"].isin(entries["reverses"].dropna())].reset_index(
            drop=True
        )

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def journal_url(warehouse: Path) -> str:
    """URL of the journal: the setting ``JOURNAL_URL``, else a SQLite file in the warehouse."""
    return os.environ.get(SETTING) or f"sqlite:///{(warehouse / 'journal.sqlite').resolve()}"
