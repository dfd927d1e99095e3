"""What a mapping says of a file's layout and of its dates and numbers."""

from pathlib import Path

import pytest

from tests.data.ingest.files import load, rows, said, write

SHIPMENTS = '[[feed]]\nfeed = "shipments"\n[feed.columns]\n'


def shipped(tmp_path: Path, content: str, keys: str, columns: str) -> list[tuple[str, ...]]:
    """Load shipments under a mapping; return days and quantities of the accepted rows as text."""
    mapping = write(tmp_path, "m.toml", keys + SHIPMENTS + columns)
    report = load(write(tmp_path, "x.csv", content), tmp_path / "wh", mapping=mapping)
    assert report.status == "loaded", report.message
    made = "CAST(shipped_date AS VARCHAR), CAST(CAST(qty_shipped AS DOUBLE) AS VARCHAR)"
    return rows(tmp_path / "wh", "shipments", made)


HEADER = "order_id,line_no,shipped_date,qty_shipped\n"


@pytest.mark.parametrize(
    ("rule", "cell", "day"),
    [
        ('formats = ["excel"]', "46143", "2026-05-01"),
        ('formats = ["excel"]', "46143.75", "2026-05-01"),
        ('formats = ["%d.%m.%Y", "excel"]', "1.5.2026", "2026-05-01"),
        ('timezone = "America/Chicago"', "2026-05-02T03:00:00Z", "2026-05-01"),
        ('timezone = "America/Chicago"', "2026-05-01 23:00:00", "2026-05-01"),
        ('formats = ["%d-%b-%y", "%d-%bt-%y"]', "01-Sept-08", "2008-09-01"),
    ],
)
def test_days_are_read_as_the_mapping_says(tmp_path: Path, rule: str, cell: str, day: str) -> None:
    body = f"{HEADER}A,1,{cell},5\n"
    assert shipped(tmp_path, body, "", f"shipped_date = {{ {rule} }}\n") == [(day, "5.0")]


@pytest.mark.parametrize("cell", ["60", "12", "1.5.2026", "20260501"])
def test_what_is_no_day_that_excel_counts_is_a_fault(tmp_path: Path, cell: str) -> None:
    body = f"{HEADER}A,1,{cell},5\n"
    assert shipped(tmp_path, body, "", 'shipped_date = { formats = ["excel"] }\n') == []
    assert len(said(tmp_path / "wh")) == 1


@pytest.mark.parametrize(
    ("rule", "cell", "quantity"),
    [
        ('unit_inside = true, units = { PC = 1, "" = 1 }', "12 PC", "12.0"),
        ('unit_inside = true, units = { PC = 1, "" = 1 }', "12", "12.0"),
        ("unit_inside = true, units = { kg = 1, g = 0.001 }", "1500 g", "1.5"),
        ("unit_inside = true, units = { KI = 12 }, thousands = ' '", "KI 1 000", "12000.0"),
        ('unit_inside = true, units = { kg = 1 }, decimal = ","', "2,5kg", "2.5"),
    ],
)
def test_units_beside_numbers_have_their_factor(
    tmp_path: Path, rule: str, cell: str, quantity: str
) -> None:
    body = f'{HEADER}A,1,2026-05-01,"{cell}"\n'
    found = shipped(tmp_path, body, "", f"qty_shipped = {{ {rule} }}\n")
    assert found == [("2026-05-01", quantity)]


def test_a_unit_that_the_mapping_does_not_know_is_a_fault(tmp_path: Path) -> None:
    body = f"{HEADER}A,1,2026-05-01,5 box\n"
    rule = "qty_shipped = { unit_inside = true, units = { kg = 1 } }\n"
    assert shipped(tmp_path, body, "", rule) == []
    assert "has the unit 'box'" in said(tmp_path / "wh")[0]


def test_a_minus_behind_the_number_is_read_where_the_mapping_says(tmp_path: Path) -> None:
    mapping = write(
        tmp_path,
        "m.toml",
        '[[feed]]\nfeed = "demand"\n[feed.columns]\nqty = { trailing_minus = true }\n',
    )
    body = "demand_date,item_id,site_id,qty\n2026-05-01,A,D,5-\n2026-05-02,A,D,-5-\n"
    load(write(tmp_path, "demand.csv", body), tmp_path / "wh", mapping=mapping)
    assert [float(qty) for (qty,) in rows(tmp_path / "wh", "demand", "qty")] == [-5.0]


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        ("A,1,2026-05-01,5\n", '[file]\nnames = ["o", "l", "d", "q"]\n'),
        (
            "Old;;Names;\nA;1;2026-05-01;5\n",
            '[file]\nnames = ["o", "l", "d", "q"]\nheader_line = 1\n',
        ),
        (
            "Title\no,l,Shipped,,\n,,d,q\nA,1,2026-05-01,5\n".replace("Shipped,,", "Shipped,"),
            '[file]\nheader_line = 2\nheader_rows = 2\n',
        ),
        ("'o'|'l'|'d'|'q'\n'A|B'|1|2026-05-01|5\n", "[file]\nquote = \"'\"\n"),
        ('o,l,d,q\n"A\\",x",1,2026-05-01,5\n', "[file]\nescape = '\\'\n"),
    ],
)  # fmt: skip
def test_headers_and_marks_are_taken_as_the_mapping_says(
    tmp_path: Path, content: str, keys: str
) -> None:
    under = "Shipped " if "header_rows" in keys else ""
    columns = (
        f'order_id = "o"\nline_no = "l"\nshipped_date = "{under}d"\nqty_shipped = "{under}q"\n'
    )
    assert shipped(tmp_path, content, keys, columns) == [("2026-05-01", "5.0")]


def test_a_whole_column_of_year_day_month_refuses_until_a_mapping_says(tmp_path: Path) -> None:
    body = HEADER + "A,1,2026-25-05,5\nA,2,2026-01-05,5\n"
    report = load(write(tmp_path, "shipments.csv", body), tmp_path / "wh")
    assert report.status == "refused"
    assert "can only be year, day, month; say in a mapping: formats" in report.message


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        (["1.500", "2"], "refused"),
        (["1.500", "0.250"], "loaded"),
        (["1.500", "2.5"], "loaded"),
        (["1.500", "1500"], "loaded"),
        (["1.5", "2"], "loaded"),
    ],
)
def test_numbers_that_could_have_decimals_or_thousands_refuse(
    tmp_path: Path, cells: list[str], status: str
) -> None:
    body = HEADER + "".join(f"A,{n},2026-05-01,{cell}\n" for n, cell in enumerate(cells))
    report = load(write(tmp_path, "shipments.csv", body), tmp_path / "wh")
    assert report.status == status
    if status == "refused":
        assert "say in a mapping: decimal = '.' or thousands = '.'" in report.message


def test_what_stood_for_nothing_is_counted_in_the_ledger(tmp_path: Path) -> None:
    body = HEADER[:-1] + ",delivered_date\n" + "".join(
        f"A,{n},2026-05-01,5,{day}\n" for n, day in enumerate(["N/A", "N/A", "-", "2026-05-02"])
    )  # fmt: skip
    columns = 'delivered_date = { missing = ["N/A", "-"] }\n'
    mapping = write(tmp_path, "m.toml", SHIPMENTS + columns)
    report = load(write(tmp_path, "x.csv", body), tmp_path / "wh", mapping=mapping)
    assert report.entry.dialect["missing in delivered_date"] == "2 x 'N/A', 1 x '-'"


def test_values_under_no_name_refuse_the_file(tmp_path: Path) -> None:
    body = HEADER[:-1] + ",,\nA,1,2026-05-01,5,,\n"
    assert load(write(tmp_path, "shipments.csv", body), tmp_path / "wh").status == "loaded"
    body = HEADER[:-1] + ",,\nA,1,2026-05-01,5,,x\n"
    report = load(write(tmp_path, "shipments2.csv", body), tmp_path / "wh")
    assert "column 6 has no name and holds values, such as 'x'" in report.message
