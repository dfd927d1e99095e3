"""Delimited text to rows. DuckDB reads what is regular; every other file is read record by record.

A file is regular where every physical line is one record. Then the records that DuckDB gives and
refuses must add up to the lines counted in the bytes; where they do not, its reading is thrown
away and the exact one is taken.
"""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from data.reading.dialect import Header, find_header, lines_of, reader
from data.reading.layout import UNTOLD, Layout
from data.reading.source import Fault, Source, literal
from data.reading.survey import LONGEST_LINE_BYTES, Survey, blank_lines, survey

BATCH_ROWS = 50_000
LONGEST_RECORD_LINES = 100
ODD_END = "a line end of another kind stands inside a row"
BLANKS = " \t\u00a0\r\n"


def read_delimited(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    wanted: Sequence[frozenset[str]],
    layout: Layout = UNTOLD,
) -> Source:
    """Read a delimited file into the table `source`.

    Parameters
    ----------
    con
        Connection of its own for this file.
    path
        The file.
    wanted
        For each table that the file may hold, the column names it must have.
    layout
        What a mapping says; the rest is found.

    Raises
    ------
    UserError
        Where the file cannot be read as text or holds no header.
    """
    found = survey(path, layout.encoding)
    header = find_header(path, found, wanted, layout)
    source = None
    is_usual = header.last_line == 1 and header.quote == '"' and header.escape is None
    if found.is_regular and is_usual and not layout.names:
        source = _read_regular(con, path, header, found)
    if source is None:
        source = _read_exactly(con, path, header, found)
    source.dialect = {
        "format": "delimited",
        "encoding": found.encoding + (" with byte order mark" if found.has_mark else ""),
        "delimiter": header.spoken_delimiter,
        "line_end": {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}[found.line_end],
        "header_line": str(header.line),
    }
    if found.is_cut:
        source.dialect["last_line"] = "has no line end: if the file was cut off, it is incomplete"
    if header.n_above:
        source.dialect["lines_above_header"] = str(header.n_above)
    if header.n_rows > 1:
        source.dialect["header_rows"] = str(header.n_rows)
    if found.encoding == "cp1252" and not layout.encoding:
        source.dialect["encoding"] = "cp1252 (decided: it is not UTF-8)"
    return source


def _read_regular(
    con: duckdb.DuckDBPyConnection, path: Path, header: Header, found: Survey
) -> Source | None:
    """Read with DuckDB, or return None where the count of records does not add up."""
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(header.names)))
    try:
        con.execute(
            f"CREATE TABLE source AS SELECT * FROM read_csv({literal(str(path))}, "
            f"delim = {literal(header.delimiter)}, quote = '\"', escape = '\"', header = true, "
            f"auto_detect = false, columns = {{{columns}}}, store_rejects = true, "
            f"strict_mode = true, max_line_size = {LONGEST_LINE_BYTES})"
        )
    except duckdb.InvalidInputException:
        con.execute("DROP TABLE IF EXISTS source")
        return None
    refused = con.execute(
        "SELECT line, any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    (n_rows,) = con.execute("SELECT count(*) FROM source").fetchall()[0]
    blank = blank_lines(path) if n_rows + len(refused) + 1 != found.n_lines else []
    if n_rows + len(refused) + len(blank) + 1 != found.n_lines:
        con.execute("DROP TABLE source")
        return None
    faults = [
        _fault(line, text.strip("\r\n"), header)
        for line, text in refused
        if not _is_blank(text, header)
    ]
    empty = " AND ".join(
        f"trim(coalesce(c{i}, ''), {literal(BLANKS)}) = ''"
        if found.has_padding
        else f"c{i} IS NULL"
        for i in range(len(header.names))
    )
    (n_empty,) = con.execute(f"SELECT count(*) FROM source WHERE {empty}").fetchall()[0]
    line_sql = "rowid + 2"
    if refused or blank or n_empty:
        line_sql = "_line"
        _number_lines(con, found.n_lines, [*blank, *(line for line, _ in refused)], empty)
        n_rows -= n_empty
    return Source(con, header.names, line_sql, n_rows, faults, has_padding=found.has_padding)


def _number_lines(
    con: duckdb.DuckDBPyConnection, n_lines: int, without_row: list[int], empty: str
) -> None:
    """Give each row of `source`, in the file's order, its physical line; empty ones go."""
    skipped = np.array([1, *without_row], dtype=np.int64)
    lines = np.setdiff1d(np.arange(1, n_lines + 1, dtype=np.int64), skipped)
    numbers = pa.table({"_line": lines})  # noqa: F841  DuckDB reads it by its name
    con.execute(
        "CREATE TABLE numbered AS SELECT * FROM source POSITIONAL JOIN numbers "
        f"WHERE NOT ({empty}); "
        "DROP TABLE source; ALTER TABLE numbered RENAME TO source"
    )


def _read_exactly(
    con: duckdb.DuckDBPyConnection, path: Path, header: Header, found: Survey
) -> Source:
    """Read record by record, in batches."""
    names = ["_line", *(f"c{i}" for i in range(len(header.names)))]
    types = [pa.int64(), *([pa.string()] * len(header.names))]
    schema = pa.schema(list(zip(names, types, strict=True)))
    no_rows = schema.empty_table()  # noqa: F841  DuckDB reads it by its name
    con.execute("CREATE TABLE source AS SELECT * FROM no_rows")
    source = Source(con, header.names, "_line", 0)
    records = _records(path, header, found)
    while some := list(islice(records, BATCH_ROWS)):
        source.faults += [record for record in some if isinstance(record, Fault)]
        rows = [record for record in some if not isinstance(record, Fault)]
        columns = list(zip(*rows, strict=True)) or [()] * len(names)
        arrays = [pa.array(cells, kind) for cells, kind in zip(columns, types, strict=True)]
        batch = pa.Table.from_arrays(arrays, schema=schema)  # noqa: F841  read by its name
        con.execute("INSERT INTO source SELECT * FROM batch")
        source.n_rows += len(rows)
    return source


def _records(path: Path, header: Header, found: Survey) -> Iterator[list[str | int] | Fault]:
    """Yield each record after the header: its line and its cells, or what is wrong with it."""
    numbered = enumerate(lines_of(path, found.encoding), start=1)
    is_broken = False
    waiting: deque[tuple[int, str]] = deque()
    for _ in islice(numbered, header.last_line):
        pass
    while here := waiting.popleft() if waiting else next(numbered, None):
        number, line = here
        if _is_blank(line, header):
            continue
        was_broken, is_broken = is_broken, found.is_odd_end(line)
        if was_broken or (is_broken and (not header.quote or header.quote not in line)):
            yield Fault(number, ODD_END, _cells(line, header))
            continue
        if not header.quote or header.quote not in line:
            cells = line.rstrip("\r\n").split(header.delimiter)
            if header.escape and header.escape in line:
                cells = _cells(line, header)
            yield _row(number, cells, header)
            continue
        lines = [line]
        while (record := _parse(lines, header)) is None and len(lines) < LONGEST_RECORD_LINES:
            if (following := waiting.popleft() if waiting else next(numbered, None)) is None:
                break
            lines.append(following[1])
        is_broken = found.is_odd_end(lines[-1])
        if is_broken:
            yield from _quarantine(number, lines, ODD_END, header)
        elif record is None:
            waiting.extendleft(reversed(list(enumerate(lines[1:], start=number + 1))))
            yield Fault(number, "a quote opens and never closes", _cells(line, header))
        elif isinstance(record, str) or _takes_in_rows(lines, header):
            yield from _quarantine(number, lines, record, header)
        elif any(map(str.strip, record)):
            yield _row(number, record, header)


def _is_blank(line: str, header: Header) -> bool:
    """Whether a line has nothing but delimiters and blanks, as spreadsheets leave below a table."""
    return not line.strip(header.delimiter + BLANKS)


def _parse(lines: list[str], header: Header) -> list[str] | str | None:
    """Return the cells of one record, what is wrong with its quotes, or None if it goes on."""
    if len(lines) > 1 and header.quote not in lines[-1]:
        return None
    text = "".join(lines).rstrip("\r\n")
    try:
        cells = next(reader([text], header.delimiter, header.quote, header.escape, strict=True))
    except csv.Error as failure:
        if "unexpected end" in str(failure):
            return None
        return "a quote stands where none may: inside a quoted value it is written twice"
    if len(lines) > 1 and len(cells) != len(header.names):
        return _width_reason(cells, header)
    return cells


def _takes_in_rows(lines: list[str], header: Header) -> bool:
    """Whether the lines of one record look like several rows with a stray quote in each."""
    whole = sum(line.count(header.delimiter) == len(header.names) - 1 for line in lines)
    return len(lines) > 1 and whole > 1


def _quarantine(
    number: int, lines: list[str], record: list[str] | str, header: Header
) -> Iterator[Fault]:
    """Give up every line of a doubtful record: which of them are rows cannot be known."""
    reason = record if isinstance(record, str) else "a stray quote may join several rows"
    if len(lines) > 1:
        reason += f" (a quoted value runs from line {number} to line {number + len(lines) - 1})"
    for offset, line in enumerate(lines):
        yield Fault(number + offset, reason, _cells(line, header))


def _row(number: int, cells: list[str], header: Header) -> list[str | int] | Fault:
    width = len(header.names)
    if len(cells) < width or any(cells[width:]):
        return Fault(number, _width_reason(cells, header), cells)
    return [number, *cells[:width]]


def _fault(line: int, text: str, header: Header) -> Fault:
    """Say what is wrong with a line that DuckDB refused."""
    cells = _parse([text], header)
    if isinstance(cells, list):
        return Fault(line, _width_reason(cells, header), cells)
    return Fault(line, cells or "a quote opens and never closes", _cells(text, header))


def _cells(line: str, header: Header) -> list[str]:
    return next(reader([line.rstrip("\r\n")], header.delimiter, header.quote, header.escape), [])


def _width_reason(cells: list[str], header: Header) -> str:
    return f"has {len(cells)} cells where the header has {len(header.names)}"
