"""Questions that pages ask, and what they cost."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data.metrics import measure

SQL = Path(__file__).parents[1] / "ui" / "sql"
QUARTER = {"since": date(2026, 3, 1), "until": date(2026, 5, 31)}
BEFORE = {"since": date(2025, 12, 1), "until": date(2026, 2, 28)}

Question = Callable[[duckdb.DuckDBPyConnection], pd.DataFrame]


def metric(name: str, **asked: Any) -> Question:
    """A metric, as `data.metrics.measure` is asked for it."""
    return lambda con: measure(con, name, **asked)


def rows(name: str, **asked: Any) -> Question:
    """The rows of a file in `ui/sql`."""
    text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    return lambda con: con.execute(text, asked).df()


def ask_all(con: duckdb.DuckDBPyConnection, asked: list[Question]) -> None:
    """Ask one after the other."""
    for ask in asked:
        ask(con)


def cpu_ms(ask: Callable[[], object], looks: int = 5) -> float:
    """CPU milliseconds, the median of some looks after a first one."""
    spent = []
    for _ in range(looks + 1):
        started = time.process_time()
        ask()
        spent.append(1000 * (time.process_time() - started))
    return sorted(spent[1:])[looks // 2]
