"""Where a delimited file's header is and what separates its columns, by the names it must have."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from data.errors import UserError
from data.reading.layout import UNTOLD, Layout
from data.reading.survey import Survey

DELIMITERS = (",", ";", "\t", "|")
LINES_SEARCHED = 50
_SPOKEN = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Header:
    """The header of a delimited file.

    Parameters
    ----------
    names
        Column names as they stand, blanks around them cut.
    line, n_rows
        Physical line of the header, 0 where there is none, and how many lines it takes.
    delimiter
        What separates the columns.
    quote, escape
        The marks around values and before a quote inside them.
    n_above
        Lines above it with anything on them, where it was searched for.
    """

    names: list[str]
    line: int
    delimiter: str
    n_rows: int = 1
    quote: str = '"'
    escape: str | None = None
    n_above: int = 0

    @property
    def last_line(self) -> int:
        """Line after which the rows begin."""
        return self.line + self.n_rows - 1 if self.line else 0

    @property
    def spoken_delimiter(self) -> str:
        """The delimiter in words."""
        return _SPOKEN.get(self.delimiter, self.delimiter)


def same(header_name: str) -> str:
    """Return a column name as names are compared: capitals and blanks around it do not count."""
    return header_name.strip().casefold()


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """Yield the physical lines of a file as text, line ends kept, whichever they are."""
    codec = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    try:
        with path.open(encoding=codec, newline="") as stream:
            yield from stream
    except UnicodeDecodeError as failure:
        raise UserError(
            f"{path.name} is not {encoding} throughout: byte {failure.start} cannot be read"
        ) from None
    except UnicodeError as failure:
        raise UserError(f"{path.name} is not {encoding}: {failure}") from None


def cells_of(line: str, delimiter: str, layout: Layout = UNTOLD) -> list[str]:
    """Split one line into its cells; a quote that does not close takes the rest of the line."""
    return next(reader([line.rstrip("\r\n")], delimiter, layout.quote, layout.escape), [])


def reader(
    lines: list[str], delimiter: str, quote: str, escape: str | None, *, strict: bool = False
) -> Iterator[list[str]]:
    """Return a reader of records with these marks; the quote "" is no quote."""
    if not quote:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, escapechar=escape)
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote,
        escapechar=escape,
        doublequote=escape is None,
        strict=strict,
    )


def find_header(
    path: Path, found: Survey, wanted: Sequence[frozenset[str]], layout: Layout = UNTOLD
) -> Header:
    """Find the first line that names all the columns of one of the tables looked for.

    Parameters
    ----------
    path, found
        The file and its survey.
    wanted
        For each table that the file may hold, the names it must have, as `same` gives them.
    layout
        What the mapping says of delimiter, quotes and header.

    Returns
    -------
    Header
        The header found, or the first line that is not blank with the delimiter that separates
        most names looked for: the caller says what is missing.

    Raises
    ------
    UserError
        Where the file has no line with anything on it, a header names a column twice, or a line
        above it looks like a row.
    """
    tried = (layout.delimiter,) if layout.delimiter else DELIMITERS
    if layout.names or layout.header_line:
        return _told_header(path, found, wanted, layout, tried)
    guess: Header | None = None
    best = (-1, -1)
    anything = frozenset().union(*wanted)
    above: dict[int, str] = {}
    for number, line in enumerate(islice(lines_of(path, found.encoding), LINES_SEARCHED), start=1):
        if not line.strip():
            continue
        for mark in tried:
            names = [cell.strip() for cell in cells_of(line, mark, layout)]
            there = {same(cell) for cell in names}
            header = Header(names, number, mark, quote=layout.quote, escape=layout.escape)
            if any(needed <= there for needed in wanted):
                cells = {at: cells_of(one, mark, layout) for at, one in above.items()}
                require_no_row_above(cells, len(names), f"{path.name} line {number}")
                return checked(replace(header, n_above=len(above)), path.name)
            score = (len(there & anything), len(names) if number == 1 else 0)
            if score > best:
                best, guess = score, header
        above[number] = line
    if guess is None:
        raise UserError(f"{path.name} has no line with anything on it")
    return guess


def _told_header(
    path: Path,
    found: Survey,
    wanted: Sequence[frozenset[str]],
    layout: Layout,
    tried: Sequence[str],
) -> Header:
    """Return the header where the mapping says it is, with the delimiter that fits best."""
    start, n_rows = layout.header_line or 0, layout.header_rows
    first = max(start - 1, 0)
    block = list(islice(lines_of(path, found.encoding), first, first + n_rows))
    if not block:
        raise UserError(f"{path.name} has no line {start}, where the mapping puts the header")
    anything = frozenset().union(*wanted)
    made: list[tuple[int, list[str], str]] = []
    for mark in tried:
        rows = [cells_of(line, mark, layout) for line in block]
        names = list(layout.names) or joined_names(rows)
        fit = len({same(one) for one in names} & anything)
        if layout.names:
            fit = -abs(len(rows[0]) - len(names))
        made.append((fit, names, mark))
    fit, names, mark = max(made, key=lambda one: one[0])
    if layout.names and fit and not layout.delimiter:
        raise UserError(
            f"{path.name}: no delimiter gives {len(names)} columns, as the mapping's names are; "
            "say which it is: delimiter = ';'"
        )
    header = Header(names, start, mark, n_rows, layout.quote, layout.escape)
    return checked(header, path.name)


def joined_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the names that several header rows make up.

    A name in an upper row stands over the columns to its right that have none of their own there
    and one below, as merged cells do.
    """
    width = max(len(row) for row in rows)
    filled = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows]
    for upper, row in enumerate(filled[:-1]):
        for i in range(1, width):
            if not row[i] and filled[upper + 1][i] and filled[upper + 1][i - 1]:
                row[i] = row[i - 1]
    return [
        " ".join(dict.fromkeys(row[i] for row in filled if row[i])).strip() for i in range(width)
    ]


def require_no_row_above(above: dict[int, list[str]], width: int, header_at: str) -> None:
    """Refuse a header with a line above it that looks like a row, which would be lost.

    Parameters
    ----------
    above
        Line -> its cells.
    width
        Cells of the header.
    header_at
        File and line of the header, for the message.
    """
    for line, cells in above.items():
        n_filled = sum(bool(cell.strip()) for cell in cells)
        if len(cells) >= width and 2 * n_filled > width:
            raise UserError(
                f"{header_at} is the header, but line {line} above it looks like a row; put the "
                f"header first, or say in a mapping where it is: header_line = "
                f"{header_at.rsplit(' ', 1)[1]}"
            )


def checked(header: Header, file_name: str) -> Header:
    """Refuse a header that names a column twice."""
    names = [same(cell) for cell in header.names if cell]
    twice = sorted({cell for cell in names if names.count(cell) > 1})
    if twice:
        raise UserError(
            f"{file_name} line {header.line}: the column {twice[0]!r} is there twice; "
            "each name may stand once"
        )
    return header
