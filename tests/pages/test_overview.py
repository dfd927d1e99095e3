"""Overview: what the executive reads, takes along in print, and is told of the month to come."""

import datetime as dt
from pathlib import Path

import pytest

from tests import small_purchases
from tests.pages.conftest import Open
from tests.pages.test_pages import card
from ui import filters, one_page, packs, periods, queries

CHOSEN = filters.Filters(
    period=periods.Period(dt.date(2026, 3, 1), dt.date(2026, 5, 31)),
    every="month",
    as_of=dt.date(2026, 6, 14),
)


@pytest.fixture
def read_small(open_page: Open, warehouse: Path) -> None:
    """Let the border to data read the small warehouse."""
    open_page("overview", warehouse)


@pytest.mark.usefixtures("read_small")
def test_the_page_to_print_says_what_the_cards_say(open_page: Open, warehouse: Path) -> None:
    outcomes, places, _ = one_page.parts(["order_on_time_rate", "line_fill_rate"], CHOSEN)
    app = open_page("overview", warehouse)
    rows = outcomes.rows.set_index("metric")
    for label in ("Orders on time", "Line fill rate"):
        value, change = card(app, label)
        assert (rows.loc[label, "now"], rows.loc[label, "change"]) == (value, change)
    assert rows.loc["Orders on time", "target"] == "60 %"
    assert places.rows["worst"].to_list() == ["MEM", "MEM"]


@pytest.mark.usefixtures("read_small")
def test_the_page_to_print_is_one_page() -> None:
    metrics = ["order_on_time_rate", "line_fill_rate"]
    about = queries.provenance(metrics, CHOSEN.said())
    made = packs.to_pdf(one_page.title(CHOSEN), one_page.parts(metrics, CHOSEN), about)
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 1


def test_a_client_without_purchases_or_builds_sees_no_empty_cards(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("overview", warehouse)
    labels = [metric.label for metric in app.metric]
    assert labels == [
        "Orders on time",
        "Availability",
        "Line fill rate",
        "Unit fill rate",
        "Orders on time in full",
    ]


def test_the_month_to_come_counts_builds_and_purchases(
    open_page: Open, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = small_purchases.make(tmp_path_factory.mktemp("month"))
    app = open_page("overview", folder)
    said = "\n".join(text.value for text in app.text)
    assert "to ship by" in said
    assert "are likely to come too late" in said
