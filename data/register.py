"""The KPI register: who answers for each target, in which forum, how often, and what was changed.

The settings say how it began; what was agreed later stands in the journal and goes before them.
"""

import dataclasses
from typing import Any

import pandas as pd

from data.errors import UserError
from data.journal import Entry
from data.settings import CADENCES, Kept, Settings

KIND = "register"
FIELDS = ("target", "owner", "forum", "cadence")


def subject(metric: str) -> str:
    """What a change to a metric's row is filed under."""
    return f"kpi:{metric}"


def row(agreed: Settings, metric: str) -> dict[str, Any]:
    """What stands in the register for one metric: target, owner, forum, cadence."""
    kept = agreed.register.get(metric, Kept())
    return {"target": agreed.targets.get(metric), **dataclasses.asdict(kept)}


def change(
    agreed: Settings, metric: str, proposed: dict[str, Any], *, author: str, reason: str
) -> Entry:
    """Make the entry that changes a row of the register; it says what stood there before.

    Parameters
    ----------
    proposed
        The row as it is to stand: target [share], owner, forum, cadence.

    Raises
    ------
    UserError
        Nobody signs, no reason is given, nothing is changed, or a value cannot stand.
    """
    if not author.strip() or not reason.strip():
        raise UserError("A change needs who agreed it, and why.")
    before = row(agreed, metric)
    told = {name: value for name, value in proposed.items() if value != before[name]}
    if not told:
        raise UserError("Nothing was changed.")
    target = proposed["target"]
    if target is None or not 0 <= target <= 1:
        raise UserError(f"target is {target!r} (expected a share from 0 to 1)")
    if proposed["cadence"] not in CADENCES:
        raise UserError(
            f"cadence is {proposed['cadence']!r} (expected one of {', '.join(CADENCES)})"
        )
    payload = {"to": told, "from": {name: before[name] for name in told}}
    return Entry(KIND, subject(metric), author.strip(), payload, reason.strip())


def with_changes(agreed: Settings, entries: pd.DataFrame) -> Settings:
    """The settings as the changes agreed since leave them.

    Parameters
    ----------
    entries
        Standing entries of the kind `KIND`, oldest first.
    """
    targets, register = dict(agreed.targets), dict(agreed.register)
    for subject_id, payload in zip(entries["subject_id"], entries["payload"], strict=True):
        metric, told = str(subject_id).removeprefix("kpi:"), dict(payload["to"])
        if "target" in told:
            targets[metric] = told.pop("target")
        if told:
            register[metric] = dataclasses.replace(register.get(metric, Kept()), **told)
    return dataclasses.replace(agreed, targets=targets, register=register)
