"""A season from set-up to the file that ships it, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import small_seasons
from tests.browser.conftest import keep, serving, settled
from tests.small_seasons import SEASONS

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The seasonal plan over the small grocer."""
    with serving(small_seasons.make(tmp_path)) as address:
        opened = browser.new_page(viewport={"width": 1440, "height": 900})
        opened.goto(f"{address}/seasonal_plan?season=summer-2026")
        settled(opened)
        yield opened
        opened.close()


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it, so that the page takes it."""
    field = page.get_by_label(label, exact=True).locator("visible=true").first
    field.fill(text)
    field.press("Tab")
    settled(page)


def test_a_season_is_set_up_moved_by_hand_approved_and_taken_away(page: Page) -> None:
    assert "summer-2026" in SEASONS
    expect(page.get_by_text("80 over 3 stores", exact=False)).to_be_visible(timeout=120_000)
    fill(page, "Your name", "A. Planner")
    page.get_by_label("why this set-up?", exact=False).fill("as bought")
    page.get_by_label("why this set-up?", exact=False).press("Tab")
    page.get_by_role("button", name="Keep the set-up").click()
    expect(page.get_by_text("Kept as version 1.")).to_be_visible(timeout=60_000)
    settled(page)
    fill(page, "Units", "2")
    fill(page, "Reason", "a fair next door")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("2 of drums moved from north to south.")).to_be_visible(timeout=60_000)
    settled(page)
    fill(page, "Reason or remark", "agreed")
    page.get_by_role("button", name="Approve version 1").click()
    expect(page.get_by_text("Approved by A. Planner", exact=False)).to_be_visible(timeout=60_000)
    settled(page)
    keep(page, "seasonal-plan-approved")
    with page.expect_download() as download:
        page.get_by_role("button", name="Allocation (CSV)").click()
    assert download.value.suggested_filename == "allocations_summer-2026.csv"
    rows = pd.read_csv(download.value.path())
    assert dict(zip(rows["site_id"], rows["qty_allocated"], strict=True)) == {
        "north": 38, "south": 26, "west": 16,
    }  # fmt: skip
