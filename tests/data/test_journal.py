"""The journal keeps what people decided and never changes it."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.errors import UserError
from data.journal import Entry, Journal, journal_url


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    yield opened
    opened.close()


def action(subject_id: str, **more: str) -> Entry:
    return Entry("action", subject_id, author="A. Planner", payload={"due": "2026-07-01"}, **more)


def test_an_entry_comes_back_as_it_was_written(journal: Journal) -> None:
    journal.append([action("S-014", reason="slipped three times", build_id="20260614-1")])
    entry = journal.entries("action", "S-014").iloc[0]
    assert entry["author"] == "A. Planner"
    assert entry["payload"] == {"due": "2026-07-01"}
    assert entry["reason"] == "slipped three times"
    assert entry["build_id"] == "20260614-1"


def test_the_same_entry_appended_twice_counts_once(journal: Journal) -> None:
    entry = action("S-014")
    assert journal.append([entry, entry]) == 1
    assert journal.append([entry]) == 0
    assert len(journal.entries()) == 1


def test_a_reversal_takes_an_entry_out_of_force_and_keeps_it_in_the_history(
    journal: Journal,
) -> None:
    first = action("S-014")
    second = action("S-014", reverses=first.entry_id)
    journal.append([first])
    journal.append([second])
    assert journal.standing("action")["entry_id"].tolist() == [second.entry_id]
    assert len(journal.entries("action")) == 2


@pytest.mark.parametrize("statement", ["DELETE FROM entries", "UPDATE entries SET author = 'x'"])
def test_nothing_in_the_journal_can_be_changed(
    journal: Journal, tmp_path: Path, statement: str
) -> None:
    journal.append([action("S-014")])
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
    assert len(journal.entries()) == 1


def test_a_batch_killed_before_its_end_leaves_all_or_nothing(tmp_path: Path) -> None:
    database = tmp_path / "journal.sqlite"
    script = textwrap.dedent(f"""
        import os
        from data.journal import Entry, Journal
        def entries():
            for number in range(1000):
                yield Entry("decision", f"part-{{number}}", author="A. Planner")
        journal = Journal("sqlite:///{database}")
        journal.append(entries())
        print("kept", flush=True)
        journal.append(Entry("decision", f"more-{{n}}", author="x") if n < 500 else os._exit(9)
                       for n in range(1000))
    """)
    run = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert (run.returncode, run.stdout.strip()) == (9, "kept")
    journal = Journal(f"sqlite:///{database}")
    assert len(journal.entries("decision")) == 1000
    journal.close()


def test_two_thousand_ids_are_checked_in_batches(journal: Journal) -> None:
    entries = [action(f"part-{number}") for number in range(2000)]
    assert journal.append(entries) == 2000
    assert journal.append(entries) == 0


def test_a_journal_that_cannot_be_opened_is_one_clear_line_without_the_password() -> None:
    with pytest.raises(UserError) as raised:
        Journal("nonsense://user:secret@host/db")
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "expected a SQLAlchemy URL" in str(raised.value)


def test_the_journal_lies_in_the_warehouse_unless_set_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOURNAL_URL", raising=False)
    assert journal_url(tmp_path).endswith("journal.sqlite")
    monkeypatch.setenv("JOURNAL_URL", "postgresql://db/journal")
    assert journal_url(tmp_path) == "postgresql://db/journal"
