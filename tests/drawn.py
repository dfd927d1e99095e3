"""Tables drawn as text: the rows of a test, as people would write them on paper."""

from typing import Any

import duckdb


def read(drawn: str) -> list[dict[str, str | None]]:
    """Read a drawn table: a header, an optional rule of dashes, one row per line; blank is NULL.

    Examples
    --------
    >>> read('''
    ...     order_id | qty
    ...     ---------+----
    ...     A        | 10
    ...     B        |
    ... ''')
    [{'order_id': 'A', 'qty': '10'}, {'order_id': 'B', 'qty': None}]
    """
    lines = [line for line in drawn.splitlines() if line.strip()]
    header = [name.strip() for name in lines[0].split("|")]
    rows = []
    for line in lines[1:]:
        if set(line.strip()) <= set("-+| "):
            continue
        cells = [cell.strip() or None for cell in line.split("|")]
        if len(cells) != len(header):
            raise ValueError(f"{len(cells)} cells under {len(header)} names: {line.strip()!r}")
        rows.append(dict(zip(header, cells, strict=True)))
    return rows


def fill(con: duckdb.DuckDBPyConnection, table: str, drawn: str, **defaults: Any) -> None:
    """Insert a drawn table into a table; columns that are not drawn take the default or NULL."""
    for row in read(drawn):
        values = {**defaults, **row}
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" for _ in values)
        con.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))


def drawn(rows: list[tuple[Any, ...]], names: list[str]) -> list[dict[str, Any]]:
    """Return rows as dictionaries, to be compared with drawn ones."""
    return [dict(zip(names, row, strict=True)) for row in rows]
