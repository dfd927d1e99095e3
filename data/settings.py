"""What a client agreed: name, targets, who answers for them, go-live, planning; one TOML file."""

import datetime as dt
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.errors import UserError

KEYS = (
    "client",
    "currency",
    "go_live_date",
    "go_live_label",
    "targets",
    "register",
    "planning",
)
CADENCES = ("weekly", "monthly", "quarterly")
OBJECTIVES = ("units", "lines", "value", "criticality")


@dataclass(frozen=True)
class Planning:
    """How the client wants its stock planned.

    Attributes
    ----------
    objective
        What the money is to fill: units, lines, value or criticality.
    budget
        Mean on-hand value not to exceed [currency]; None is the value of today's stock.
    target
        Fill of the objective to reach, in (0, 1), instead of a budget; None for none.
    floor
        Least chance of no shortage of every part at every site, in [0, 1).
    value_share
        Share that the value fill must keep of what the same budget could buy at most, in [0, 1).
    review_days
        Days between two reviews, at which orders are placed.
    holding_rate
        Cost of holding stock, per value and year; only to say what a change of mind cost.
    """

    objective: str = "lines"
    budget: float | None = None
    target: float | None = None
    floor: float = 0.5
    value_share: float = 0.75
    review_days: int = 7
    holding_rate: float = 0.2


@dataclass(frozen=True)
class Kept:
    """Who answers for a target, and where and how often it is looked at.

    Attributes
    ----------
    owner
        Who answers for it; empty while nobody does.
    forum
        The meeting that looks at it; empty while there is none.
    cadence
        How often it is judged: weekly, monthly or quarterly, over the last whole one of these.
    """

    owner: str = ""
    forum: str = ""
    cadence: str = "monthly"


@dataclass(frozen=True)
class Settings:
    """Everything a page may say that does not come from the data.

    Attributes
    ----------
    client
        Name shown in the sidebar; empty when none is given.
    currency
        Currency of every amount in the feeds, as written beside money.
    go_live_date
        Day from which the provider was responsible; a line on every trend when given.
    go_live_label
        What the line is called.
    targets
        Target of each metric, as a share in [0, 1]. A metric without one has no target shown.
    register
        Owner, forum and cadence of each metric that has a target; absent while nobody was named.
    planning
        Objective, money or target, and floor of the stock decisions.
    """

    client: str = ""
    currency: str = "EUR"
    go_live_date: dt.date | None = None
    go_live_label: str = "Go-live"
    targets: dict[str, float] = field(default_factory=dict)
    register: dict[str, Kept] = field(default_factory=dict)
    planning: Planning = field(default_factory=Planning)


def settings_path(warehouse: Path) -> Path:
    """Find the file: the environment variable SETTINGS, else `settings.toml` in the warehouse."""
    return Path(os.environ.get("SETTINGS") or warehouse / "settings.toml")


def read(path: Path) -> Settings:
    """Read the settings; a file that does not exist means no client, no target and no go-live.

    Raises
    ------
    UserError
        When the file is not TOML, holds a key that is not known, or a value of the wrong kind: the
        message names the file, the key and what is expected.
    """
    if not path.exists():
        return Settings()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UserError(f"{path.name} is not valid TOML: {fault}") from fault
    for key in found:
        if key not in KEYS:
            raise UserError(f"{path.name}: unknown key {key!r} (expected {', '.join(KEYS)})")
    for key in ("client", "currency", "go_live_label"):
        if not isinstance(found.get(key, ""), str):
            raise UserError(f"{path.name}: {key} is {found[key]!r} (expected text)")
    go_live = found.get("go_live_date")
    if go_live is not None and type(go_live) is not dt.date:
        raise UserError(f"{path.name}: go_live_date is {go_live!r} (expected a date: 2026-01-05)")
    targets = found.get("targets", {})
    if not isinstance(targets, dict):
        raise UserError(f"{path.name}: targets is {targets!r} (expected a table: [targets])")
    for metric, target in targets.items():
        if isinstance(target, bool) or not isinstance(target, int | float) or not 0 <= target <= 1:
            raise UserError(
                f"{path.name}: target of {metric} is {target!r} (expected a share from 0 to 1)"
            )
    register = _register(path, found.get("register", {}))
    planning = _planning(path, found.get("planning", {}))
    return Settings(**{**found, "register": register, "planning": planning})


def _register(path: Path, found: object) -> dict[str, Kept]:
    """Check the tables [register.METRIC], key by key."""
    if not isinstance(found, dict) or not all(isinstance(kept, dict) for kept in found.values()):
        raise UserError(f"{path.name}: register is {found!r} (expected tables: [register.METRIC])")
    for metric, kept in found.items():
        for key, value in kept.items():
            if key not in ("owner", "forum", "cadence"):
                raise UserError(
                    f"{path.name}: unknown key {key!r} of [register.{metric}] "
                    "(expected owner, forum, cadence)"
                )
            if not isinstance(value, str) or (key == "cadence" and value not in CADENCES):
                expected = f"one of {', '.join(CADENCES)}" if key == "cadence" else "text"
                raise UserError(
                    f"{path.name}: {key} of [register.{metric}] is {value!r} (expected {expected})"
                )
    return {metric: Kept(**kept) for metric, kept in found.items()}


def _planning(path: Path, found: object) -> Planning:
    """Check the table [planning], key by key."""
    if not isinstance(found, dict):
        raise UserError(f"{path.name}: planning is {found!r} (expected a table: [planning])")
    for key, value in found.items():
        if key not in _EXPECTED:
            raise UserError(
                f"{path.name}: unknown key {key!r} of [planning] (expected {', '.join(_EXPECTED)})"
            )
        expected, is_right = _EXPECTED[key]
        if isinstance(value, bool) or not is_right(value):
            raise UserError(f"{path.name}: {key} of [planning] is {value!r} (expected {expected})")
    if "budget" in found and "target" in found:
        raise UserError(f"{path.name}: [planning] has a budget and a target (expected one of them)")
    return Planning(**found)


def _is_number(least: float, below: float, *, may_be_least: bool = True) -> Callable[[Any], bool]:
    """Make a test for numbers from `least` to under `below`."""
    return lambda value: (
        isinstance(value, int | float)
        and least <= value < below
        and (may_be_least or value > least)
    )


_EXPECTED: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "objective": (f"one of {', '.join(OBJECTIVES)}", lambda value: value in OBJECTIVES),
    "budget": ("a sum of money, 0 or more", _is_number(0, float("inf"))),
    "target": ("a share between 0 and 1", _is_number(0, 1, may_be_least=False)),
    "floor": ("a share from 0 to below 1", _is_number(0, 1)),
    "value_share": ("a share from 0 to below 1", _is_number(0, 1)),
    "review_days": (
        "whole days, from 1 to 366",
        lambda value: isinstance(value, int) and 1 <= value <= 366,
    ),
    "holding_rate": ("a rate per year, 0 or more", _is_number(0, float("inf"))),
}
