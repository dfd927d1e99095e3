"""XLSX: text stays text, and hostile workbooks are refused in bounded time and memory."""

import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from data.ingest import ingest
from data.rejects import read_rejects
from tests.data.ingest.files import load, rows, said

MOST_SECONDS, MOST_MEGABYTES = 5.0, 500.0


def workbook(path: Path, *sheets: Sequence[Sequence[object]]) -> Path:
    """Write a workbook; a date gets a date format, a text stays a text."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        as_date = book.add_format({"num_format": "yyyy-mm-dd"})
        for cells in sheets:
            sheet = book.add_worksheet()
            for row, line in enumerate(cells):
                for column, cell in enumerate(line):
                    if isinstance(cell, date):
                        sheet.write_datetime(
                            row, column, datetime.combine(cell, datetime.min.time()), as_date
                        )
                    else:
                        sheet.write(row, column, cell)
    return path


def sheet_xml(path: Path, xml: bytes, shared: bytes = b"") -> Path:
    """Write a workbook with one sheet of that XML."""
    workbook(path, [["customer_id"], ["C1"]])
    with zipfile.ZipFile(path) as parts:
        kept = {part: parts.read(part) for part in parts.namelist()}
    kept["xl/worksheets/sheet1.xml"] = xml
    if shared:
        kept["xl/sharedStrings.xml"] = shared
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for part, content in kept.items():
            parts.writestr(part, content)
    return path


def test_codes_stay_as_they_are_and_dates_become_dates(tmp_path: Path) -> None:
    header: list[object] = ["snapshot_date", "item_id", "site_id", "qty_on_hand"]
    cells: list[list[object]] = [
        header,
        [date(2026, 5, 1), "00123", "DC1", 1.5],
        [date(2026, 5, 2), "1E5", 7, 20],
        ["2026-05-03", 4711, "DC1", "x"],
    ]
    report = load(workbook(tmp_path / "stock.xlsx", cells), tmp_path / "wh")
    columns = "CAST(snapshot_date AS VARCHAR), item_id, site_id, CAST(qty_on_hand AS DOUBLE), _line"
    assert rows(tmp_path / "wh", "stock", columns) == [
        ("2026-05-01", "00123", "DC1", 1.5, 2),
        ("2026-05-02", "1E5", "7", 20.0, 3),
    ]
    assert said(tmp_path / "wh") == [
        "4 fault: qty_on_hand 'x' is not a number (expected digits with '.' for decimals)"
    ]
    assert report.entry.dialect == {"format": "workbook", "sheet": "Sheet1", "header_line": "1"}


def test_the_header_is_found_below_a_title_and_on_another_sheet(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "customers.xlsx",
        [["Notes"], ["none"]],
        [["Customers of May"], [], ["customer_id", "segment"], ["C1", "dealer"], [], ["C2"]],
    )
    load(path, tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id, segment, _line") == [
        ("C1", "dealer", 4),
        ("C2", None, 6),
    ]


MONTH: list[object] = ["order_id", "line_no", "shipped_date", "qty_shipped"]


def test_every_sheet_with_the_same_header_is_loaded_under_its_name(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "shipments.xlsx",
        [MONTH, ["O1", "10", "2026-01-05", 4], ["O2", "10", "2026-01-06", -1]],
        [["Notes"], ["none"]],
        [MONTH[::-1], [6, "2026-02-05", "10", "O1"], ["x", "2026-02-06", "10", "O3"]],
        [MONTH],
    )
    reports = ingest([path], tmp_path / "wh")
    assert [(one.status, one.entry.file, one.entry.rows_in) for one in reports] == [
        ("loaded", "shipments.xlsx[Sheet1]", 2),
        ("loaded", "shipments.xlsx[Sheet3]", 2),
    ]
    assert rows(
        tmp_path / "wh", "shipments", "order_id, CAST(qty_shipped AS INT), _file, _line"
    ) == [
        ("O1", 4, "shipments.xlsx[Sheet1]", 2),
        ("O1", 6, "shipments.xlsx[Sheet3]", 2),
    ]
    assert len(read_rejects(tmp_path / "wh", "shipments.xlsx")) == 2
    again = ingest([path], tmp_path / "wh")
    assert [one.status for one in again] == ["already loaded", "already loaded"]


def test_a_workbook_of_which_one_sheet_is_missing_in_the_lake_is_completed(tmp_path: Path) -> None:
    sheets: list[list[list[object]]] = [
        [MONTH, [f"O{month}", "10", f"2026-0{month}-05", 4]] for month in (1, 2)
    ]
    path = workbook(tmp_path / "shipments.xlsx", *sheets)
    ingest([path], tmp_path / "wh")
    sorted((tmp_path / "wh" / "ledger").glob("*.json"))[1].unlink()
    ingest([path], tmp_path / "wh")
    assert rows(tmp_path / "wh", "shipments", "order_id") == [("O1",), ("O2",)]


def test_sheets_with_other_columns_are_not_guessed_together(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "customers.xlsx",
        [["customer_id", "segment"], ["C1", "a"]],
        [["customer_id", "region"], ["C1", "b"]],
    )
    assert load(path, tmp_path / "wh").message == (
        "customers.xlsx: the sheets 'Sheet1' and 'Sheet2' both have the columns looked for, but "
        "'region' stands on one alone; make them the same, or say in a mapping which one: "
        "sheet = 'Sheet1'"
    )


def test_errors_formulas_without_a_value_and_cells_past_the_header_are_faults(
    tmp_path: Path,
) -> None:
    path = tmp_path / "customers.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("A & B")
        sheet.write_row(0, 0, ["customer_id", "customer_name", "segment"])
        sheet.write_row(1, 0, ["C1", "a"])
        sheet.write_formula(1, 2, "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
        sheet.write_row(2, 0, ["C2", "b"])
        sheet.write_formula(2, 2, "=A1", None, "")
        sheet.write_row(3, 0, ["C3", "c", "d", "", "note"])
        sheet.write_row(4, 0, ["C4", " ", "d"])
        sheet.write_row(5, 0, [" ", ""])
    load(path, tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id, customer_name") == [("C4", None)]
    assert said(tmp_path / "wh") == [
        "2 fault: segment '#N/A' is an error of the workbook",
        "3 fault: segment '#UNCALCULATED!' is a formula that was never calculated: open the "
        "workbook in Excel and save it",
        "4 fault: None has 5 cells where the header has 3",
    ]


def far_corner(path: Path) -> Path:
    return sheet_xml(
        path,
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>customer_id</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
    )


def bomb(path: Path) -> Path:
    workbook(path, [["customer_id"], ["C1"]])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as parts,
        parts.open("xl/worksheets/sheet2.xml", "w") as stream,
    ):
        for _ in range(200):
            stream.write(b" " * (1 << 20))
    return path


def laughs(path: Path) -> Path:
    return sheet_xml(
        path,
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>',
    )


def long_string_used_often(path: Path) -> Path:
    cells = b"".join(b'<row><c t="s"><v>0</v></c></row>' for _ in range(200_000))
    return sheet_xml(
        path,
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + cells + b"</sheetData></worksheet>",
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + b"x" * 1_000_000
        + b"</t></si></sst>",
    )


def lying_size(path: Path) -> Path:
    """Let the directory of the zip say that the part is small."""
    size = (200 << 20).to_bytes(4, "little")
    content = bomb(path).read_bytes()
    path.write_bytes(content.replace(size, (1000).to_bytes(4, "little")))
    return path


def cut_short(path: Path) -> Path:
    whole = workbook(path, [["customer_id"], ["C1"]]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def no_workbook(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("readme.txt", "hello")
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
@pytest.mark.parametrize(
    ("hostile", "reason"),
    [
        (
            far_corner,
            "has 2 cells spread over 1,048,576 rows and 16,384 columns; "
            "remove what stands far away from the table",
        ),
        (bomb, "unpacks to over "),
        (lying_size, "is not a readable workbook: "),
        (laughs, "defines XML entities; no workbook does"),
        (long_string_used_often, "repeats long texts"),
        (cut_short, "is not a readable workbook: "),
        (no_workbook, "is not a readable workbook: "),
    ],
)
def test_a_hostile_workbook_is_refused_in_bounded_time_and_memory(
    tmp_path: Path, hostile: Callable[[Path], Path], reason: str
) -> None:
    path = hostile(tmp_path / "customers.xlsx")
    command = [
        sys.executable,
        "-c",
        "import sys, time; from pathlib import Path\n"
        "from data.ingest import preview\n"
        "start = time.process_time()\n"
        "(report,) = preview([Path(sys.argv[1])], Path(sys.argv[1]).parent / 'wh')\n"
        "most = next(x for x in open('/proc/self/status') if x.startswith('VmHWM')).split()[1]\n"
        "seconds = time.process_time() - start\n"
        "print(report.status, seconds, int(most) / 1024, report.message, sep='|')",
        str(path),
    ]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    status, seconds, megabytes, message = ended.stdout.strip().split("|", 3)
    assert status == "refused"
    assert message.startswith("customers.xlsx ")
    assert reason in message
    assert float(seconds) < MOST_SECONDS
    assert float(megabytes) < MOST_MEGABYTES
