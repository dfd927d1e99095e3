"""Rejected rows, to look at and in a form that can be mended and loaded again."""

import json
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data import lake
from data.choose import REJECT_COLUMNS
from data.conform import SURPLUS
from data.errors import UserError
from data.reading.source import literal

SHOWN = ("_file", "_line", "feed", "kind", "column_name", "value", "reason", "also")


def read_rejects(warehouse: Path, file: str | None = None) -> pd.DataFrame:
    """Return the rejected rows of the loads that count.

    Parameters
    ----------
    warehouse
        Folder of the lake.
    file
        Name of the file they came in, a workbook's with its sheet or without; None is all files.

    Returns
    -------
    DataFrame
        `_file, _line, feed, kind ("fault", "duplicate", "filtered"), column_name, value, reason,
        also` (further faults of the row) and `raw`, the row as it stood (JSON).

    Raises
    ------
    UserError
        Where no load that counts has that file name.
    """
    entries = lake.live(lake.ledger(warehouse))
    if file is not None:
        wanted = Path(file).name
        entries = [one for one in entries if f"{one.file}[".startswith(f"{wanted}[")]
        if not entries:
            raise UserError(f"nothing is loaded from a file named {Path(file).name!r}")
    paths = [str(lake.rejects_path(warehouse, entry.load_id)) for entry in entries]
    columns = ", ".join((*SHOWN, "raw"))
    if not paths:
        return pd.DataFrame(columns=[*SHOWN, "raw"])
    with duckdb.connect() as con:
        listed = ", ".join(literal(path) for path in paths)
        return con.execute(
            f"SELECT {columns} FROM read_parquet([{listed}]) ORDER BY _file, _line, feed"
        ).df()


def to_mend(rejects: pd.DataFrame) -> pd.DataFrame:
    """Return faulty rows as they stood in their file, each with its line and what is wrong.

    The columns are the file's own, then `reject_file`, `reject_line`, `reject_column`,
    `reject_value` and `reject_reason`, which `ingest` ignores: mend the cells, save the table and
    load it, with the mapping of the file if it had one.

    Parameters
    ----------
    rejects
        Rows with the columns of `read_rejects`.

    Raises
    ------
    UserError
        Where the rows come from files with different columns.
    """
    faults = rejects[rejects["kind"] == "fault"].sort_values(["_file", "_line"])
    rows: dict[tuple[str, int], dict[str, str]] = {}
    headers: dict[tuple[str, ...], str] = {}
    for reject in faults.to_dict("records"):
        cells = {name: cell or "" for name, cell in json.loads(reject["raw"]).items()}
        own = tuple(name for name in cells if name not in (*REJECT_COLUMNS, SURPLUS))
        headers.setdefault(own, str(reject["_file"]))
        row = rows.setdefault(
            (reject["_file"], reject["_line"]), {name: cells[name] for name in own}
        )
        said = _reason(reject)
        # Rejected again: it still belongs to the file in which it came first.
        row["reject_file"] = cells.get("reject_file") or str(reject["_file"])
        row["reject_line"] = cells.get("reject_line") or str(reject["_line"])
        row["reject_column"] = row.get("reject_column") or _text(reject["column_name"])
        row["reject_value"] = row.get("reject_value") or _text(reject["value"])
        row["reject_reason"] = "; ".join(filter(None, (row.get("reject_reason"), said)))
        if SURPLUS in cells:
            row[SURPLUS] = cells[SURPLUS]
    if len(headers) > 1:
        raise UserError(
            "the rejected rows come from files with different columns; choose one file: "
            + ", ".join(sorted(headers.values()))
        )
    first = list(next(iter(headers), ()))
    extra = [SURPLUS] if any(SURPLUS in row for row in rows.values()) else []
    return pd.DataFrame(list(rows.values()), columns=[*first, *REJECT_COLUMNS, *extra]).fillna("")


def _reason(reject: dict[Hashable, Any]) -> str:
    parts = (_text(reject["column_name"]), _text(reject["reason"]))
    also = _text(reject["also"])
    return " ".join(filter(None, parts)) + (f"; {also}" if also else "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
