"""A new client's first day: from an empty installation to a fill rate, every refused row explained.

The installation explains itself, the client's two files hold good rows and bad, and what was said
before loading is what stands on Data health after it.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import keep, serving, settled
from tests.browser.hand import rows_of, taken
from tests.browser.test_flows import go_to
from tests.small import write

pytestmark = pytest.mark.browser
FIRST = dt.date(2026, 3, 2)
DAYS = 96
LATE_EVERY = 4
HEADERS = {
    "order_lines": "order_id line_no customer_id item_id site_id order_date requested_date "
    "qty_ordered",
    "shipments": "order_id line_no shipped_date qty_shipped",
}


def client_files(folder: Path) -> list[Path]:
    """A line a day, due in four days, every fourth three days late; three bad lines, one shipment.

    One order line comes twice: a copy is left out, and no fault.
    """
    lines: list[tuple[object, ...]] = []
    shipments: list[tuple[object, ...]] = []
    for number in range(DAYS):
        day = FIRST + dt.timedelta(days=number)
        due = day + dt.timedelta(days=4)
        lines.append((f"N{number:02d}", 1, "C1", "bolt", "LYO", day, due, 10))
        sent = due + dt.timedelta(days=3 if number % LATE_EVERY == 0 else -1)
        shipments.append((f"N{number:02d}", 1, sent, 10))
    lines += [
        ("BAD1", 1, "C1", "bolt", "LYO", "2026-05-04", "2026-05-08", "many"),
        ("BAD2", 1, "C1", "bolt", "LYO", "2026-05-04", "2026-05-08", "some"),
        ("BAD3", 1, "C1", "bolt", "LYO", "2026-05-32", "2026-05-08", 5),
        lines[0],
    ]
    shipments.append(("N07", 2, "soon", 10))
    for name, rows in (("order_lines", lines), ("shipments", shipments)):
        write(folder / f"{name}.csv", HEADERS[name], rows)
    return [folder / f"{name}.csv" for name in HEADERS]


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The first page of an empty installation."""
    with serving(tmp_path / "warehouse") as address:
        opened = browser.new_page(viewport={"width": 1440, "height": 900})
        opened.goto(address)
        settled(opened)
        yield opened
        opened.close()


def card(page: Page, label: str) -> Locator:
    """The card with this label."""
    name = page.get_by_test_id("stMetricLabel").filter(has_text=re.compile(f"^{label}$"))
    return page.get_by_test_id("stMetric").filter(has=name)


def to_mend(page: Page, part: str, folder: Path) -> pd.DataFrame:
    """The faulty rows of a file, as Data health offers them."""
    chooser = page.locator(".st-key-to-mend input")
    chooser.click()
    chooser.fill(part)
    chooser.press("Enter")
    settled(page)
    button = page.get_by_role("button", name="exactly as it came")
    return pd.read_excel(taken(page, button, folder), dtype=str, engine="calamine")


def test_a_new_client_sees_a_first_fill_rate_and_why_each_row_was_refused(
    page: Page, tmp_path: Path
) -> None:
    expect(page.get_by_text("There are no figures yet")).to_be_visible()
    expect(page.get_by_role("link", name="Load the sample data")).to_be_visible()
    keep(page, "new-client-1-empty")
    page.get_by_role("link", name="Load your own files").click()
    expect(page.locator("h1")).to_have_text("Load data")
    settled(page)
    expect(page.get_by_role("button", name="Load the sample data")).to_be_visible()

    files = page.locator("[data-testid=stFileUploaderDropzoneInput]").first
    files.set_input_files(client_files(tmp_path))
    expect(page.get_by_text("would be loaded")).to_have_count(2, timeout=60_000)
    settled(page)
    said = "Loading adds 192 rows, sets 4 rows aside as faulty, leaves out 1 copied row"
    expect(page.get_by_text(said)).to_be_visible()
    assert card(page, "Faulty").get_by_test_id("stMetricValue").all_inner_texts() == ["3", "1"]
    keep(page, "new-client-2-before-loading")
    page.get_by_role("button", name="Load and build").click()
    done = page.get_by_text("is in use: 192 rows accepted, 4 faulty")
    expect(done).to_be_visible(timeout=120_000)
    page.get_by_role("link", name="See every rejected row").click()
    expect(page.locator("h1")).to_have_text("Data health")
    settled(page)

    refused = card(page, "Rows rejected as faulty").get_by_test_id("stMetricValue")
    expect(refused).to_have_text("4")
    keep(page, "new-client-3-data-health")
    reasons = rows_of(page, "reject-reasons", tmp_path)
    faults = reasons[reasons["kind"] == "fault"]
    assert faults["n_rows"].sum() == 4
    assert dict(zip(faults["value"], faults["column_name"], strict=True)) == {
        "many": "qty_ordered",
        "2026-05-32": "order_date",
        "soon": "shipped_date",
    }
    assert all(
        reason and line > 1 for reason, line in zip(faults["reason"], faults["line"], strict=True)
    )
    lines = to_mend(page, "order_lines: order_lines.csv", tmp_path)
    assert list(lines["order_id"]) == ["BAD1", "BAD2", "BAD3"]
    assert list(lines["reject_line"]) == ["98", "99", "100"]
    assert list(to_mend(page, "shipments: shipments.csv", tmp_path)["shipped_date"]) == ["soon"]

    go_to(page, "Fill rate")
    # 87 lines fell due in March, April and May; every fourth of them was late.
    expect(card(page, "Line fill rate").get_by_test_id("stMetricValue")).to_have_text("75 %")
    expect(page.get_by_text("n 87", exact=True).first).to_be_visible()
    keep(page, "new-client-4-first-fill-rate")
