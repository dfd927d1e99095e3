"""What became of proposals: shown, opened, decided, released, taken back; nothing lost halfway."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from data import decisions
from data.journal import Entry, Journal

DAY = dt.date(2026, 6, 14)


def proposal(number: int = 1, **more: object) -> dict[str, object]:
    """A purchase of ten, as a row of the page."""
    told: dict[str, object] = {
        "proposal_id": f"P{number}", "kind": "purchase", "item_id": "A1", "site_id": "LYO",
        "from_site_id": None, "supplier_id": "S-1", "qty": 10.0, "unit_cost": 5.0,
        "unit_price": 8.0, "cost": 50.0, "order_by_date": pd.Timestamp("2026-06-14"),
        "expected_date": pd.Timestamp("2026-08-01"), "position_qty": 2.0, "lead_days": 40.0,
        "review_days": 7, "value_at_stake": 12.5, "why": "demand 2.1 a month",
    }  # fmt: skip
    return told | more


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}")) as opened:
        yield opened


def decide(journal: Journal, row: dict[str, object], decision: str, **more: object) -> int:
    qty = more.get("qty")
    assert qty is None or isinstance(qty, float)
    return journal.append(
        decisions.decided(
            [row], decision, "Ada", str(more.get("reason", "")), as_of=DAY, build_id="b", qty=qty
        )
    )


def row_of(journal: Journal, number: int = 1) -> pd.Series:
    rows = decisions.history(journal)
    return rows[rows["proposal_id"] == f"P{number}"].iloc[0]


def test_a_proposal_is_shown_once_opened_decided_and_released(journal: Journal) -> None:
    for _ in range(2):
        journal.append(decisions.seen(decisions.SHOWN, [proposal()], "Ada", "b"))
    journal.append(decisions.seen(decisions.OPENED, [proposal()], "Ada", "b"))
    assert row_of(journal)["decision"] == "open"
    assert pd.isna(row_of(journal)["decided_at"])
    assert decide(journal, proposal(), "approved") == 1
    assert decide(journal, proposal(), "approved") == 0
    row = row_of(journal)
    journal.append(
        decisions.seen(decisions.RELEASED, [proposal(decision_id=row["decision_id"])], "Ada", "b")
    )
    row = row_of(journal)
    assert row["decision"] == "approved"
    assert (row["decided_qty"], row["author"], row["item_id"]) == (10.0, "Ada", "A1")
    assert row["shown_at"] <= row["opened_at"] <= row["decided_at"] <= row["released_at"]
    assert len(journal.entries(decisions.SHOWN)) == 1


def test_a_decision_is_taken_back_and_made_anew_by_later_entries(journal: Journal) -> None:
    decide(journal, proposal(), "refused", reason="the airline leaves")
    first = row_of(journal)["decision_id"]
    decide(journal, proposal(decision_id=first), "open")
    assert row_of(journal)["decision"] == "open"
    second = row_of(journal)["decision_id"]
    decide(journal, proposal(decision_id=second), "changed", qty=4.0, reason="half is enough")
    row = row_of(journal)
    assert (row["decision"], row["decided_qty"], row["qty"]) == ("changed", 4.0, 10.0)
    assert row["reason"] == "half is enough"
    assert len(journal.entries(decisions.DECISION)) == 3


@pytest.mark.parametrize(
    ("decision", "qty", "reason", "message"),
    [
        ("refused", None, " ", "a change or a refusal needs a reason"),
        ("changed", 3.0, "", "a change or a refusal needs a reason"),
        ("changed", None, "less", "a change needs a quantity above 0; to order none, refuse"),
        ("changed", 0.0, "less", "a change needs a quantity above 0; to order none, refuse"),
    ],
)
def test_a_decision_without_its_reason_or_quantity_is_refused(
    decision: str, qty: float | None, reason: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        decisions.decided([proposal()], decision, "Ada", reason, as_of=DAY, build_id=None, qty=qty)


def test_history_kept_elsewhere_keeps_its_own_times(journal: Journal) -> None:
    for kind, at in ((decisions.SHOWN, "2026-01-05T08:00:00"),
                     (decisions.OPENED, "2026-01-05T09:30:00")):  # fmt: skip
        journal.append([Entry(kind, "proposal:P1", "desk", {"proposal_id": "P1", "at": at})])
    assert row_of(journal)["shown_at"] == pd.Timestamp("2026-01-05T08:00:00")
    assert row_of(journal)["opened_at"] == pd.Timestamp("2026-01-05T09:30:00")


def test_orders_count_as_placed_and_refusals_stay_quiet_for_a_while(journal: Journal) -> None:
    decide(journal, proposal(1), "approved")
    decide(journal, proposal(2), "refused", reason="no")
    rows = decisions.history(journal)
    for days, placed, quiet in ((0, ["P1"], ["P2"]), (13, ["P1"], ["P2"]), (14, [], ["P2"]),
                                (27, [], ["P2"]), (28, [], []), (-1, [], [])):  # fmt: skip
        day = DAY + dt.timedelta(days=days)
        assert decisions.placed(rows, day)["proposal_id"].to_list() == placed
        assert decisions.quiet(rows, day)["proposal_id"].to_list() == quiet


def test_the_last_limit_of_a_part_stands_and_an_empty_one_lifts_it(journal: Journal) -> None:
    journal.append([decisions.limit("A1", "LYO", "Ada", "shelf", build_id=None, max_level=5.0)])
    journal.append([decisions.limit("A1", "LYO", "Ada", "more", build_id=None, max_level=7.0)])
    journal.append([decisions.limit("B2", "LYO", "Bo", "old", build_id=None, is_stocked=False)])
    shelf, old = decisions.limits(journal).to_dict("records")
    assert (shelf["item_id"], shelf["max_level"], old["item_id"]) == ("A1", 7.0, "B2")
    assert pd.isna(shelf["min_level"])
    assert not old["is_stocked"]
    journal.append([decisions.limit("A1", "LYO", "Ada", "lifted", build_id=None)])
    assert decisions.limits(journal)["item_id"].to_list() == ["B2"]
    with pytest.raises(ValueError, match="the minimum 9 is above the maximum 5"):
        decisions.limit("A1", "LYO", "Ada", "", build_id=None, min_level=9.0, max_level=5.0)


KILLED = """
import os, signal, sys
import sqlalchemy as sa
from data import decisions
from data.journal import Journal
from tests.data.test_decisions import DAY, proposal

journal, seen = Journal(sys.argv[1]), []

def at_the_five_hundredth_row(statement):
    if statement.startswith("INSERT INTO entries"):
        seen.append(statement)
        if len(seen) == 500:
            os.kill(os.getpid(), signal.SIGKILL)

@sa.event.listens_for(journal._engine, "checkout")
def watch(connection, *_):
    connection.set_trace_callback(at_the_five_hundredth_row if sys.argv[2] == "kill" else None)

rows = [proposal(number) for number in range(1000)]
journal.append(decisions.decided(rows, "approved", "Ada", "", as_of=DAY, build_id="b"))
"""


def test_approving_a_thousand_at_once_loses_none_when_the_app_is_killed_halfway(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    root = Path(__file__).parents[2]

    def approve(how: str) -> int:
        command = [sys.executable, "-c", KILLED, url, how]
        return subprocess.run(command, cwd=root, check=False).returncode

    assert approve("kill") == -9
    with closing(Journal(url)) as journal:
        assert journal.entries(decisions.DECISION).empty
    assert approve("again") == 0
    assert approve("twice") == 0
    with closing(Journal(url)) as journal:
        rows = decisions.history(journal)
    assert (len(rows), set(rows["decision"])) == (1000, {"approved"})
