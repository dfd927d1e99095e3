"""The real files in other dialects and damaged: the same rows, or set aside with a reason."""

import csv
import io
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from data.ingest import ingest
from data.report import LoadReport
from tests.data.ingest.files import rows, said, write

SHARED = Path(__file__).parents[3] / "shared" / "data"
HERE = Path(__file__).parent
N_ROWS = 600
EVERY = 40

Table = list[list[str]]

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.exists(), reason="the real files are not beside the project"),
]

FILES: dict[str, tuple[str, str, str]] = {
    "foodservice": ("order_lines_foodservice.csv", "order_lines", "order_qty"),
    "scms": ("supplier_deliveries_scms.csv", "purchase_order_lines", "Unit Price"),
}
COLUMNS = {
    "order_lines": "order_id, line_no, customer_id, item_id, site_id, order_date, requested_date, "
    "qty_ordered",
    "purchase_order_lines": "po_id, line_no, supplier_id, item_id, site_id, order_date, "
    "promised_date, qty_ordered, unit_price, transport_mode",
}


def table(kind: str) -> Table:
    """Return the header and the first rows of a real file."""
    text = (SHARED / FILES[kind][0]).read_text(encoding="utf-8-sig").lstrip("\n")
    return [row for _, row in zip(range(N_ROWS + 1), csv.reader(io.StringIO(text)), strict=False)]


def written(
    cells: Table, delimiter: str = ",", end: str = "\n", quoting: Literal[0, 1] = csv.QUOTE_MINIMAL
) -> str:
    """Return the table as delimited text."""
    body = io.StringIO()
    csv.writer(body, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(cells)
    return body.getvalue()


def load(
    kind: str, content: str | bytes, folder: Path, file_keys: str = 'decimal = "."\n'
) -> LoadReport:
    """Load a variant with the mapping of the file, which says nothing of the dialect here."""
    told = (HERE / f"{kind}.toml").read_text(encoding="utf-8")
    told = re.sub(r"^(encoding|delimiter|decimal) = .*\n", "", told, flags=re.M)
    told = told.replace("[file]\n", "[file]\n" + file_keys)
    mapping = write(folder, "m.toml", told)
    path = write(folder, "variant.csv", content)
    (report,) = ingest([path], folder / "wh", feed=FILES[kind][1], mapping=mapping)
    return report


def accepted(kind: str, folder: Path) -> list[tuple[object, ...]]:
    """Return the accepted rows, in the order of their keys."""
    feed = FILES[kind][1]
    found = rows(folder / "wh", feed, COLUMNS[feed])
    return sorted(found, key=lambda row: (row[0], row[1]))


@pytest.fixture(params=FILES)
def kind(request: pytest.FixtureRequest) -> str:
    """Return the name of a real file."""
    return str(request.param)


@pytest.fixture
def expected(kind: str, tmp_path: Path) -> list[tuple[object, ...]]:
    """Return the accepted rows of the file as it came."""
    (tmp_path / "plain").mkdir()
    assert load(kind, written(table(kind)), tmp_path / "plain").status == "loaded"
    return accepted(kind, tmp_path / "plain")


def with_newlines(cells: Table) -> Table:
    """Put a line end into a cell that the mapping does not read."""
    place = 11 if len(cells[0]) == 18 else 1
    return [cells[0], *([*row[:place], "two\nlines", *row[place + 1 :]] for row in cells[1:])]


def shuffled(cells: Table) -> Table:
    """Put the columns into another order."""
    order = list(range(len(cells[0])))
    random.Random(5).shuffle(order)
    return [[row[i] for i in order] for row in cells]


DIALECTS: dict[str, Callable[[Table], str | bytes]] = {
    "UTF-16": lambda cells: written(cells).encode("utf-16"),
    "UTF-16 big-endian without a mark": lambda cells: written(cells).encode("utf-16-be"),
    "byte order mark": lambda cells: written(cells).encode("utf-8-sig"),
    "CR alone": lambda cells: written(cells, end="\r"),
    "CRLF": lambda cells: written(cells, end="\r\n"),
    "tab": lambda cells: written(cells, delimiter="\t"),
    "bar": lambda cells: written(cells, delimiter="|"),
    "everything quoted": lambda cells: written(cells, quoting=csv.QUOTE_ALL),
    "quoted new lines": lambda cells: written(with_newlines(cells)),
    "shuffled columns": lambda cells: written(shuffled(cells)),
    "preamble": lambda cells: "Report of today\n\nfor,internal,use\n" + written(cells),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_rows_come_out_of_every_dialect(
    dialect: str, kind: str, expected: list[tuple[object, ...]], tmp_path: Path
) -> None:
    report = load(kind, DIALECTS[dialect](table(kind)), tmp_path)
    assert (report.status, report.entry.rows_in) == ("loaded", N_ROWS), report.message
    assert accepted(kind, tmp_path) == expected


def test_cp1252_is_told_from_utf_8(expected: list[object], kind: str, tmp_path: Path) -> None:
    report = load(kind, written(table(kind)).encode("cp1252"), tmp_path)
    assert accepted(kind, tmp_path) == expected
    if kind == "scms":
        assert report.entry.dialect["encoding"].startswith("cp1252")


def decimal_commas(kind: str) -> str:
    """Return the file with semicolons, and decimal commas in all its numbers."""
    comma = re.compile(r"(\d+)\.(\d+)")
    cells = [[comma.sub(r"\1,\2", cell) if comma.fullmatch(cell) else cell for cell in row]
             for row in table(kind)]  # fmt: skip
    return written(cells, delimiter=";")


def test_decimal_commas_are_read_as_the_mapping_says(
    expected: list[object], kind: str, tmp_path: Path
) -> None:
    load(kind, decimal_commas(kind), tmp_path, 'decimal = ","\n')
    found = accepted(kind, tmp_path)
    if kind == "foodservice":
        # Its mapping leaves out lines with '0.000' ordered; here they are written '0,000'.
        found = [row for row in found if row[7]]
    assert found == expected


def test_decimal_commas_without_a_word_are_refused(kind: str, tmp_path: Path) -> None:
    report = load(kind, decimal_commas(kind), tmp_path, "")
    found = accepted(kind, tmp_path)
    if report.status == "refused":
        assert "say in a mapping: decimal" in report.message
    else:
        reasons = {reason.reason for reason in report.reasons if reason.kind == "fault"}
        assert reasons == {"is not a number (expected digits with '.' for decimals)"}
    assert len(found) < N_ROWS


def test_renamed_columns_are_refused_by_name(kind: str, tmp_path: Path) -> None:
    cells = table(kind)
    column = {"foodservice": "order_number", "scms": "PO / SO #"}[kind]
    cells[0][cells[0].index(column)] = "zz"
    report = load(kind, written(cells), tmp_path)
    assert report.status == "refused"
    assert f"the column '{column.casefold()}' is missing" in report.message


def ragged(lines: list[str]) -> None:
    lines[EVERY::EVERY] = [line.rsplit(",", 1)[0] for line in lines[EVERY::EVERY]]


def stray_quotes(lines: list[str]) -> None:
    lines[EVERY::EVERY] = [line.replace(",", ',a"b', 1) for line in lines[EVERY::EVERY]]


def unclosed_quotes(lines: list[str]) -> None:
    lines[EVERY::EVERY] = [line.replace(",", ',"', 1) for line in lines[EVERY::EVERY]]


@pytest.mark.parametrize("damage", [ragged, stray_quotes, unclosed_quotes])
def test_a_damaged_line_is_set_aside_with_its_line_and_no_other_changes(
    damage: Callable[[list[str]], None],
    kind: str,
    expected: list[tuple[object, ...]],
    tmp_path: Path,
) -> None:
    lines = written(table(kind)).split("\n")[:-1]
    n_damaged = len(lines[EVERY::EVERY])
    damage(lines)
    report = load(kind, "\n".join(lines) + "\n", tmp_path)
    found = accepted(kind, tmp_path)
    assert set(found) <= set(expected)
    told = {int(line.split(" ", 1)[0]) for line in said(tmp_path / "wh") if " fault: " in line}
    if not (kind == "scms" and damage is stray_quotes):
        assert {n * EVERY + 1 for n in range(1, n_damaged + 1)} <= told
    else:  # A quote inside a value that does not begin with one is a letter; nothing reads it here.
        assert found == expected
    assert report.entry.rows_in == N_ROWS


def test_repeated_headers_are_left_out_and_totals_are_faults(
    kind: str, expected: list[tuple[object, ...]], tmp_path: Path
) -> None:
    cells = table(kind)
    total = ["Total", *[""] * (len(cells[0]) - 2), "12345"]
    again = [cells[0] if n % 200 == 0 else None for n in range(1, len(cells))]
    body = [row for one, head in zip(cells[1:], again, strict=True) for row in (one, head) if row]
    report = load(kind, written([cells[0], *body, total]), tmp_path)
    assert accepted(kind, tmp_path) == expected
    assert report.entry.rows_in == N_ROWS + 4
    assert sum("repeats the header" in line for line in said(tmp_path / "wh")) == 3
