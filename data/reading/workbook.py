"""XLSX to rows of text, sheet by sheet."""

import html
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from data.errors import UserError
from data.reading.dialect import LINES_SEARCHED, joined_names, require_no_row_above, same
from data.reading.layout import UNTOLD, Layout
from data.reading.source import CELL_ERRORS, Fault, Source
from data.reading.unpacking import inspect

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    wanted: Sequence[frozenset[str]],
    layout: Layout = UNTOLD,
) -> Iterator[Source]:
    """Read each sheet with the columns looked for into the table `source`, every cell as text.

    Several sheets are read one after the other where their headers are the same, as those of
    months are; the table holds the sheet that was yielded last.

    Parameters
    ----------
    con
        Connection of its own for this file.
    path
        The workbook.
    wanted
        For each table that the file may hold, the column names it must have.
    layout
        What a mapping says of sheet and header.

    Raises
    ------
    UserError
        Where the file is damaged, unpacks to too much, or holds no sheet with rows.
    """
    sheets = sheets_of(path)
    if layout.sheet is not None and layout.sheet not in sheets:
        there = ", ".join(repr(name) for name in sheets)
        raise UserError(f"{path.name} has no sheet {layout.sheet!r}; it has {there}")
    if layout.sheet is not None:
        sheets = {layout.sheet: sheets[layout.sheet]}
    tables = _tables(sheets, wanted, layout, path.name)
    filled = [one for one in tables if any(map(_is_filled, sheets[one.sheet][one.last_line :]))]
    for table in filled or tables[:1]:
        source = _into_source(con, sheets[table.sheet], table)
        if len(filled) > 1:
            source.label = f"[{table.sheet}]"
            source.dialect["sheets"] = str(len(filled))
        yield source


@dataclass(frozen=True)
class _Table:
    """Where a table stands: its sheet, and the first and last line and names of its header."""

    sheet: str
    line: int
    last_line: int
    names: list[str]


def _into_source(con: duckdb.DuckDBPyConnection, rows: list[list[Cell]], table: _Table) -> Source:
    """Read one sheet into the table `source`."""
    width = len(table.names)
    texts: list[list[str | int]] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows[table.last_line :], start=table.last_line + 1):
        if not _is_filled(row):
            continue
        cells = [text_of(cell) for cell in row]
        if any(map(str.strip, cells[width:])):
            n_cells = max(i for i, cell in enumerate(cells, start=1) if cell.strip())
            reason = f"has {n_cells} cells where the header has {width}"
            faults.append(Fault(number, reason, cells[:n_cells]))
        else:
            texts.append([number, *cells[:width], *([""] * (width - len(cells)))])
    names = ["_line", *(f"c{i}" for i in range(width))]
    kinds = [pa.int64(), *([pa.string()] * width)]
    columns = list(zip(*texts, strict=True)) or [()] * len(names)
    arrays = [pa.array(cells, kind) for cells, kind in zip(columns, kinds, strict=True)]
    batch = pa.Table.from_arrays(arrays, names=names)  # noqa: F841  DuckDB reads it by its name
    con.execute("CREATE OR REPLACE TABLE source AS SELECT * FROM batch")
    told = {"format": "workbook", "sheet": table.sheet, "header_line": str(table.line)}
    words = frozenset(
        f"c{i}"
        for row in rows[table.last_line :]
        for i, cell in enumerate(row[:width])
        if isinstance(cell, str) and cell[-4:-3] == "."
    )
    return Source(
        con,
        table.names,
        "_line",
        len(texts),
        faults,
        dialect=told,
        open_cells=words,
        has_errors=any(cell in CELL_ERRORS for row in texts for cell in row),
    )


def _is_filled(row: list[Cell]) -> bool:
    return any(not isinstance(cell, str) or cell.strip() for cell in row)


def sheets_of(path: Path) -> dict[str, list[list[Cell]]]:
    """Return the cells of every sheet, looked over first.

    Raises
    ------
    UserError
        Where the file is damaged or unpacks to too much.
    """
    errors = inspect(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
            }
        if errors:
            _put_errors(path, sheets, errors)
        return sheets
    except (CalamineError, zipfile.BadZipFile, OSError) as failure:
        raise UserError(f"{path.name} is not a readable workbook: {failure}") from None


def _put_errors(
    path: Path, sheets: dict[str, list[list[Cell]]], errors: dict[str, list[tuple[int, int, str]]]
) -> None:
    """Put what stands in cells with errors into the sheets: the reader leaves them blank."""
    with zipfile.ZipFile(path) as parts:
        book, links = parts.read("xl/workbook.xml"), parts.read("xl/_rels/workbook.xml.rels")
    parts_of = {
        _attribute(link, b"Id"): _attribute(link, b"Target").removeprefix("/xl/")
        for link in re.findall(rb"<Relationship\s[^>]*>", links)
    }
    for sheet in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", book):
        rows = sheets.get(_attribute(sheet, b"name"), [])
        for row, column, text in errors.get("xl/" + parts_of.get(_attribute(sheet, b"id"), ""), ()):
            if row <= len(rows):
                cells = rows[row - 1]
                cells += [""] * (column - len(cells))
                cells[column - 1] = text


def _attribute(tag: bytes, attribute: bytes) -> str:
    found = re.search(rb"[\s:]" + attribute + rb"=(?:\"([^\"]*)\"|'([^']*)')", tag)
    return html.unescape((found[1] or found[2] or b"").decode("utf-8")) if found else ""


def text_of(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a point, dates as ISO, text as it stands.

    Other numbers have the 15 digits that Excel shows: 0.1 + 0.2 is 0.3.
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def _tables(
    sheets: dict[str, list[list[Cell]]],
    wanted: Sequence[frozenset[str]],
    layout: Layout,
    file_name: str,
) -> list[_Table]:
    """Return the sheets with a row that names all columns of one of the tables, or the nearest."""
    if layout.names or layout.header_line:
        name, line, header = _told_header(sheets, layout, file_name)
        return [_Table(name, line, line + layout.header_rows - 1 if line else 0, header)]
    anything = frozenset().union(*wanted)
    best: tuple[int, str, int] | None = None
    fits: list[_Table] = []
    for name, rows in sheets.items():
        for line, row in enumerate(rows[:LINES_SEARCHED], start=1):
            there = {same(text_of(cell)) for cell in row if cell != ""}
            if any(needed <= there for needed in wanted):
                fits.append(_Table(name, line, line, _names([row])))
                break
            if there and (best is None or len(there & anything) > best[0]):
                best = (len(there & anything), name, line)
    _require_alike(fits, file_name)
    for one in fits:
        above = {
            line: [text_of(cell) for cell in row]
            for line, row in enumerate(sheets[one.sheet][: one.line - 1], start=1)
        }
        require_no_row_above(above, len(one.names), f"{file_name} {one.sheet} line {one.line}")
    if fits:
        return fits
    if best is None:
        raise UserError(f"{file_name} has no sheet with anything on it")
    _, name, line = best
    return [_Table(name, line, line, _names(sheets[name][line - 1 : line]))]


def _require_alike(tables: list[_Table], file_name: str) -> None:
    """Refuse sheets whose columns differ: they may be other tables, or a column may be lost."""
    for one in tables[1:]:
        first = tables[0]
        if odd := {*map(same, first.names)} ^ {*map(same, one.names)}:
            raise UserError(
                f"{file_name}: the sheets {first.sheet!r} and {one.sheet!r} both have the columns "
                f"looked for, but {min(odd)!r} stands on one alone; make them the same, or say in "
                f"a mapping which one: sheet = '{first.sheet}'"
            )


def _told_header(
    sheets: dict[str, list[list[Cell]]], layout: Layout, file_name: str
) -> tuple[str, int, list[str]]:
    filled = [name for name, rows in sheets.items() if rows]
    if len(filled) != 1 and layout.sheet is None:
        listed = ", ".join(repr(name) for name in filled)
        raise UserError(f"{file_name} has the sheets {listed}; say in the mapping which: sheet")
    name, line = (filled or list(sheets))[0], layout.header_line or 0
    if layout.names:
        return name, line, list(layout.names)
    if line > len(sheets[name]):
        raise UserError(f"{file_name} has no line {line}, where the mapping puts the header")
    return name, line, _names(sheets[name][line - 1 : line - 1 + layout.header_rows])


def _names(rows: list[list[Cell]]) -> list[str]:
    """Return the names in header rows, without the blank ones at the end."""
    names = joined_names([[text_of(cell) for cell in row] for row in rows])
    while names and not names[-1]:
        names.pop()
    return names
