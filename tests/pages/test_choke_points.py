"""Choke points: what the page says is what the postings say, and a cause filters it."""

import datetime as dt
from contextlib import closing
from pathlib import Path

import pytest

from data import warehouse as builds
from data.build import build
from data.ingest import ingest
from data.metrics import measure
from tests import small
from tests.pages.conftest import Open
from tests.pages.test_pages import card, markdown, texts
from tests.small import HOSTILE, write
from ui import formats


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small warehouse with a purchase that is overdue all May, and stock of one day."""
    folder = tmp_path_factory.mktemp("late")
    small.write_feeds(folder / "feeds")
    write(folder / "feeds" / "suppliers.csv", "supplier_id supplier_name", [("S1", HOSTILE)])
    write(
        folder / "feeds" / "purchase_order_lines.csv",
        "po_id line_no supplier_id item_id site_id order_date promised_date qty_ordered",
        [("PO1", "1", "S1", "A1", "MEM", "2026-03-02", "2026-05-04", 25)],
    )
    write(
        folder / "feeds" / "receipts.csv",
        "po_id line_no received_date qty_received",
        [("PO1", "1", "2026-06-02", 25)],
    )
    warehouse = folder / "warehouse"
    ingest([folder / "feeds"], warehouse)
    assert build(warehouse).build is not None
    return warehouse


def test_a_backlog_of_25_explains_25_of_the_missed_units(open_page: Open, late: Path) -> None:
    with closing(builds.connect(late)) as con:
        total, blamed = con.execute(
            "SELECT sum(qty_missed), sum(qty_missed) FILTER (WHERE cause = 'supplier')"
            " FROM marts.missed_units WHERE due_date BETWEEN '2026-03-01' AND '2026-05-31'"
        ).fetchall()[0]
    assert blamed == 25
    app = open_page("choke_points", late)
    assert card(app, "Missed units")[0] == f"{int(total):,}"
    assert card(app, "Largest cause")[0] == f"{25 / float(total) * 100:.0f} %"
    assert f"{int(total) - 25:,} units unproven" in texts(app)
    app.session_state["cause"] = ["supplier"]
    app.run()
    assert card(app, "Missed units")[0] == "25"
    assert "A1 at MEM" in texts(app)
    assert "S1" in [button for box in app.selectbox for button in box.options]


def test_it_says_which_records_are_missing_to_tell_causes(
    open_page: Open, warehouse: Path, late: Path
) -> None:
    assert "PO lines with their receipts" in markdown(open_page("choke_points", warehouse))
    shown = markdown(open_page("choke_points", late))
    assert "stock of each day" in shown
    assert "purchase order lines" not in shown


def test_no_missed_unit_is_said_as_such(open_page: Open, late: Path) -> None:
    app = open_page(
        "choke_points", late, period="Own dates", since="2025-04-06", until="2025-04-06"
    )
    assert dt.date(2025, 4, 6) == app.date_input(key="since").value
    assert [done.value for done in app.success] == ["No unit due in this time was missed."]


def test_a_line_says_what_its_missed_units_were_put_down_to(open_page: Open, late: Path) -> None:
    with closing(builds.connect(late)) as con:
        line = con.execute(
            "SELECT min(order_line_id) FROM marts.missed_units WHERE cause = 'supplier'"
        ).fetchall()[0][0]
    shown = texts(open_page("order_line", late, line=line))
    assert any("supplier overdue, S1 (PO1/1)" in text for text in shown)


def test_overview_sets_two_measures_beside_each_other_since_go_live(
    open_page: Open, warehouse: Path
) -> None:
    with closing(builds.connect(warehouse)) as con:
        spans = (("2025-07-01", "2025-12-31"), ("2026-03-01", "2026-05-31"))
        then, now = (
            measure(
                con,
                "availability_rate",
                since=dt.date.fromisoformat(since),
                until=dt.date.fromisoformat(until),
            ).iloc[0]
            for since, until in spans
        )
    app = open_page("overview", warehouse)
    said = (
        f"Availability: {formats.rate(then['value'], then['n'])} before go-live, "
        f"{formats.rate(now['value'], now['n'])} now "
        f"({formats.points(now['value'] - then['value'], now['n'])})"
    )
    assert said in texts(app)
    assert "Points of one are never added to the other" in markdown(app)
    assert "No builds were loaded." in markdown(app)
    app = open_page("overview", warehouse, period="Last 24 months")
    assert "before go-live" not in "".join(texts(app))


def test_overview_labels_what_customers_may_feel_as_a_proxy(
    open_page: Open, warehouse: Path
) -> None:
    shown = markdown(open_page("overview", warehouse))
    assert "A proxy: no survey of customers was loaded." in shown
