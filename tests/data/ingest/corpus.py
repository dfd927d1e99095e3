"""Polluted files, and what became of each: exact, set aside, refused, or silently wrong.

A clean table of order lines is polluted in one way at one place. What is loaded is compared with
what the table says, cell by cell: a row that is accepted must be a row of the table, with its
values. Rows that are missing must be rejects with their line and a reason.
"""

import csv
import io
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from data.ingest import preview
from data.report import LoadReport

HEADER = (
    "order_id", "line_no", "customer_id", "item_id", "site_id", "order_date", "requested_date",
    "qty_ordered", "unit_price",
)  # fmt: skip
DATES, NUMBERS = (5, 6), (7, 8)
FEED = "order_lines"

Row = tuple[str, ...]


@dataclass(frozen=True)
class Polluted:
    """A polluted file.

    Parameters
    ----------
    kind
        How it is polluted, and where.
    content
        Its bytes.
    truth
        The rows that a careful person would read out of it.
    mapping
        What a mapping says, where one is given.
    """

    kind: str
    content: bytes
    truth: tuple[Row, ...]
    mapping: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a polluted file.

    "exact", "set aside" (with line and reason), "refused", "said" (the last row of a file that may
    be cut off is wrong, and the ledger says that it may) or "silently wrong".
    """

    kind: str
    name: str
    why: str


def clean_rows(n: int, seed: int) -> tuple[Row, ...]:
    """Return rows that are good in every way; ids have leading zeros and look like numbers."""
    draw = random.Random(seed)
    return tuple(
        (
            f"{i:05d}", f"{10 * (i % 3 + 1):04d}", f"C{draw.randint(1, 5)}",
            draw.choice(("00123", "1E5", "Hülse 7", "A-1")), draw.choice(("DC1", "DC2")),
            f"2026-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
            f"2026-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
            str(draw.choice((1, 2, 5, 12, 1500))), f"{draw.randint(1, 99)}.{draw.randint(10, 99)}",
        )
        for i in range(1, n + 1)
    )  # fmt: skip


def written(table: list[Row] | tuple[Row, ...], delimiter: str = ",", end: str = "\n") -> str:
    """Return a table with its header as delimited text."""
    body = io.StringIO()
    writer = csv.writer(body, delimiter=delimiter, lineterminator=end)
    writer.writerows([HEADER, *table])
    return body.getvalue()


def corpus(n_rows: int, seed: int) -> Iterator[Polluted]:
    """Yield files polluted in every way at every position."""
    table = clean_rows(n_rows, seed)
    yield Polluted("clean", written(table).encode(), table)
    yield from _dialects(table)
    for pollute in (_cells, _lines, _bytes, _columns, _dates, _numbers, _unknown_columns):
        yield from pollute(table)


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
DELIMITERS = (",", ";", "\t", "|", "^", "~", ":", " ")
ENDS = ("\n", "\r\n", "\r")


def _dialects(table: tuple[Row, ...]) -> Iterator[Polluted]:
    for encoding, delimiter, end in itertools.product(ENCODINGS, DELIMITERS, ENDS):
        content = written(table, delimiter, end).encode(encoding)
        yield Polluted(f"dialect {encoding} {delimiter!r} {end!r}", content, table)
    for preamble in ("Orders of May\n\n", "a,b,c\n1,2,3\n\n", "\n\n\n", "sep=,\n", '"x\n"\n'):
        yield Polluted(f"preamble {preamble!r}", (preamble + written(table)).encode(), table)


CELLS = (
    "", " ", "NULL", "N/A", "#REF!", "-", '"', "'", "a,b", "line\nbreak", "\x00", "\u00a0", "=1+1",
    "-1", "1,5", "1.5.5", "1e3", "0x10", "NaN", "inf", "\u0663", "\uff11\uff12", "9" * 25,
    "1 000", "1'000",
    "12 kg", "€5", "(5)", "5-", "+5", "1/2", "true", "9999-12-31", "1970-01-01", "0000-00-00",
    "2026-02-30", "31.12.2026", "12/13/2026", "01/02/2026", "46000", "2026-05-01 13:00",
    "2026-05-01T00:30:00+02:00", "May 5, 2026", "05-May-26", "20260501", "today",
    "<b>x</b>", "![x](http://x)", "../../x", "\u202etxet", "\ufeffx", "Ã¼", "Total",
)  # fmt: skip


def _cells(table: tuple[Row, ...]) -> Iterator[Polluted]:
    """Put another text into each cell of one row in turn."""
    at = len(table) // 2
    for place, text in itertools.product(range(len(HEADER)), CELLS):
        row = (*table[at][:place], text, *table[at][place + 1 :])
        body = (*table[:at], row, *table[at + 1 :])
        yield Polluted(f"cell {HEADER[place]} {text!r}", written(body).encode(), body)


def _lines(table: tuple[Row, ...]) -> Iterator[Polluted]:
    """Damage each line in turn."""
    lines = written(table).splitlines(keepends=True)
    damages: dict[str, Callable[[str], str]] = {
        "too few cells": lambda line: line.rsplit(",", 1)[0] + "\n",
        "too many cells": lambda line: line.rstrip("\n") + ",x\n",
        "empty cells behind": lambda line: line.rstrip("\n") + ",,\n",
        "stray quote": lambda line: line.replace(",", ',"', 1),
        "quote inside": lambda line: line.replace("C", 'C"', 1),
        "quote at the end": lambda line: line.rstrip("\n") + '"\n',
        "blank line before": lambda line: "\n" + line,
        "line of blanks before": lambda line: "   \n" + line,
        "line of commas before": lambda line: ",,,,,,,,\n" + line,
        "header again": lambda line: lines[0] + line,
        "comment before": lambda line: "# a note\n" + line,
        "line break inside": lambda line: line.replace(",", "\n,", 1),
        "shifted right": lambda line: "," + line.rsplit(",", 1)[0] + "\n",
        "other delimiter": lambda line: line.replace(",", ";"),
        "cut in half": lambda line: line[: len(line) // 2] + "\n",
        "twice": lambda line: line + line,
        "CR inside": lambda line: line.replace("C", "\rC", 1),
        "CRLF": lambda line: line.replace("\n", "\r\n"),
        "total": lambda line: line + "Total,,,,,,,12345,\n",
        "sum without a word": lambda line: line + ",,,,,,,12345,\n",
    }
    for (name, damage), at in itertools.product(damages.items(), range(1, len(lines))):
        damaged = [*lines[:at], damage(lines[at]), *lines[at + 1 :]]
        truth = table
        if name == "quote inside":  # A letter like any other.
            truth = (*table[: at - 1], tuple(damaged[at][:-1].split(",")), *table[at:])
        yield Polluted(f"line {at}: {name}", "".join(damaged).encode(), truth)
    for at in range(1, len(lines)):
        yield Polluted(f"file ends in line {at}", "".join(lines[:at]).encode()[:-3], table)


def _bytes(table: tuple[Row, ...]) -> Iterator[Polluted]:
    """Put a byte where none belongs, at places all over the file."""
    content = written(table).encode()
    for byte, at in itertools.product(
        (b"\x00", b"\xff", b"\x81", b"\xe9", b"\x1a", b'"', b"\r"),
        range(1, len(content), max(1, len(content) // 40)),
    ):
        damaged = content[:at] + byte + content[at:]
        truth = table
        if byte in (b"\x1a", b'"'):
            # Inside a value it is a letter like any other: what stands there is what is meant.
            truth = tuple(
                tuple(line.split(","))
                for line in damaged.decode(errors="replace").split("\n")[1:-1]
            )
        yield Polluted(f"byte {byte!r} at {at}", damaged, truth)


def _columns(table: tuple[Row, ...]) -> Iterator[Polluted]:
    """Change the header: columns away, twice, renamed, in another order."""
    whole = [HEADER, *table]

    def text(rows_: list[Row]) -> bytes:
        body = io.StringIO()
        csv.writer(body, lineterminator="\n").writerows(rows_)
        return body.getvalue().encode()

    for place, name in enumerate(HEADER):
        blank = tuple((*row[:place], "", *row[place + 1 :]) for row in table)
        yield Polluted(f"without {name}", text([_without(row, place) for row in whole]), blank)
        twice = [(*row, row[place]) for row in whole]
        yield Polluted(f"{name} twice", text(twice), table)
        for other in (name.upper(), f" {name} ", name[:-1], "", f'"{name}"', name + "\n", "x"):
            header = (*HEADER[:place], other, *HEADER[place + 1 :])
            yield Polluted(f"{name} called {other!r}", text([header, *table]), table)
    for order in itertools.islice(itertools.permutations(range(len(HEADER))), 1, 40_000, 4_001):
        yield Polluted(f"order {order}", text([tuple(r[i] for i in order) for r in whole]), table)
    yield Polluted("no header", text(list(table)), table)


def _without(row: Row, place: int) -> Row:
    return row[:place] + row[place + 1 :]


def _dates(table: tuple[Row, ...]) -> Iterator[Polluted]:
    """Write the dates otherwise: in one column, in all, or in one row only."""
    ways: dict[str, Callable[[str, str, str], str]] = {
        "day first": lambda y, m, d: f"{d}/{m}/{y}",
        "month first": lambda y, m, d: f"{m}/{d}/{y}",
        "day first, dots": lambda y, m, d: f"{d}.{m}.{y}",
        "day first, short year": lambda y, m, d: f"{d}/{m}/{y[2:]}",
        "year first, short": lambda y, m, d: f"{y[2:]}-{m}-{d}",
        "no marks": lambda y, m, d: f"{y}{m}{d}",
        "year, slashes": lambda y, m, d: f"{y}/{m}/{d}",
        "midnight": lambda y, m, d: f"{y}-{m}-{d} 00:00:00",
        "year, day, month": lambda y, m, d: f"{y}-{d}-{m}",
        "days before 13 only, day first": lambda y, m, d: f"{d}/{m}/{y}",
    }
    for (name, write), columns in itertools.product(ways.items(), (DATES, DATES[:1], DATES[1:])):
        # One row with year, day and month among ISO dates: nobody can tell.
        for which in (None,) if name == "year, day, month" else (None, 0, len(table) // 2):
            body, truth = [], []
            for number, row in enumerate(table):
                cells, meant = list(row), list(row)
                for column in columns:
                    y, m, d = row[column].split("-")
                    if "13 only" in name:
                        d = f"{int(d) % 12 + 1:02d}"
                    if which in (None, number):
                        cells[column] = write(y, m, d)
                        meant[column] = f"{y}-{m}-{d}"
                body.append(tuple(cells))
                truth.append(tuple(meant))
            label = f"dates {name} in {columns}, " + ("all" if which is None else f"row {which}")
            yield Polluted(label, written(body).encode(), tuple(truth))


def _numbers(table: tuple[Row, ...]) -> Iterator[Polluted]:
    """Write the numbers otherwise."""
    ways: dict[str, Callable[[float], str]] = {
        "decimal comma": lambda x: f"{x:.2f}".replace(".", ","),
        "point groups, decimal comma": lambda x: (
            f"{x:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
        ),
        "comma groups": lambda x: f"{x:,.2f}",
        "point groups, whole": lambda x: f"{x:,.0f}".replace(",", "."),
        "comma groups, whole": lambda x: f"{x:,.0f}",
        "blank groups": lambda x: f"{x:,.2f}".replace(",", " "),
        "apostrophes": lambda x: f"{x:,.2f}".replace(",", "'"),
        "Indian groups": lambda x: f"{x:,.0f}".replace(",", ",0") if x > 999 else f"{x:.0f}",
        "exponents": lambda x: f"{x:e}",
        "units": lambda x: f"{x:g} PC",
        "currency": lambda x: f"EUR {x:g}",
        "minus behind": lambda x: f"{x:g}-",
        "three decimals": lambda x: f"{x:.3f}",
        "thousandths written as thousands": lambda x: f"{x / 1000:.3f}",
    }
    for (name, write), columns, scale in itertools.product(
        ways.items(), (NUMBERS, NUMBERS[:1], NUMBERS[1:]), (1, 1000, 1234)
    ):
        body, truth = [], []
        for row in table:
            cells, meant = list(row), list(row)
            for column in columns:
                value = float(row[column]) * scale
                is_whole = "whole" in name or "Indian" in name
                value = float(f"{value:.0f}" if is_whole else f"{value:.2f}")
                cells[column] = write(value)
                meant[column] = f"{-value if 'behind' in name else value}"
                if "thousandths" in name:
                    meant[column] = f"{round(value / 1000, 3)}"
            body.append(tuple(cells))
            truth.append(tuple(meant))
        label = f"numbers {name} in {columns} times {scale}"
        yield Polluted(label, written(body).encode(), tuple(truth))
        semicolons = written(body, delimiter=";").encode()
        yield Polluted(label + ", semicolons", semicolons, tuple(truth))


def _unknown_columns(table: tuple[Row, ...]) -> Iterator[Polluted]:
    for place, name in itertools.product(range(len(HEADER) + 1), ("promised", "Zusatz", "")):
        lines = [(*row[:place], "x", *row[place:]) for row in table]
        header = (*HEADER[:place], name, *HEADER[place:])
        body = io.StringIO()
        csv.writer(body, lineterminator="\n").writerows([header, *lines])
        yield Polluted(f"column {name!r} at {place}", body.getvalue().encode(), table)


def judge(polluted: Polluted, folder: Path) -> Outcome:
    """Load a polluted file and compare what came of it with the truth."""
    path = folder / f"{FEED}.csv"
    path.write_bytes(polluted.content)
    (report,) = preview([path], folder / "wh")
    if report.status == "refused":
        return _outcome(polluted, "refused" if report.message else "silently wrong", report.message)
    accepted = [
        _canonical(tuple(map(str, row)))
        for row in report.accepted[list(HEADER)].astype(object).fillna("").itertuples(index=False)
    ]
    truth = Counter(map(_canonical, polluted.truth))
    extra = Counter(accepted) - truth
    if extra and report.entry.dialect.get("last_line") and sum(extra.values()) == 1:
        return _outcome(polluted, "said", report.entry.dialect["last_line"])
    if extra:
        return _outcome(polluted, "silently wrong", f"accepted {next(iter(extra))}")
    return _of_rejects(polluted, report, sum((truth - Counter(accepted)).values()))


def _of_rejects(polluted: Polluted, report: LoadReport, n_missing: int) -> Outcome:
    """Judge a file whose accepted rows are all right: what is missing must be told."""
    rejects, entry = report.rejected, report.entry
    if not n_missing:
        return _outcome(polluted, "exact", "")
    if rejects.empty or (rejects["_line"] < 1).any() or rejects["reason"].isna().any():
        return _outcome(polluted, "silently wrong", f"{n_missing} rows are nowhere")
    if entry.rows_in != entry.rows_accepted + entry.rows_rejected or len(rejects) < n_missing:
        is_cut = polluted.kind.startswith("file ends")
        return _outcome(polluted, "set aside" if is_cut else "silently wrong", "rows are nowhere")
    return _outcome(polluted, "set aside", str(rejects["reason"].iloc[0]))


def _outcome(polluted: Polluted, name: str, why: str) -> Outcome:
    return Outcome(polluted.kind, name, why)


def _canonical(row: Row) -> Row:
    """Return a row with its cells in one spelling: numbers as numbers, blanks around cut."""
    cells = [(cell or "").strip(" \t\u00a0\r\n") for cell in row]
    for place in NUMBERS:
        try:
            cells[place] = f"{float(cells[place]):.4f}" if cells[place].isascii() else cells[place]
        except ValueError:
            continue
    for place in DATES:
        if cells[place][10:] in (" 00:00:00", "T00:00:00", " 00:00:00.000000"):
            cells[place] = cells[place][:10]
    return tuple(cells)


def outcomes(n_rows: int, seed: int, every: int = 1) -> list[Outcome]:
    """Judge every n-th file of a corpus."""
    found = []
    for polluted in itertools.islice(corpus(n_rows, seed), seed % every, None, every):
        with TemporaryDirectory() as folder:
            found.append(judge(polluted, Path(folder)))
    return found
