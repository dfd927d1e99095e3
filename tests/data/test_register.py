"""The KPI register: the settings say how it began, the journal what was agreed since."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from data import register
from data.errors import UserError
from data.journal import Journal
from data.settings import Kept, Settings

BEGUN = Settings(
    targets={"line_fill_rate": 0.9, "order_fill_rate": 0.8},
    register={"line_fill_rate": Kept("Ann", "Board", "weekly")},
)


def proposed(metric: str, **changed: Any) -> dict[str, Any]:
    return register.row(BEGUN, metric) | changed


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}")


def test_a_change_goes_before_the_settings_and_says_what_stood_there(journal: Journal) -> None:
    asked = proposed("line_fill_rate", target=0.92, owner="Bob")
    entry = register.change(BEGUN, "line_fill_rate", asked, author="Eve", reason="new contract")
    assert entry.payload == {
        "to": {"target": 0.92, "owner": "Bob"},
        "from": {"target": 0.9, "owner": "Ann"},
    }
    with closing(journal):
        journal.append([entry])
        now = register.with_changes(BEGUN, journal.standing(register.KIND))
    assert now.targets == {"line_fill_rate": 0.92, "order_fill_rate": 0.8}
    assert now.register == {"line_fill_rate": Kept("Bob", "Board", "weekly")}


def test_of_two_changes_the_later_stands_and_each_leaves_the_rest_alone(journal: Journal) -> None:
    first = register.change(
        BEGUN,
        "order_fill_rate",
        proposed("order_fill_rate", owner="Ann", forum="Board"),
        author="Eve",
        reason="nobody answered for it",
    )
    with closing(journal):
        journal.append([first])
        then = register.with_changes(BEGUN, journal.standing(register.KIND))
        asked = register.row(then, "order_fill_rate") | {"owner": "Bob"}
        journal.append(
            [register.change(then, "order_fill_rate", asked, author="Eve", reason="Ann left")]
        )
        now = register.with_changes(BEGUN, journal.standing(register.KIND))
    assert now.register["order_fill_rate"] == Kept("Bob", "Board", "monthly")
    assert now.targets == BEGUN.targets


@pytest.mark.parametrize(
    ("changed", "author", "reason", "message"),
    [
        ({"owner": "Bob"}, " ", "why", "needs who agreed it, and why"),
        ({"owner": "Bob"}, "Eve", "", "needs who agreed it, and why"),
        ({}, "Eve", "why", "Nothing was changed"),
        ({"target": 92}, "Eve", "why", "target is 92 (expected a share from 0 to 1)"),
        ({"cadence": "daily"}, "Eve", "why", "cadence is 'daily' (expected one of weekly"),
    ],
)
def test_a_change_that_cannot_stand_says_why(
    changed: dict[str, Any], author: str, reason: str, message: str
) -> None:
    asked = proposed("line_fill_rate", **changed)
    with pytest.raises(UserError) as told:
        register.change(BEGUN, "line_fill_rate", asked, author=author, reason=reason)
    assert message in str(told.value)
