"""Files for the tests of ingest, and what the lake holds afterwards."""

from pathlib import Path
from typing import Any

import duckdb

from data import lake
from data.ingest import ingest
from data.rejects import read_rejects
from data.report import LoadReport

HEADER = (
    "order_id,line_no,customer_id,item_id,site_id,order_date,requested_date,promised_date,"
    "qty_ordered"
)


def order_line(number: int, **changed: str) -> str:
    """Return a good order line as CSV; keywords change cells."""
    cells = {
        "order_id": f"O{number}",
        "line_no": "10",
        "customer_id": "C1",
        "item_id": "00123",
        "site_id": "DC1",
        "order_date": "2026-05-01",
        "requested_date": "2026-05-04",
        "promised_date": "2026-05-05",
        "qty_ordered": "5",
    }
    return ",".join((cells | changed).values())


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file and return its path; text goes as UTF-8 with its line ends as they are."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def load(path: Path, warehouse: Path, **options: Any) -> LoadReport:
    """Load one file of one feed."""
    (report,) = ingest([path], warehouse, **options)
    return report


def rows(warehouse: Path, feed: str, columns: str, ordered: bool = True) -> list[tuple[Any, ...]]:
    """Return columns of the accepted rows that count, in the order of loads and lines."""
    paths = [str(path) for path in lake.live_raw_paths(warehouse).get(feed, [])]
    if not paths:
        return []
    with duckdb.connect() as con:
        return con.execute(
            f"SELECT {columns} FROM read_parquet({paths!r})"
            + (" ORDER BY _loaded_at, _line" if ordered else "")
        ).fetchall()


def said(warehouse: Path) -> list[str]:
    """Return every reject in words."""
    return [
        f"{line} {kind}: {column + ' ' if column else ''}{value!r} {reason}"
        for line, kind, column, value, reason in read_rejects(warehouse)
        .astype(object)
        .where(lambda frame: frame.notna(), None)[
            ["_line", "kind", "column_name", "value", "reason"]
        ]
        .itertuples(index=False)
    ]
