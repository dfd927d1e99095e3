"""What becomes of each row of a file."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.feeds import FEEDS
from data.mapping import ColumnRule
from data.rejects import read_rejects, to_mend
from data.typing_sql import typed_sql
from tests.data.ingest.files import HEADER, load, order_line, rows, said, write


def lines(*each: str) -> str:
    return "\n".join((HEADER, *each)) + "\n"


def test_good_rows_are_typed_and_know_their_file_line_and_load(tmp_path: Path) -> None:
    path = write(tmp_path, "order_lines_2026-05.csv", lines(order_line(1), order_line(2)))
    report = load(path, tmp_path / "wh")
    assert (report.status, report.entry.rows_in, report.entry.rows_accepted) == ("loaded", 2, 2)
    assert (report.entry.date_min, report.entry.date_max) == ("2026-05-01", "2026-05-01")
    columns = "order_id, item_id, requested_date, qty_ordered, order_type, unit_price, _file, _line"
    assert rows(tmp_path / "wh", "order_lines", columns) == [
        ("O1", "00123", date(2026, 5, 4), Decimal("5.0000"), "stock", None, path.name, 2),
        ("O2", "00123", date(2026, 5, 4), Decimal("5.0000"), "stock", None, path.name, 3),
    ]
    assert rows(tmp_path / "wh", "order_lines", "_load_id")[0] == (report.entry.load_id,)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"promised_date": "2026-13-01"},
            "promised_date '2026-13-01' is not a date (expected YYYY-MM-DD)",
        ),
        (
            {"promised_date": "2026-02-30"},
            "promised_date '2026-02-30' is not a date (expected YYYY-MM-DD)",
        ),
        (
            {"promised_date": "9999-12-31"},
            "promised_date '9999-12-31' is outside 1900-01-01 to 2199-12-31: a placeholder?",
        ),
        (
            {"promised_date": "2026-05-05T14:30:00"},
            "promised_date '2026-05-05T14:30:00' has a time of day where a local date is "
            "expected (YYYY-MM-DD)",
        ),
        (
            {"qty_ordered": '"1,000"'},
            "qty_ordered '1,000' is not a number (expected digits with '.' for decimals)",
        ),
        (
            {"qty_ordered": "1e3"},
            "qty_ordered '1e3' is not a number (expected digits with '.' for decimals)",
        ),
        (
            {"qty_ordered": "NaN"},
            "qty_ordered 'NaN' is not a number (expected digits with '.' for decimals)",
        ),
        ({"qty_ordered": "1.23456"}, "qty_ordered '1.23456' has more than 4 decimals"),
        (
            {"qty_ordered": "-1"},
            "qty_ordered '-1' is negative, and only an order_type 'return' may be",
        ),
        (
            {"qty_ordered": "0.00"},
            "qty_ordered '0.00' is 0: there is nothing to fill (a cancelled line keeps its "
            "quantity, and has qty_cancelled or cancelled_at)",
        ),
        ({"customer_id": "  "}, "customer_id None is missing"),
        ({"order_id": "Total"}, "order_id 'Total' looks like a total row"),
    ],
)
def test_a_bad_value_is_set_aside_with_line_column_value_and_reason(
    tmp_path: Path, changed: dict[str, str], expected: str
) -> None:
    body = lines(order_line(1), order_line(2, **changed), order_line(3))
    report = load(write(tmp_path, "order_lines.csv", body), tmp_path / "wh")
    assert said(tmp_path / "wh") == [f"3 fault: {expected}"]
    assert rows(tmp_path / "wh", "order_lines", "order_id") == [("O1",), ("O3",)]
    assert (report.entry.rows_in, report.entry.rows_accepted, report.entry.n_faults) == (3, 2, 1)


def test_a_row_with_several_faults_is_one_reject_that_tells_them_all(tmp_path: Path) -> None:
    bad = order_line(1, order_date="soon", qty_ordered="x")
    load(write(tmp_path, "order_lines.csv", lines(bad)), tmp_path / "wh")
    (reject,) = read_rejects(tmp_path / "wh").to_dict("records")
    assert (reject["column_name"], reject["value"]) == ("order_date", "soon")
    assert reject["also"].startswith("qty_ordered 'x' is not a number")


def test_a_return_may_be_negative(tmp_path: Path) -> None:
    body = HEADER + ",order_type\n" + order_line(1, qty_ordered="-2") + ",return\n"
    load(write(tmp_path, "order_lines.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "order_lines", "qty_ordered") == [(Decimal(-2),)]


def test_a_reversal_is_no_shipment_and_the_reject_says_what_to_do(tmp_path: Path) -> None:
    body = "order_id,line_no,shipped_date,qty_shipped,shipment_id\n"
    reversal = body + "O1,10,2026-05-01,5,S1\nO1,10,2026-05-03,-5,S2\n"
    load(write(tmp_path, "shipments_1.csv", reversal), tmp_path / "wh")
    assert said(tmp_path / "wh") == [
        "3 fault: qty_shipped '-5' is negative, and a reversal is no shipment: deliver the "
        "shipment that it takes back again, with the quantity that stands (0 if none)"
    ]
    mended = body + "O1,10,2026-05-01,0,S1\n"
    assert load(write(tmp_path, "shipments_2.csv", mended), tmp_path / "wh").entry.n_faults == 0


def test_a_code_outside_its_list_is_a_fault(tmp_path: Path) -> None:
    body = HEADER + ",order_type\n" + order_line(1) + ",gift\n" + order_line(2) + ",DROP_SHIP\n"
    load(write(tmp_path, "order_lines.csv", body), tmp_path / "wh")
    assert said(tmp_path / "wh") == [
        "2 fault: order_type 'gift' is not one of stock, drop_ship, special_order, return, transfer"
    ]
    assert rows(tmp_path / "wh", "order_lines", "order_type") == [("drop_ship",)]


def test_whole_days_are_whole_and_flags_are_yes_or_no(tmp_path: Path) -> None:
    body = (
        "item_id,description,item_family,business_unit,uom,unit_cost,lead_time_days,is_stocked\n"
        "A,a,F,B,EA,1.50,14,Yes\nB,b,F,B,EA,1.50,2.5,1\nC,c,F,B,EA,1.50,3,perhaps\n"
    )
    load(write(tmp_path, "items.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "items", "item_id, lead_time_days, is_stocked") == [
        ("A", 14, True)
    ]
    assert said(tmp_path / "wh") == [
        "3 fault: lead_time_days '2.5' is not a whole number",
        "4 fault: is_stocked 'perhaps' is neither true nor false",
    ]


def test_points_in_time_become_utc(tmp_path: Path) -> None:
    body = (
        "order_id,line_no,promised_date,recorded_at,initiated_by\n"
        "O1,10,2026-05-01,2026-04-01T10:00:00+02:00,client\n"
        "O1,20,2026-05-01,2026-04-01 10:00,client\n"
        "O1,30,2026-05-01,2026-04-01,client\n"
        "O1,40,2026-05-01,2026-04-01 25:00,client\n"
    )
    load(write(tmp_path, "order_promises.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "order_promises", "CAST(recorded_at AS VARCHAR)") == [
        ("2026-04-01 08:00:00",),
        ("2026-04-01 10:00:00",),
        ("2026-04-01 12:00:00",),
    ]
    assert said(tmp_path / "wh") == [
        "5 fault: recorded_at '2026-04-01 25:00' is not a point in time "
        "(expected YYYY-MM-DD HH:MM:SS)"
    ]


def test_a_copy_of_a_row_is_left_out_and_the_same_key_with_other_values_is_a_fault(
    tmp_path: Path,
) -> None:
    body = lines(order_line(1), order_line(1), order_line(1, qty_ordered="6"), order_line(2))
    report = load(write(tmp_path, "order_lines.csv", body), tmp_path / "wh")
    assert said(tmp_path / "wh") == [
        "3 duplicate: order_id + line_no 'O1, 10' is the same as line 2",
        "4 fault: order_id + line_no 'O1, 10' "
        "has a key that is already on line 2 with other values",
    ]
    assert (report.entry.rows_accepted, report.entry.n_duplicates, report.entry.n_faults) == (
        2,
        1,
        1,
    )


def test_two_shipments_of_a_line_on_one_day_stay_and_only_an_exact_copy_goes(
    tmp_path: Path,
) -> None:
    body = "order_id,line_no,shipped_date,qty_shipped\n" + "".join(
        f"O1,10,2026-05-01,{quantity}\n" for quantity in (4, 6, 4)
    )
    load(write(tmp_path, "shipments.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "shipments", "qty_shipped") == [(Decimal(4),), (Decimal(6),)]
    assert said(tmp_path / "wh") == [
        "4 duplicate: order_id + line_no + shipped_date + site_id 'O1, 10, 2026-05-01' "
        "is the same as line 2"
    ]


def test_a_header_inside_the_file_is_no_row(tmp_path: Path) -> None:
    body = "customer_id,segment\nC1,dealer\ncustomer_id,segment\nC2,fleet\n"
    load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id") == [("C1",), ("C2",)]
    assert said(tmp_path / "wh") == ["3 filtered: None repeats the header"]


def test_rejects_can_be_mended_and_loaded_again(tmp_path: Path) -> None:
    body = lines(order_line(1), order_line(2, qty_ordered="five"), "O3,10,C1")
    load(write(tmp_path, "order_lines.csv", body), tmp_path / "wh")
    mended = to_mend(read_rejects(tmp_path / "wh"))
    assert mended["reject_line"].tolist() == ["3", "4"]
    assert mended["reject_reason"].tolist() == [
        "qty_ordered is not a number (expected digits with '.' for decimals)",
        "has 3 cells where the header has 9",
    ]
    mended.loc[0, "qty_ordered"] = "5"
    mended.iloc[:1].to_csv(tmp_path / "order_lines_mended.csv", index=False)
    report = load(tmp_path / "order_lines_mended.csv", tmp_path / "wh")
    assert (report.entry.rows_in, report.entry.rows_accepted) == (1, 1)
    assert rows(tmp_path / "wh", "order_lines", "order_id, _file, _line") == [
        ("O1", "order_lines.csv", 2),
        ("O2", "order_lines_mended.csv", 2),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Gesamt,,,,,,,,12", "order_id 'Gesamt'"),
        ("Total: 3,,,,,,,,12", "order_id 'Total: 3'"),
        (",,,Summe,,,,,12", "item_id 'Summe'"),
        (",,GRAND TOTAL,,,,,,12", "customer_id 'GRAND TOTAL'"),
        (order_line(9, site_id="Total"), "site_id 'Total'"),
    ],
)
def test_a_total_row_at_the_end_is_told_apart(tmp_path: Path, row: str, expected: str) -> None:
    load(write(tmp_path, "order_lines.csv", lines(order_line(1), row)), tmp_path / "wh")
    assert said(tmp_path / "wh") == [f"3 fault: {expected} looks like a total row"]
    assert read_rejects(tmp_path / "wh")["also"].isna().all()


def test_names_that_begin_with_a_word_for_a_total_are_rows(tmp_path: Path) -> None:
    body = "customer_id,customer_name\nC1,Total\nTOTAL-4,Total Energies\nSUM1,Summe GmbH\n"
    report = load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert (report.entry.rows_accepted, report.entry.n_faults) == (3, 0)


def test_formulas_html_and_quotes_stay_text(tmp_path: Path) -> None:
    body = (
        "customer_id,customer_name\n"
        "C1,=cmd|' /C calc'!A0\n"
        "C2,<img src=x onerror=alert(1)>\n"
        'C3,"a ""b"" \' ; DROP TABLE source; --"\n'
    )
    load(write(tmp_path, "customers.csv", body), tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_name") == [
        ("=cmd|' /C calc'!A0",),
        ("<img src=x onerror=alert(1)>",),
        ('a "b" \' ; DROP TABLE source; --',),
    ]


@pytest.mark.parametrize(
    ("rule", "text", "instant"),
    [
        ({}, "2026-03-11", "2026-03-11 12:00:00"),
        ({"timezone": "America/Chicago"}, "2026-03-11", "2026-03-11 12:00:00"),
        ({"timezone": "America/Chicago"}, "2026-03-11 00:00", "2026-03-11 05:00:00"),
        ({"formats": ("%d.%m.%Y", "%d.%m.%Y %H:%M")}, "11.03.2026", "2026-03-11 12:00:00"),
        ({"formats": ("%d.%m.%Y", "%d.%m.%Y %H:%M")}, "11.03.2026 09:30", "2026-03-11 09:30:00"),
        ({}, "2026-02-30", None),
    ],
)
def test_a_day_without_a_time_of_day_is_its_noon(
    rule: dict[str, Any], text: str, instant: str | None
) -> None:
    column = next(one for one in FEEDS["order_lines"].columns if one.name == "cancelled_at")
    typed = typed_sql(column, ColumnRule(how="column", columns=("a",), **rule), "text")
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        told = con.execute(f"SELECT CAST({typed} AS VARCHAR) FROM (SELECT ? AS text)", [text])
        assert told.fetchall() == [(instant,)]
