"""Any file that can hold a table to rows of text."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from data.reading.columnar import read_parquet
from data.reading.delimited import read_delimited
from data.reading.layout import UNTOLD, Layout
from data.reading.long import into_rows
from data.reading.source import Source
from data.reading.survey import kind_of
from data.reading.workbook import read_workbook


def read(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    wanted: Sequence[frozenset[str]],
    layout: Layout = UNTOLD,
) -> Source:
    """Read a file, or its first sheet that fits, into the table `source`, every value as text.

    See `read_each`.
    """
    return next(read_each(con, path, wanted, layout))


def read_each(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    wanted: Sequence[frozenset[str]],
    layout: Layout = UNTOLD,
) -> Iterator[Source]:
    """Read a file into the table `source`, every value as text: one sheet after the other.

    Parameters
    ----------
    con
        Connection of its own for this file.
    path
        The file; its bytes say what it is.
    wanted
        For each table that the file may hold, the column names it must have.
    layout
        What a mapping says of the file; the rest is found.

    Raises
    ------
    UserError
        Where the file is damaged, is no table, or holds no header.
    """
    kind = kind_of(path)
    if kind == "parquet":
        sources = iter([read_parquet(con, path)])
    elif kind == "workbook":
        sources = read_workbook(con, path, wanted, layout)
    else:
        sources = iter([read_delimited(con, path, wanted, layout)])
    for source in sources:
        at = path.name + source.label
        yield into_rows(source, layout.periods, at) if layout.periods else source
