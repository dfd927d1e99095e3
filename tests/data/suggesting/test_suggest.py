"""Files that nobody has described: what is proposed, what is asked, and that it loads."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from data.build import build
from data.ingest import ingest
from data.suggest import Suggestion, suggest
from data.suggesting.propose import Proposal
from tests.data.ingest.files import rows, write
from tests.data.suggesting import exports

Export = Callable[[Path], Path]


def rules(found: Suggestion) -> dict[str, object]:
    """Return what would be made of the file: column of the feed -> rule."""
    return {
        one.column: one.rule["column"] if set(one.rule) == {"column"} else dict(one.rule)
        for one in found.proposals
        if one.is_active
    }


def loaded(path: Path, found: Suggestion, warehouse: Path) -> str:
    """Load a file with what was proposed, and return what is said of it."""
    mapping = write(path.parent, f"{path.stem}.toml", found.to_toml())
    (report,) = ingest([path], warehouse, mapping=mapping)
    return report.message


def test_purchase_orders_of_sap_are_recognised(tmp_path: Path) -> None:
    path = exports.me2n(tmp_path)
    found = suggest(path, tmp_path / "wh")
    assert found.feed == "purchase_order_lines"
    assert rules(found) == {
        "po_id": "Einkaufsbeleg",
        "line_no": "Position",
        "supplier_id": "Lieferant",
        "item_id": "Material",
        "site_id": "Werk",
        "order_date": {"column": "Belegdatum", "formats": ["%d.%m.%Y"]},
        "promised_date": {"column": "Liefertermin", "formats": ["%d.%m.%Y"]},
        "qty_ordered": {"column": "Bestellmenge", "decimal": ",", "thousands": "."},
        "unit_price": {"column": "Nettopreis", "decimal": ","},
    }
    assert "40 accepted, 0 rejected" in loaded(path, found, tmp_path / "wh")
    first = rows(tmp_path / "wh", "purchase_order_lines", "line_no, item_id, qty_ordered")[0]
    assert (first[0], first[1], float(first[2])) == ("00010", "0001230", 1000.0)


def test_sales_orders_of_netsuite_are_recognised_and_the_customer_is_asked(tmp_path: Path) -> None:
    path = exports.netsuite(tmp_path)
    found = suggest(path, tmp_path / "wh")
    assert found.feed == "order_lines"
    made = rules(found)
    assert made["order_date"] == {"column": "Date", "formats": ["%m/%d/%Y"]}
    assert made["qty_ordered"] == {"column": "Quantity", "decimal": ".", "thousands": ","}
    assert [one.column for one in found.unsure] == ["customer_id"]
    assert "# UNSURE: is this right?\ncustomer_id" in found.to_toml()
    assert "40 accepted, 0 rejected" in loaded(path, found, tmp_path / "wh")


def test_a_sheet_with_merged_headers_in_two_rows_is_read(tmp_path: Path) -> None:
    path = exports.hand_kept(tmp_path)
    found = suggest(path, tmp_path / "wh")
    assert (found.feed, found.layout.header_line, found.layout.header_rows) == ("order_lines", 3, 2)
    assert rules(found)["order_date"] == "Bestellt Datum"
    assert rules(found)["requested_date"] == "Wunsch Termin"
    assert "40 accepted, 1 rejected (1 faulty)" in loaded(path, found, tmp_path / "wh")
    assert rows(tmp_path / "wh", "order_lines", "item_id, order_date")[0][0] == "0007"


def test_months_in_columns_become_rows_and_blanks_are_none(tmp_path: Path) -> None:
    path = exports.monthly(tmp_path)
    found = suggest(path, tmp_path / "wh")
    assert (found.feed, found.n_rows) == ("demand", 59)
    assert "59 accepted, 0 rejected, 2026-01-01 to 2026-06-01" in loaded(
        path, found, tmp_path / "wh"
    )
    third = rows(tmp_path / "wh", "demand", "demand_date, qty, _line, item_id", ordered=False)
    assert [(str(d), float(q), line) for d, q, line, item in sorted(third) if item == "I3"] == [
        ("2026-01-01", 3, 5),
        ("2026-03-01", 5, 5),
        ("2026-04-01", 6, 5),
        ("2026-05-01", 7, 5),
        ("2026-06-01", 8, 5),
    ]


@pytest.mark.parametrize("export", [exports.me2n, exports.netsuite, exports.hand_kept])
def test_what_is_proposed_builds(tmp_path: Path, export: Export) -> None:
    path = export(tmp_path)
    found = suggest(path, tmp_path / "wh")
    loaded(path, found, tmp_path / "wh")
    made = build(tmp_path / "wh")
    assert made.build is not None, made.failed
    with duckdb.connect(str(made.build.path), read_only=True) as con:
        assert con.execute(f"SELECT count(*) FROM marts.{found.feed}").fetchall() == [(40,)]


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        (["01/02/2026", "03/04/2026"], "day-first or month-first?"),
        (["13/02/2026", "03/14/2026"], "some dates are day-first, others month-first"),
    ],
)
def test_an_order_of_day_and_month_that_nothing_proves_is_asked_and_not_loaded(
    tmp_path: Path, cells: list[str], asked: str
) -> None:
    body = "".join(f"S{n},10,{day},5\n" for n, day in enumerate(cells))
    path = write(tmp_path, "x.csv", "order_id,line_no,shipped_date,qty_shipped\n" + body)
    found = suggest(path, tmp_path / "wh", feed="shipments")
    (date,) = (one for one in found.proposals if one.column == "shipped_date")
    assert any(asked in question for question in date.questions)
    assert not date.is_sure


def test_identifiers_that_are_loaded_already_tell_a_column_without_a_telling_name(
    tmp_path: Path,
) -> None:
    header = "item_id,description,item_family,business_unit,uom,unit_cost,is_stocked\n"
    items = "".join(f"Q-{n},part,a,b,each,1.5,true\n" for n in range(9))
    ingest([write(tmp_path, "items.csv", header + items)], tmp_path / "wh")
    body = "".join(f"2026-05-0{n},Q-{n},D1,{n}\n" for n in range(1, 9))
    path = write(tmp_path, "bestand.csv", "Datum,zz9,Werk,Menge frei\n" + body)
    found = suggest(path, tmp_path / "wh", feed="stock")
    (item,) = (one for one in found.proposals if one.column == "item_id")
    assert item.rule == {"column": "zz9"}
    assert item.evidence == ("100% of its values are loaded as item_id",)


def test_what_a_file_says_stays_text_in_the_mapping(tmp_path: Path) -> None:
    body = 'order_id,line_no,shipped_date,"Qty ""shipped"" #","[[feed]]\x07"\nA,1,2026-05-01,5,x\n'
    path = write(tmp_path, "x.csv", body)
    found = suggest(path, tmp_path / "wh", feed="shipments")
    assert rules(found)["qty_shipped"] == 'Qty "shipped" #'
    assert "1 accepted, 0 rejected" in loaded(path, found, tmp_path / "wh")


def proposed(path: Path, warehouse: Path, feed: str, column: str) -> Proposal:
    (found,) = (one for one in suggest(path, warehouse, feed).proposals if one.column == column)
    return found


def priced(tmp_path: Path, value: str) -> Path:
    """Purchase orders with a price per piece and one per pack of 100, and a value of the line."""
    header = "PO,Line,Vendor,Material,Plant,Qty,Unit Price,Pack Price,Total\n"
    body = "".join(
        f"P{n},1,V,M{n},D1,{n + 2},0.{n + 10},{n + 10}.00,{value.format(n=(n + 2) * (n + 10))}\n"
        for n in range(20)
    )
    return write(tmp_path, "po.csv", header + body)


def test_the_price_that_times_the_quantity_is_the_value_is_taken(tmp_path: Path) -> None:
    found = proposed(priced(tmp_path, "{n}.00"), tmp_path, "purchase_order_lines", "unit_price")
    assert found.rule["column"] == "Pack Price"
    assert found.is_sure
    assert "'Qty' times 'Pack Price' is 'Total' on 100% of 20 rows" in found.evidence


def test_two_prices_of_which_none_is_proven_are_asked(tmp_path: Path) -> None:
    found = proposed(priced(tmp_path, ""), tmp_path, "purchase_order_lines", "unit_price")
    assert found.rule["column"] == "Unit Price"
    assert not found.is_sure
    assert "'Pack Price' may be the price per ordered unit as well" in found.evidence


def test_a_name_that_is_only_like_ours_is_never_sure(tmp_path: Path) -> None:
    body = "Manufacturing Site,Name,Kind\nP1,North,dc\nP2,South,dc\n"
    found = proposed(write(tmp_path, "x.csv", body), tmp_path, "sites", "site_id")
    assert found.rule == {"column": "Manufacturing Site"}
    assert not found.is_sure


def test_one_column_of_the_file_serves_two_of_the_feed_and_is_marked(tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", "Country,Name\nChad,Chad\nMali,Mali\n")
    site, region = (proposed(path, tmp_path, "sites", one) for one in ("site_id", "region"))
    assert site.rule == region.rule == {"column": "Country"}
    assert [one.is_sure for one in (site, region)].count(False) >= 1
