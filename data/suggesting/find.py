"""Where the header of an unknown file is and what separates its columns."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq

from data.errors import UserError
from data.reading.dialect import DELIMITERS, cells_of, joined_names, lines_of, same
from data.reading.layout import UNTOLD, Layout
from data.reading.survey import kind_of, survey
from data.reading.workbook import sheets_of, text_of
from data.suggesting.dates import read_dates
from data.suggesting.names import is_known

ROWS_LOOKED_AT = 60
MOST_HEADER_ROWS = 3
ROWS_COMPARED = 25
_NUMBER = re.compile(r"[^\w]{0,3}\d[\d.,' ]*\D{0,4}")
_SPOKEN = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

Grid = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Found:
    """The layout of a file, and how it was found.

    Parameters
    ----------
    layout
        For the mapping; names the header line only where the names alone do not find it again.
    names
        Column names.
    header_line
        First line of the header; 0 is none.
    confidence
        How sure the header is [0-1].
    evidence
        What speaks for it, in words.
    questions
        What a person has to decide.
    """

    layout: Layout
    names: tuple[str, ...]
    header_line: int
    confidence: float
    evidence: tuple[str, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Guess:
    score: float
    line: int
    n_rows: int
    names: tuple[str, ...]
    n_known: int
    width: int


def find_layout(path: Path, told: Layout = UNTOLD) -> Found:
    """Find the header of an unknown file.

    Parameters
    ----------
    path
        The file.
    told
        What somebody said of it; the rest is found.

    Raises
    ------
    UserError
        Where the file is damaged, holds no table, or is not as told.
    """
    kind = kind_of(path)
    if kind == "parquet":
        names = tuple(pq.read_schema(path).names)
        return Found(Layout(), names, 1, 1.0, ("Parquet names its own columns",))
    if kind == "workbook":
        return _in_workbook(path, told)
    return _in_text(path, told)


def _in_text(path: Path, told: Layout) -> Found:
    looked = survey(path, told.encoding)
    head = list(islice(lines_of(path, looked.encoding), _n_lines(told)))
    guesses = {}
    for mark in (told.delimiter,) if told.delimiter else DELIMITERS:
        grid = [(i, cells_of(line, mark, told)) for i, line in enumerate(head, 1) if line.strip()]
        guesses[mark] = _best(grid, told)
    ranked = sorted(guesses, key=lambda mark: -guesses[mark].score)
    mark, other = ranked[0], ranked[min(1, len(ranked) - 1)]
    best = guesses[mark]
    if not best.names:
        where = f"line {told.header_line}" if told.header_line else "line"
        raise UserError(f"{path.name} has no {where} with anything on it")
    questions: tuple[str, ...] = ()
    layout = _told(best, told)
    rival = guesses[other]
    is_tie = other != mark and rival.width > 1 and rival.score > 0.85 * best.score
    if is_tie or layout.names:
        layout = replace(layout, delimiter=mark)
    if is_tie:
        questions = (f"columns could be separated by {_spoken(mark)} or {_spoken(other)}",)
    if looked.encoding == "cp1252" and not told.encoding:
        layout = replace(layout, encoding="cp1252")
        questions += ("the text is not UTF-8; Windows cp1252 is assumed",)
    evidence = (f"{_spoken(mark)} separates {best.width} columns", *_words(best))
    return Found(layout, best.names, best.line, _sureness(best, is_tie), evidence, questions)


def _spoken(mark: str) -> str:
    return _SPOKEN.get(mark, repr(mark))


def _n_lines(told: Layout) -> int:
    """Return how many lines to look at: past the header, where somebody said where it is."""
    return max(ROWS_LOOKED_AT, (told.header_line or 0) + told.header_rows + ROWS_COMPARED)


def _in_workbook(path: Path, told: Layout) -> Found:
    found: list[tuple[_Guess, str]] = []
    sheets = sheets_of(path)
    if told.sheet is not None and told.sheet not in sheets:
        raise UserError(f"{path.name} has no sheet {told.sheet!r}")
    for sheet, rows in sheets.items():
        grid = [
            (i, [text_of(cell) for cell in row])
            for i, row in enumerate(rows[: _n_lines(told)], 1)
            if any(cell != "" for cell in row)
        ]
        if grid and told.sheet in (None, sheet):
            found.append((_best(grid, told), sheet))
    if not found or not any(best.names for best, _ in found):
        raise UserError(f"{path.name} has no sheet with a header")
    found.sort(key=lambda one: -one[0].score)
    best, sheet = found[0]
    n_filled = sum(any(cell != "" for row in rows for cell in row) for rows in sheets.values())
    layout = _told(best, replace(told, sheet=sheet) if n_filled > 1 else told)
    is_tie = len(found) > 1 and found[1][0].score > 0.9 * best.score
    questions = (
        (f"the sheets {sheet!r} and {found[1][1]!r} both look like tables",) if is_tie else ()
    )
    evidence = (f"sheet {sheet!r}", *_words(best))
    return Found(layout, best.names, best.line, _sureness(best, is_tie), evidence, questions)


def _told(best: _Guess, layout: Layout) -> Layout:
    """Return the layout with what the names alone cannot find again."""
    if layout.names:
        return layout
    if not best.line:
        return replace(layout, header_line=0, names=best.names)
    shown = [same(name) for name in best.names if name]
    if best.n_rows > 1 or len(set(shown)) < len(shown):
        layout = replace(layout, header_line=best.line, header_rows=best.n_rows)
    if len(set(shown)) < len(shown):
        layout = replace(layout, names=_made_different(best.names))
    return layout


def _made_different(names: Sequence[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    made = []
    for number, name in enumerate(names, 1):
        seen[same(name)] += 1
        again = f" {seen[same(name)]}" if seen[same(name)] > 1 else ""
        made.append((name or f"column {number}") + (again if name else ""))
    return tuple(made)


def _words(best: _Guess) -> tuple[str, ...]:
    if not best.line:
        return ("no line looks like a header; columns are numbered",)
    rows = f"line {best.line}"
    if best.n_rows > 1:
        rows = f"lines {best.line} to {best.line + best.n_rows - 1}"
    return (f"{rows} is the header: {best.n_known} of its {len(best.names)} names are familiar",)


def _sureness(best: _Guess, is_tie: bool) -> float:
    known = best.n_known / max(len(best.names), 1)
    return round((0.95 if best.line else 0.5) * (0.7 + 0.3 * min(1.0, 2 * known)) - 0.3 * is_tie, 2)


def _best(grid: Grid, told: Layout) -> _Guess:
    """Return the most likely header of the lines, or the one that somebody named."""
    width = _width(grid)
    if told.names:
        fit = sum(len(cells) == len(told.names) for _, cells in grid) / max(len(grid), 1)
        line = told.header_line or 0
        return _Guess(3 * fit, line, told.header_rows, told.names, 0, len(told.names))
    if told.header_line:
        return _named(grid, told.header_line, told.header_rows)
    best = _Guess(0.0, 0, 1, (), 0, width)
    for start in range(min(len(grid), ROWS_LOOKED_AT - 5) if told.header_line is None else 0):
        for n_rows in range(1, MOST_HEADER_ROWS + 1):
            guess = _judge(grid, start, n_rows, width)
            if guess is None:
                break
            best = max(best, guess, key=lambda one: one.score)
    if not best.line and grid:
        names = tuple(f"column {i}" for i in range(1, width + 1))
        consistent = sum(len(cells) == width for _, cells in grid) / len(grid)
        return _Guess(3 * consistent * (width > 1) + 0.1, 0, 1, names, 0, width)
    return best


def _named(grid: Grid, line: int, n_rows: int) -> _Guess:
    """Return the header that begins at a line, as somebody said."""
    block = [cells for number, cells in grid if line <= number < line + n_rows]
    names = tuple(_trimmed(joined_names(block))) if block else ()
    n_known = sum(is_known(name) for name in set(names) if name)
    return _Guess(2.0 * n_known + len(names), line, n_rows, names, n_known, len(names))


def _width(grid: Grid) -> int:
    """Return how many columns most lines have, wide ones counting more."""
    counts = Counter(len(_trimmed(cells)) for _, cells in grid)
    return max(counts, key=lambda width: (counts[width] * min(width, 5), width), default=0)


def _judge(grid: Grid, start: int, n_rows: int, width: int) -> _Guess | None:
    """Return how good a header these lines make, or None where they are none."""
    block = grid[start : start + n_rows]
    is_together = len(block) == n_rows and block[-1][0] - block[0][0] == n_rows - 1
    if not is_together or any(not _is_texty(cells) for _, cells in block):
        return None
    if n_rows > 1 and any(sum(map(bool, map(str.strip, cells))) < 2 for _, cells in block):
        return None
    names = _trimmed(joined_names([cells for _, cells in block]))
    body = [cells for _, cells in grid[start + n_rows : start + n_rows + ROWS_COMPARED]]
    named = [name for name in names if name]
    if not named or len(named) < 0.6 * width or any(len(name) > 80 for name in named):
        return None
    if _is_like_rows(names, body):
        return None
    n_known = sum(is_known(name) for name in set(named))
    twice = len(named) - len({same(name) for name in named})
    consistent = sum(len(_trimmed(cells)) <= len(names) for cells in body) / max(len(body), 1)
    filled = sum(len(_trimmed(cells)) >= 0.6 * len(names) for cells in body) / max(len(body), 1)
    score = 2.0 * n_known + 3 * len(named) / width + 3 * consistent + 2 * filled
    score += len(names) > 1
    score -= 0.7 * (n_rows - 1) + 0.02 * start + 2.5 * twice
    return _Guess(score, block[0][0], n_rows, tuple(names), n_known, len(names))


def _is_like_rows(names: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether what would be names are values: they come again below, and none is familiar."""
    if not body or any(is_known(name) for name in names):
        return False
    again = sum(
        any(i < len(cells) and cells[i].strip() == name for cells in body)
        for i, name in enumerate(names)
        if name
    )
    return again > 0


def _trimmed(cells: Sequence[str]) -> list[str]:
    cut = [cell.strip() for cell in cells]
    while cut and not cut[-1]:
        cut.pop()
    return cut


def _is_texty(cells: Sequence[str]) -> bool:
    """Whether no cell is a number or a day; periods may be names."""
    shown = [cell.strip() for cell in cells if cell.strip()]
    numeric = [cell for cell in shown if _NUMBER.fullmatch(cell)]
    periods = [cell for cell in shown if is_period(cell)]
    return bool(shown) and (len(periods) >= 3 or not [c for c in numeric if c not in periods])


def is_period(name: str) -> bool:
    """Whether a column name is a month or a day."""
    found = read_dates({name.strip(): 1})
    return bool(found.n_dates) and "%H" not in found.formats[0]
