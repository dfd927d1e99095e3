"""Series files in, forecast files out: CSV or Parquet by their ending."""

import argparse
import os
import sys
from pathlib import Path

import pandas as pd

from data.errors import UserError
from forecasting.demand.models import boosted
from forecasting.demand.panel import SEASONS
from forecasting.demand.series import Reading, read_rows

TEXT = {"unique_id": str, "ds": str, "item_id": str, "site_id": str}


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV or Parquet file; ids stay text.

    Raises
    ------
    UserError
        The file is not there, has another ending, or cannot be read.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        if path.suffix == ".csv":
            return pd.read_csv(path, dtype=TEXT)
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
    except (ValueError, OSError, UnicodeDecodeError) as fault:
        raise UserError(f"{path}: cannot be read ({str(fault).splitlines()[0]})") from fault
    raise UserError(f"{path}: the ending {path.suffix!r} is unknown (expected .csv or .parquet)")


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a CSV or Parquet file by its ending.

    Raises
    ------
    UserError
        The ending is another, or the folder is not there.
    """
    if not path.parent.is_dir():
        raise UserError(f"{path}: the folder {path.parent} does not exist")
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        raise UserError(
            f"{path}: the ending {path.suffix!r} is unknown (expected .csv or .parquet)"
        )


def read_series(path: Path, freq: str) -> Reading:
    """Read a series file (unique_id, ds, y[, in_stock][, constant columns]) into a panel.

    Raises
    ------
    UserError
        The file cannot be used at all; what is wrong with single series is in the reading.
    """
    rows = read_table(path)
    try:
        return read_rows(rows, freq)
    except ValueError as fault:
        raise UserError(f"{path}: {fault}") from fault


def check_freq(freq: str) -> str:
    """The frequency, if it is one of W, MS, D.

    Raises
    ------
    UserError
        It is another.
    """
    if freq not in SEASONS:
        raise UserError(f"--freq {freq!r} is unknown (expected {', '.join(SEASONS)})")
    return freq


def usable_cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def add_jobs(command: argparse.ArgumentParser) -> None:
    """The option --jobs: results do not depend on it."""
    command.add_argument(
        "--jobs",
        type=int,
        default=usable_cores(),
        help="processor cores (default: all that may be used)",
    )


def say_missing() -> None:
    """Say on stderr which models cannot be used on this machine, and why."""
    missing = boosted.unavailable()
    if missing:
        print(f"note: {missing}; going on without it", file=sys.stderr)


class Progress:
    """A bar on stderr, one step at a time; silent where stderr is not a terminal."""

    def __init__(self, total: int, what: str) -> None:
        self.total, self.what, self.done = total, what, 0
        self.is_shown = sys.stderr.isatty()

    def step(self, text: str) -> None:
        """Say what was finished."""
        self.done += 1
        self.say(text)

    def say(self, text: str) -> None:
        """Say what is going on between two steps."""
        if self.is_shown:
            filled = round(24 * self.done / self.total)
            bar = "#" * filled + "." * (24 - filled)
            end = "\n" if self.done == self.total else ""
            line = f"\r{self.what} [{bar}] {self.done}/{self.total} {text:<40.40}"
            print(line, end=end, file=sys.stderr, flush=True)
