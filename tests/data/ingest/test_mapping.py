"""Mapping files: a client's columns, formats, units and codes to our feeds."""

from decimal import Decimal
from pathlib import Path

import pytest

from data.errors import UserError
from data.ingest import ingest
from data.mapping import read_mapping
from tests.data.ingest.files import load, rows, said, write

EXPORT = (
    "Auftrag;Pos;Kunde;Teil;Werk;Datum;Wunsch;Menge;ME;Preis;Art\n"
    "4711;0010;77;00123;W1;01.05.2026;4.5.2026;1.000,5;KG;12,50;ZN\n"
    "4711;0020;77;00124;;01.05.2026;04.05.2026;250;G;-;ZD\n"
    "4712;0010;78;00125;W1;01.05.2026;04.05.2026;3;PAL;1,00;ZX\n"
    "4713;0010;78;00126;W1;01.05.2026;n/a;3;KG;1,00;ZN\n"
    "4714;0010;test;00126;W1;01.05.2026;01.05.2026;3;KG;1,00;ZN\n"
)
MAPPING = """
[file]
delimiter = ";"
missing = ["-", "n/a"]
decimal = ","
thousands = "."

[[feed]]
feed = "order_lines"

[feed.columns]
order_id = "Auftrag"
line_no = "Pos"
customer_id = { join = ["Werk", "Kunde"], separator = "/", blank = "direct" }
item_id = "Teil"
site_id = { column = "Werk", blank = "W0" }
order_date = { column = "Datum", formats = ["%d.%m.%Y"] }
requested_date = { column = "Wunsch", formats = ["%d.%m.%Y"] }
qty_ordered = { column = "Menge", unit_column = "ME", units = { KG = 1, G = 0.001 } }
unit_price = "Preis"
order_type = { column = "Art", codes = { ZN = "stock", ZD = "drop_ship" } }
cancelled_by = { constant = "client" }

[[feed.leave_out]]
reason = "a test order"
when = { Kunde = "test" }

[[feed]]
feed = "customers"
keep = "first"

[feed.columns]
customer_id = "Kunde"
region = "Werk"
"""


def test_a_mapping_makes_rows_of_several_feeds_out_of_a_clients_file(tmp_path: Path) -> None:
    path = write(tmp_path, "export.csv", EXPORT)
    mapping = write(tmp_path, "client.toml", MAPPING)
    lines, customers = ingest([path], tmp_path / "wh", mapping=mapping)
    assert lines.message == (
        "export.csv: order_lines, 5 rows in, 2 accepted, 3 rejected (2 faulty, 1 left out), "
        "2026-05-01 to 2026-05-01"
    )
    columns = "order_id, line_no, customer_id, site_id, qty_ordered, unit_price, order_type"
    assert rows(tmp_path / "wh", "order_lines", columns) == [
        ("4711", "0010", "W1/77", "W1", Decimal("1000.5"), Decimal("12.5"), "stock"),
        ("4711", "0020", "direct", "W0", Decimal("0.25"), None, "drop_ship"),
    ]
    assert rows(tmp_path / "wh", "customers", "customer_id, region") == [
        ("77", "W1"),
        ("78", "W1"),
        ("test", "W1"),
    ]
    assert customers.entry.n_duplicates == 2
    assert [one for one in said(tmp_path / "wh") if "key" not in one and "same" not in one] == [
        "4 fault: qty_ordered '3' has the unit 'PAL', which is not in the units of the mapping",
        "5 fault: requested_date None is missing",
        "6 filtered: Kunde 'test' a test order",
    ]


def test_a_column_without_a_code_for_its_value_is_a_fault_or_takes_the_other(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "c.csv", "customer_id,segment\n1,A\n2,B\n3,\n")
    told = '[[feed]]\nfeed = "customers"\n[feed.columns]\n'
    told += 'segment = {{ codes = {{ A = "dealer" }}{} }}\n'
    load(path, tmp_path / "strict", mapping=write(tmp_path, "m1.toml", told.format("")))
    assert said(tmp_path / "strict") == ["3 fault: segment 'B' is not in the mapping's codes"]
    other = write(tmp_path, "m2.toml", told.format(', other = "fleet"'))
    load(path, tmp_path / "open", mapping=other)
    assert rows(tmp_path / "open", "customers", "segment") == [("dealer",), ("fleet",), (None,)]


def test_local_times_become_utc_and_several_formats_fit_one_column(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "p.csv",
        "order_id,line_no,promised_date,day,time,initiated_by\n"
        "1,1,2026-05-01,2026-07-01,70832,client\n"
        "1,2,02-May-2026,2026-01-01,170832,client\n",
    )
    mapping = write(
        tmp_path,
        "p.toml",
        '[[feed]]\nfeed = "order_promises"\n[feed.columns]\n'
        'recorded_at = { join = ["day", "time"], formats = ["%Y-%m-%d %H%M%S"], '
        'timezone = "Europe/Helsinki", zeros = { time = 6 } }\n'
        'promised_date = { formats = ["%Y-%m-%d", "%d-%b-%Y"] }\n',
    )
    load(path, tmp_path / "wh", mapping=mapping)
    columns = "CAST(promised_date AS VARCHAR), CAST(recorded_at AS VARCHAR)"
    assert rows(tmp_path / "wh", "order_promises", columns) == [
        ("2026-05-01", "2026-07-01 04:08:32"),
        ("2026-05-02", "2026-01-01 15:08:32"),
    ]


def test_the_last_row_of_a_key_is_kept_where_the_mapping_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "customers.csv", "customer_id,segment\n1,a\n1,b\n1,a\n2,c\n")
    mapping = write(tmp_path, "m.toml", '[[feed]]\nfeed = "customers"\nkeep = "last"\n')
    load(path, tmp_path / "wh", mapping=mapping)
    assert rows(tmp_path / "wh", "customers", "customer_id, segment") == [("1", "b"), ("2", "c")]


def test_other_columns_refuse_the_file_unless_the_mapping_ignores_them(tmp_path: Path) -> None:
    path = write(tmp_path, "customers.csv", "customer_id,remark\n1,a\n")
    told = '[file]\nother_columns = "ignore"\n[[feed]]\nfeed = "customers"\n'
    assert load(path, tmp_path / "wh").status == "refused"
    report = load(path, tmp_path / "wh", mapping=write(tmp_path, "m.toml", told))
    assert report.entry.rows_accepted == 1


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("feed = 1", "m.toml has no [[feed]] section"),
        ("x = 1", "m.toml: unknown key 'x' (known: description, feed, file)"),
        ("[[feed", "m.toml is not a TOML file: "),
        ('[[feed]]\nfeed = "order"', "m.toml: feed 'order' is not one of items, "),
        (
            '[[feed]]\nfeed = "customers"\n[feed.columns]\nid = "a"',
            "m.toml customers columns: unknown key 'id' (known: customer_id, ",
        ),
        (
            '[[feed]]\nfeed = "customers"\n[feed.columns]\ncustomer_id = { colum = "a" }',
            "m.toml customers.customer_id: unknown key 'colum' (known: ",
        ),
        (
            '[[feed]]\nfeed = "customers"\n[feed.columns]\n'
            'customer_id = { column = "a", constant = "b" }',
            "m.toml customers.customer_id has column and constant; it takes one of them",
        ),
        (
            '[[feed]]\nfeed = "demand"\n[feed.columns]\nqty = { factor = "x" }',
            "m.toml demand.qty factor 'x' is not a factor (expected such as 0.001)",
        ),
        (
            '[file]\nencoding = "martian"\n[[feed]]\nfeed = "customers"',
            "m.toml: encoding 'martian' is not known",
        ),
        (
            '[[feed]]\nfeed = "order_promises"\n[feed.columns]\n'
            'recorded_at = { timezone = "Mars/Base" }',
            "m.toml order_promises.recorded_at: there is no time zone 'Mars/Base'",
        ),
    ],
)
def test_a_mistake_in_a_mapping_is_named(tmp_path: Path, told: str, message: str) -> None:
    with pytest.raises(UserError) as mistake:
        read_mapping(write(tmp_path, "m.toml", told))
    assert str(mistake.value).startswith(message)
