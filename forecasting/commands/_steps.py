"""What the steps of `python -m forecasting run` share.

A step is a function from a `Work` to tables of the contract in `data.forecasts`, by their names.
It reads the build through `work.con`, what earlier steps found through `work.tables` and
`work.needed`, and says its progress with a bar of its own. A step that finds nothing to work on
gives its tables without rows. `forecasting.commands.run.STEPS` lists them in their order.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from data import forecasts


@dataclass(frozen=True)
class Rhythm:
    """Weeks or months, and how far ahead.

    Parameters
    ----------
    freq
        W (weeks from Monday) or MS (months).
    reason
        Why.
    horizon
        Periods ahead.
    n_periods
        Periods of history.
    """

    freq: str
    reason: str
    horizon: int
    n_periods: int


@dataclass(frozen=True)
class Options:
    """What the caller asked for: see the command's own words."""

    seed: int = 0
    jobs: int = 1
    windows: int = 2
    freq: str | None = None
    include: tuple[str, ...] = ()


@dataclass
class Work:
    """The run as it stands between two steps.

    Parameters
    ----------
    con
        Read-only connection to the current build.
    as_of
        Its last day.
    warehouse
        Its folder.
    options
        What the caller asked for.
    place
        Folder of kept results; None computes everything anew.
    tables
        What the steps before have made.
    rhythm
        What the step that forecasts demand decided; None before it.
    counts
        Results made, and results taken from before.
    """

    con: Any
    as_of: date
    warehouse: Path
    options: Options
    place: Path | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    rhythm: Rhythm | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"made": 0, "kept": 0})

    @property
    def needed(self) -> Rhythm:
        """The rhythm, for steps that come after it was decided."""
        assert self.rhythm is not None, "the step that forecasts demand comes first"
        return self.rhythm


Step = Callable[[Work], dict[str, pd.DataFrame]]


def shaped(rows: pd.DataFrame, table: str, names: dict[str, str] | None = None) -> pd.DataFrame:
    """The columns of the contract in its order, after renaming by `names`; dates as dates."""
    columns = forecasts.TABLES[table]
    picked = rows.rename(columns=names or {})[list(columns)]
    for column, kind in columns.items():
        if kind == "DATE":
            picked[column] = pd.to_datetime(picked[column]).dt.date
    return picked


def empty(table: str) -> pd.DataFrame:
    """A table of the contract without rows."""
    return pd.DataFrame(columns=list(forecasts.TABLES[table]))
