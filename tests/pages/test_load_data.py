"""Load data: files that nobody has described, by the form alone, and what is then kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import lake, mappings
from data.build import build
from data.ingest import ingest
from data.suggest import suggest
from tests.data.ingest.files import rows, write
from tests.data.suggesting import exports
from tests.pages.conftest import Open
from tests.pages.test_pages import markdown, texts

HOSTILE = "![x](http://evil.example/a.png)"
FORMULA = "=HYPERLINK(1)"


def uploaded(open_page: Open, warehouse: Path, *files: Path) -> AppTest:
    app = open_page("load_data", warehouse)
    app.file_uploader(key="files").set_value(
        [(file.name, file.read_bytes(), "application/octet-stream") for file in files]
    ).run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    button.click().run()
    assert not app.exception, [error.value for error in app.exception]
    return app


@pytest.mark.parametrize(
    ("export", "feed", "n"),
    [
        (exports.me2n, "purchase_order_lines", 40),
        (exports.netsuite, "order_lines", 40),
        (exports.hand_kept, "order_lines", 40),
    ],
)
def test_a_file_that_no_mapping_knows_is_loaded_by_the_form_and_its_mapping_is_kept(
    open_page: Open, tmp_path: Path, export: Callable[[Path], Path], feed: str, n: int
) -> None:
    path, warehouse = export(tmp_path), tmp_path / "wh"
    app = uploaded(open_page, warehouse, path)
    assert "Nothing tells yet what its rows are." in "".join(texts(app))
    assert f"Loading adds **{n} rows**" in markdown(app)
    press(app, "Load and build")
    (entry,) = lake.live(lake.ledger(warehouse))
    assert (entry.feed, entry.rows_accepted) == (feed, n)
    (kept,) = mappings.kept(warehouse)
    assert kept.name == entry.mapping == f"{path.stem}.toml"
    assert mappings.used_path(warehouse, entry.mapping_sha256).read_bytes() == kept.read_bytes()


def test_the_next_file_with_the_same_columns_is_read_by_the_kept_mapping(
    open_page: Open, tmp_path: Path
) -> None:
    first, warehouse = exports.netsuite(tmp_path), tmp_path / "wh"
    text = suggest(first, warehouse).to_toml()
    mappings.keep(warehouse, "../../netsuite", text)
    assert [one.name for one in mappings.kept(warehouse)] == ["netsuite.toml"]
    later = tmp_path / "june.csv"
    later.write_text(first.read_text(encoding="utf-8-sig").replace("SO7", "SO8"), encoding="utf-8")
    app = uploaded(open_page, warehouse, later)
    assert "june.csv has the columns of the kept mapping netsuite.toml." in texts(app)
    assert "Loading adds **40 rows**" in markdown(app)
    (report,) = ingest([later], warehouse, mapping=Path("netsuite.toml"))
    assert (report.status, report.entry.rows_accepted) == ("loaded", 40)


def test_what_a_file_says_reaches_the_form_as_text_only(open_page: Open, tmp_path: Path) -> None:
    body = f'order_ref,"{HOSTILE}","{FORMULA}",<b>Day</b>,Qty\nA,"{HOSTILE}",x,13/02/2026,5\n'
    path = tmp_path / f"{HOSTILE.replace('/', '_')}.csv"
    path.write_text(body, encoding="utf-8")
    app = uploaded(open_page, tmp_path / "wh", path)
    assert any(HOSTILE in text for text in texts(app))
    shown = markdown(app) + "".join(
        str(one.label)
        for kind in (
            app.selectbox,
            app.multiselect,
            app.text_input,
            app.checkbox,
            app.toggle,
            app.expander,
        )
        for one in kind
    )
    assert [bad for bad in ("evil.example", FORMULA, "<b>") if bad in shown] == []


def test_a_choice_in_the_form_changes_what_would_be_accepted(
    open_page: Open, tmp_path: Path
) -> None:
    path = tmp_path / "deliveries.csv"
    path.write_text("Order,Pos,Ship date,Shipped qty\nA,1,01/02/2026,5\nB,1,03/04/2026,6\n")
    app = uploaded(open_page, tmp_path / "wh", path)
    assert "could be day-first or month-first" in "".join(texts(app))
    assert "Loading adds" not in markdown(app)
    (dates,) = [one for one in app.multiselect if str(one.key).endswith("-formats")]
    assert dates.options[:2] == ["31/12/2026", "12/31/2026"]
    dates.select("%m/%d/%Y").run()
    assert "Loading adds **2 rows**" in markdown(app)
    press(app, "Load and build")
    assert [str(day) for (day,) in rows(tmp_path / "wh", "shipments", "shipped_date")] == [
        "2026-01-02",
        "2026-03-04",
    ]


def test_rejected_rows_are_tried_again_by_another_mapping_when_their_file_is_gone(
    open_page: Open, tmp_path: Path
) -> None:
    warehouse = tmp_path / "wh"
    path = write(
        tmp_path, "odd.csv", "Order,Pos,Shipped,Qty\nA,1,2026-02-01,5\nB,1,2026-02-02,6 pc\n"
    )
    columns = 'order_id = "Order"\nline_no = "Pos"\nshipped_date = "Shipped"\n'
    told = f'[[feed]]\nfeed = "shipments"\n[feed.columns]\n{columns}qty_shipped = "Qty"\n'
    mapping = write(tmp_path, "odd.toml", told)
    ingest([path], warehouse, mapping=mapping)
    build(warehouse)
    path.unlink()
    mapping.unlink()
    app = open_page("load_data", warehouse)
    choice = app.selectbox(key="again")
    choice.select(choice.options[0]).run()
    (text,) = [one for one in app.text_area if str(one.key).endswith("-toml")]
    assert text.value == told
    units = '{ column = "Qty", unit_inside = true, units = { "" = 1, pc = 1 } }'
    text.set_value(told.replace('"Qty"', units)).run()
    assert "Loading adds **1 row**" in markdown(app)
    press(app, "Load and build")
    assert sorted(rows(warehouse, "shipments", "order_id, qty_shipped")) == [("A", 5), ("B", 6)]
