"""The planner's desk in a browser: approve many, override some with reasons, take the file."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import planned
from tests.browser.conftest import keep, serving, settled

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def planned_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over a warehouse with 45 purchases to decide about."""
    with serving(planned.make(tmp_path_factory.mktemp("planned"), n_purchases=45)) as address:
        yield address


def fill_in(page: Page, label: str, text: str) -> None:
    """Write into a field and let the app take it."""
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")
    settled(page)


def test_forty_proposals_are_approved_at_once_three_overridden_and_the_file_taken(
    browser: Browser, planned_server: str, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{planned_server}/stock_decisions")
    settled(page)
    keep(page, "stock-decisions")
    fill_in(page, "Your name", "Ada")
    fill_in(page, "Choose the first", "40")
    page.get_by_role("button", name="Approve 40").click()
    expect(page.get_by_text("40 proposals approved.")).to_be_visible()
    for qty, reason in (("4", "shelf is full"), ("6", "half is enough"), (None, "airline leaves")):
        settled(page)
        fill_in(page, "Reason", reason)
        fill_in(page, "Choose the first", "1")
        if qty is None:
            page.get_by_role("button", name="Refuse 1").click()
            expect(page.get_by_text("1 proposal refused.")).to_be_visible()
        else:
            fill_in(page, "Quantity instead", qty)
            page.get_by_role("button", name="Change", exact=True).click()
            expect(page.get_by_text("1 proposal changed.")).to_be_visible()
    settled(page)
    expect(page.get_by_text("42 approved purchases worth 28.7 k EUR")).to_be_visible()
    keep(page, "stock-decisions-decided")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    rows = pd.read_csv(file, dtype=str)
    assert len(rows) == 42
    assert sorted(rows["qty_ordered"].unique()) == ["10", "4", "6"]
    expect(page.get_by_text("42 proposals released so far.")).to_be_visible()
    page.close()
