"""What becomes of each file: how it is read, and which are refused whole."""

import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import lake
from data.choose import feed_of_name, safe_name
from data.errors import UserError
from data.ingest import ingest, preview
from data.rejects import read_rejects
from tests.data.ingest.files import HEADER, load, order_line, rows, said, write

BODY = "\n".join((HEADER, order_line(1), order_line(2))) + "\n"
CUSTOMERS = "customer_id,customer_name\nC1,Müller\nC2,Ångström\n"


def test_the_feed_is_found_from_the_file_name() -> None:
    expected = {
        "order_lines_2026-05.csv": "order_lines",
        "2026-05 Order Lines.xlsx": "order_lines",
        "purchase_order_lines.csv": "purchase_order_lines",
        "supplier_promises-3.tsv": "supplier_promises",
        "stockholm.csv": None,
    }
    found = {name: feed_of_name(name) for name in expected}
    assert {name: feed.name if feed else None for name, feed in found.items()} == expected


def test_the_header_tells_the_feed_where_the_name_does_not(tmp_path: Path) -> None:
    report = load(write(tmp_path, "export (3).csv", BODY), tmp_path / "wh")
    assert (report.status, report.entry.feed) == ("loaded", "order_lines")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("order_lines.csv", b"", "order_lines.csv is empty (0 bytes)"),
        ("order_lines.csv", b"\n\n", "order_lines.csv has no line with anything on it"),
        (
            "order_lines.csv",
            HEADER.encode() + b"\n",
            "order_lines.csv has a header and no rows",
        ),
        (
            "order_lines.csv",
            b"a,b,c\n1,2,3\n",
            "order_lines.csv line 1 is not a header of order_lines: found 'a', 'b', 'c'; expected "
            "customer_id, item_id, line_no, order_date, order_id, qty_ordered, requested_date, "
            "site_id",
        ),
        (
            "customers.csv",
            b"customer_nam,segment\nx,y\n",
            "customers.csv line 1 is not a header of customers: found 'customer_nam', 'segment'; "
            "expected customer_id",
        ),
        (
            "order_lines.csv",
            BODY.replace(",site_id,", ",site,").encode(),
            "order_lines.csv line 1: the column 'site_id' is missing; order_lines needs "
            "customer_id, item_id, line_no, order_date, order_id, qty_ordered, requested_date, "
            "site_id",
        ),
        (
            "order_lines.csv",
            BODY.replace("promised_date", "promised_dat").encode(),
            "order_lines.csv line 1: nothing reads the column 'promised_dat'; did you mean "
            "'promised_date'? Rename or remove it, or let a mapping ignore it "
            "(other_columns = 'ignore')",
        ),
        (
            "customers.csv",
            b"customer_id,segment,Segment\nC1,a,b\n",
            "customers.csv line 1: the column 'segment' is there twice; each name may stand once",
        ),
        (
            "x.csv",
            b"a,b\n1,2\n",
            "x.csv: neither its name nor its columns tell which feed it is; name it after its "
            "feed (such as order_lines_2026-05.csv), or give --feed or --mapping",
        ),
        (
            "customers.csv",
            CUSTOMERS.encode() + "C3,Ö\n".encode("cp1252"),
            "customers.csv mixes encodings: line 2 is UTF-8 and line 4 is not; save it in one "
            "encoding, or say in a mapping which one: encoding = 'cp1252'",
        ),
        (
            "customers.csv",
            b"customer_id,segment\nC1,a\nC2,\x00\n",
            "customers.csv line 3 holds a NUL byte: not a text file",
        ),
        (
            "customers.csv",
            gzip.compress(CUSTOMERS.encode(), mtime=0),
            "customers.csv is compressed with gzip; unpack it first",
        ),
        ("customers.xlsx", b"", "customers.xlsx is empty (0 bytes)"),
    ],
)
def test_a_bad_file_is_refused_whole_with_one_line(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    report = load(write(tmp_path, name, content), tmp_path / "wh")
    assert (report.status, report.message) == ("refused", reason)
    (entry,) = lake.ledger(tmp_path / "wh")
    assert (entry.status, entry.reason, entry.rows_in) == ("refused", reason, 0)
    assert lake.live_raw_paths(tmp_path / "wh") == {}


def test_a_refused_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", "a_customers.csv", "")
    write(tmp_path / "in", "b_customers.csv", CUSTOMERS)
    write(tmp_path / "in", "notes.txt", "call them on Monday")
    reports = ingest([tmp_path / "in"], tmp_path / "wh")
    assert [report.status for report in reports] == ["refused", "loaded", "skipped"]


def test_what_a_folder_holds_besides_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "may").mkdir(parents=True)
    write(folder, "customers.csv", CUSTOMERS)
    for name in ("order_lines.csv.gz", "stock.xls", ".hidden", "~$stock.xlsx"):
        write(folder, name, "x")
    for command in (preview, ingest):
        first, *others = command([folder], tmp_path / "wh")
        assert (first.status, first.entry.rows_accepted) == ("loaded", 2)
        assert [(one.status, one.message) for one in others] == [
            ("skipped", "may: passed over, it is a folder; name it to load its files"),
            (
                "skipped",
                "order_lines.csv.gz: passed over, it is none of .csv, .tsv, .txt, .parquet, .xlsx",
            ),
            ("skipped", "stock.xls: passed over, it is none of .csv, .tsv, .txt, .parquet, .xlsx"),
        ]


def test_mistakes_of_the_caller_are_told(tmp_path: Path) -> None:
    path = write(tmp_path, "customers.csv", CUSTOMERS)
    with pytest.raises(UserError, match=r"there is no feed 'custommers'; did you mean 'customers'"):
        ingest([path], tmp_path / "wh", feed="custommers")
    with pytest.raises(UserError, match=r"there is no file or folder .*none\.csv"):
        ingest([tmp_path / "none.csv"], tmp_path / "wh")
    with pytest.raises(UserError, match=r"there is no mapping file"):
        ingest([path], tmp_path / "wh", mapping=tmp_path / "none.toml")
    with pytest.raises(UserError, match=r"the mapping .* cannot be read: Is a directory"):
        ingest([path], tmp_path / "wh", mapping=tmp_path)
    for command in (ingest, preview):
        with pytest.raises(UserError, match=r"the warehouse .*customers\.csv (is no|cannot be)"):
            command([path], path)
    with pytest.raises(UserError, match=r"the warehouse .*customers\.csv is no folder"):
        read_rejects(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_dialect_gives_the_same_rows(
    tmp_path: Path, delimiter: str, line_end: str, encoding: str
) -> None:
    body = CUSTOMERS.replace(",", delimiter).replace("\n", line_end)
    load(write(tmp_path, "customers.csv", body.encode(encoding)), tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id, customer_name, _line") == [
        ("C1", "Müller", 2),
        ("C2", "Ångström", 3),
    ]


def test_the_decision_on_a_one_byte_encoding_is_stated(tmp_path: Path) -> None:
    path = write(tmp_path, "customers.csv", CUSTOMERS.encode("cp1252"))
    dialect = load(path, tmp_path / "wh").entry.dialect
    assert dialect["encoding"] == "cp1252 (decided: it is not UTF-8)"


def test_lines_are_physical_also_after_quoted_line_ends_and_blank_lines(tmp_path: Path) -> None:
    body = (
        'customer_id,customer_name\nC1,"two\nlines"\n\nC2,plain\nC3\nC4,"three\n\nlines"\nC5,last'
    )
    load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id, customer_name, _line") == [
        ("C1", "two\nlines", 2),
        ("C2", "plain", 5),
        ("C4", "three\n\nlines", 7),
        ("C5", "last", 10),
    ]
    assert said(tmp_path / "wh") == ["6 fault: None has 1 cells where the header has 2"]


@pytest.mark.parametrize("last", ["C4,\n", 'C4,"a\nb"\n'], ids=["read by DuckDB", "exactly"])
def test_lines_of_nothing_but_delimiters_are_blank(tmp_path: Path, last: str) -> None:
    body = f'customer_id,customer_name\nC1,a\n,\n , \n,,,\n"",""\nC2,b\nC3\n{last},\n'
    report = load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id, _line") == [
        ("C1", 2),
        ("C2", 7),
        ("C4", 9),
    ]
    assert said(tmp_path / "wh") == ["8 fault: None has 1 cells where the header has 2"]
    assert report.entry.rows_in == 4


def test_a_title_above_the_header_is_skipped_and_stated(tmp_path: Path) -> None:
    body = "Customers of May\n\nmade on,2026-06-01,,\n"
    body += "customer_id,customer_name,segment,region\nC1,a,b,c\n"
    report = load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert (report.entry.rows_in, report.entry.rows_accepted) == (1, 1)
    assert report.entry.dialect["lines_above_header"] == "2"


def test_a_row_above_the_header_refuses_the_file(tmp_path: Path) -> None:
    body = "C0,a,\ncustomer_id,segment,region\nC1,a,r\n"
    report = load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert (report.status, report.message) == (
        "refused",
        "customers.csv line 2 is the header, but line 1 above it looks like a row; put the header "
        "first, or say in a mapping where it is: header_line = 2",
    )
    told = write(tmp_path, "m.toml", '[file]\nheader_line = 2\n[[feed]]\nfeed = "customers"\n')
    assert load(tmp_path / "customers.csv", tmp_path / "wh", mapping=told).entry.rows_in == 1


def test_a_stray_quote_sets_doubtful_lines_aside_and_misreads_none(tmp_path: Path) -> None:
    body = 'customer_id,customer_name\nC1,a\nC2,"b\nC3,c\nC4,5" bolt\nC5,"d"e\nC6,f\n'
    report = load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id, _line") == [("C1", 2), ("C6", 7)]
    doubt = "a quote stands where none may: inside a quoted value it is written twice"
    where = "(a quoted value runs from line 3 to line 5)"
    assert said(tmp_path / "wh") == [
        *(f"{line} fault: None {doubt} {where}" for line in (3, 4, 5)),
        f"6 fault: None {doubt}",
    ]
    assert report.entry.rows_in == 6


def test_a_quote_that_never_closes_costs_its_own_line(tmp_path: Path) -> None:
    body = 'customer_id,customer_name\nC1,a\nC2,"b\nC3,c\n'
    load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id, _line") == [("C1", 2), ("C3", 4)]
    assert said(tmp_path / "wh") == ["3 fault: None a quote opens and never closes"]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(tmp_path: Path) -> None:
    body = 'customer_id,customer_name,region\nC1,"b,r\nC2,c,r\nC3,d",r\nC4,e,r\n'
    report = load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id") == [("C4",)]
    assert (report.entry.rows_in, report.entry.n_faults) == (4, 3)


def test_dates_in_another_format_need_evidence(tmp_path: Path) -> None:
    def with_dates(*dates: str) -> str:
        return "calendar_id,day,is_working\n" + "".join(f"default,{day},no\n" for day in dates)

    report = load(
        write(tmp_path, "calendar_1.csv", with_dates("03/04/2026", "13/04/2026")), tmp_path / "wh"
    )
    assert report.entry.dialect["dates in day"] == "%d/%m/%Y"
    assert [str(day) for (day,) in rows(tmp_path / "wh", "calendar", "day")] == [
        "2026-04-03",
        "2026-04-13",
    ]
    ambiguous = load(
        write(tmp_path, "calendar_2.csv", with_dates("03/04/2026", "05/06/2026")), tmp_path / "wh"
    )
    assert ambiguous.message == (
        "calendar_2.csv: day could be day-first or month-first in all 2 values, such as "
        "'03/04/2026'; say which in a mapping: formats = ['%d/%m/%Y'] or ['%m/%d/%Y']"
    )
    both = load(
        write(tmp_path, "calendar_3.csv", with_dates("13/04/2026", "05/16/2026")), tmp_path / "wh"
    )
    assert both.status == "refused"
    assert "1 dates that can only be day-first and 1 that can only be month-first" in both.message


def test_a_number_that_no_day_has_does_not_prove_the_order_of_a_date(tmp_path: Path) -> None:
    days = "calendar_id,day,is_working\ndefault,01/02/2026,no\ndefault,45/01/2026,no\n"
    report = load(write(tmp_path, "calendar_4.csv", days), tmp_path / "wh")
    assert report.status == "refused"
    assert "could be day-first or month-first in all 2 values" in report.message


@pytest.mark.parametrize(
    ("quantities", "example"),
    [
        (("12,5", "1.000", "2.500,5"), "12,5"),
        (("1000", "1.000", "0,5"), "0,5"),
        (("7", "1.000.000", "2.5"), None),
        (("1.000", "1.000.000", "2.5"), "1.000.000"),
        (("7", "12,5"), "12,5"),
        (("7", "12,5", "2.5"), None),
    ],
)
def test_decimal_commas_refuse_the_file_unless_points_are_proven(
    tmp_path: Path, quantities: tuple[str, ...], example: str | None
) -> None:
    body = "order_id;line_no;shipped_date;qty_shipped\n" + "".join(
        f"O{i};10;2026-05-01;{quantity}\n" for i, quantity in enumerate(quantities)
    )
    report = load(write(tmp_path, "shipments.csv", body), tmp_path / "wh")
    if example is None:
        assert (report.status, report.entry.n_faults) == ("loaded", 1)
        return
    assert report.message == (
        "shipments.csv: qty_shipped has decimal commas or dots between thousands, such as "
        f"{example!r}; say in a mapping: decimal = ',' and thousands = '.'"
    )


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "snapshot_date": pd.to_datetime(["2026-05-01", "2026-05-02"]),
            "item_id": ["00123", "1E5"],
            "site_id": ["DC1", "DC1"],
            "qty_on_hand": [1.5, -2.0],
        }
    )
    frame.to_parquet(tmp_path / "stock.parquet")
    load(tmp_path / "stock.parquet", tmp_path / "wh")
    assert [str(cell) for cell in rows(tmp_path / "wh", "stock", "*")[0][:4]] == [
        "2026-05-01",
        "00123",
        "DC1",
        "1.5000",
    ]
    assert said(tmp_path / "wh") == ["2 fault: qty_on_hand '-2' is below 0"]


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_floats_in_parquet_give_whole_identifiers_and_plain_quantities(
    tmp_path: Path, kind: type[np.floating[Any]]
) -> None:
    shipments = pd.DataFrame(
        {
            "order_id": pd.Series([1001, 1002, None]).astype(kind),
            "line_no": [10, 20, 30],
            "shipped_date": ["2026-05-01"] * 3,
            "qty_shipped": pd.Series([0.1 + 0.2, 2.5, 1]).astype(kind),
        }
    )
    shipments.to_parquet(tmp_path / "shipments.parquet")
    load(tmp_path / "shipments.parquet", tmp_path / "wh")
    assert rows(tmp_path / "wh", "shipments", "order_id, line_no, qty_shipped") == [
        ("1001", "10", Decimal("0.3")),
        ("1002", "20", Decimal("2.5")),
    ]
    assert said(tmp_path / "wh") == ["3 fault: order_id None is missing"]


def test_a_preview_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "order_lines.csv", BODY + order_line(3, qty_ordered="x") + "\n")
    (seen,) = preview([path], tmp_path / "wh")
    assert not (tmp_path / "wh").exists()
    loaded = load(path, tmp_path / "wh")
    assert seen.message == loaded.message
    assert seen.reasons == loaded.reasons
    assert seen.accepted["order_id"].tolist() == ["O1", "O2"]
    assert seen.rejected["_line"].tolist() == [4]


@pytest.mark.parametrize(
    ("uploaded", "kept"),
    [
        ("../../order_lines.csv", "order_lines.csv"),
        ("..\\..\\x.csv", "x.csv"),
        ("/etc/passwd", "passwd"),
        ("..", "upload"),
        ("a\nb\x00c.csv", "abc.csv"),
    ],
)
def test_an_uploaded_name_cannot_leave_its_folder(uploaded: str, kept: str) -> None:
    assert safe_name(uploaded) == kept
