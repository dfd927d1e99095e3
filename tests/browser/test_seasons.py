"""A season from set-up to the file that ships it, in a browser."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

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


def fill(part: Page | Locator, label: str, text: str) -> None:
    """Type into a field and leave it, so that the page takes it."""
    field = part.get_by_label(label, exact=True).locator("visible=true").first
    field.fill(text)
    field.press("Tab")
    settled(field.page)


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
    rows = taken(page, "Allocation (CSV)", "allocations_summer-2026.csv")
    assert dict(zip(rows["site_id"], rows["qty_allocated"], strict=True)) == {
        "north": 38, "south": 26, "west": 16,
    }  # fmt: skip


def type_date(part: Locator, label: str, day: dt.date) -> None:
    """Type a date over the one that stands in a field."""
    for name, value in (("year", day.year), ("month", day.month), ("day", day.day)):
        field = part.get_by_role("spinbutton", name=f"{name}, {label}")
        field.press_sequentially(f"{value:02d}")
    part.get_by_label("Code").click()  # elsewhere, so that the calendar closes
    settled(part.page)


def choose(part: Page | Locator, label: str, option: str) -> None:
    """Choose from a list."""
    field = part.get_by_role("combobox", name=label, exact=True)
    page = field.page
    field.click()
    field.fill(option)
    page.get_by_role("option", name=option).click()
    settled(page)


def set_up_christmas(page: Page) -> None:
    """Set up a season of toys, half as much again as a year before."""
    page.get_by_role("button", name="New season").click()
    asked = page.get_by_test_id("stPopoverBody")
    fill(asked, "Code", "XMAS-2026")
    fill(asked, "Name", "Christmas 2026")
    type_date(asked, "First day", dt.date(2026, 11, 2))
    type_date(asked, "Last day", dt.date(2026, 12, 27))
    choose(asked, "Items of these families", "toys")
    fill(asked, "Buy against last year, %", "50")
    fill(asked, "Your name", "A. Planner")
    asked.get_by_role("button", name="Set it up").click()
    expect(page.get_by_text("Christmas 2026 is set up with 2 items.")).to_be_visible(timeout=60_000)
    settled(page)


def figure(page: Page, label: str) -> str:
    """The value of a figure in the row at the top."""
    card = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
    return card.get_by_test_id("stMetricValue").inner_text().strip()


def figures(page: Page) -> list[str]:
    """What is bought, allocated, held back and not placed."""
    return [figure(page, name) for name in ("Total buy", "Allocated", "Held back", "Not placed")]


def taken(page: Page, button: str, name: str) -> pd.DataFrame:
    """The rows of the file that a button gives, which has that name."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    assert download.value.suggested_filename == name
    return pd.read_csv(download.value.path())


def set_up_filled_in(given: Path, filled: Path) -> None:
    """Fill in the workbook that the page gave: drums in packs of 6, limits of two stores."""
    sheets = pd.read_excel(given, sheet_name=None, engine="calamine")
    items = sheets["items"].set_index("item_id")
    items.loc["drums", ["qty_total", "qty_held_back", "pack"]] = [130.0, 10.0, 6.0]
    sheets["items"] = items.reset_index()
    sheets["sites"] = pd.DataFrame(
        {
            "site_id": ["west", "north"],
            "item_id": ["drums", "flutes"],
            "qty_presentation": [36.0, None],
            "qty_max": [None, 90.0],
        }
    )
    with pd.ExcelWriter(filled) as book:
        for name, rows in sheets.items():
            rows.to_excel(book, sheet_name=name, index=False)


def test_a_new_season_is_bought_limited_by_a_file_moved_approved_and_taken_away(
    page: Page, tmp_path: Path
) -> None:
    set_up_christmas(page)
    # Drums sell 10 a week, flutes 20: eight weeks and half of it more, a tenth held back.
    assert figures(page) == ["360", "324", "36", "0"]
    expect(page.get_by_text("drums: 80 expected over 8 weeks", exact=False)).to_be_visible()

    page.get_by_role("tab", name="Files").click()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Set-up as a workbook").click()
    assert download.value.suggested_filename == "XMAS-2026-setup.xlsx"
    filled = tmp_path / "filled.xlsx"
    set_up_filled_in(Path(download.value.path()), filled)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(filled)
    settled(page)
    page.get_by_role("button", name="Fill the editors").click()
    expect(page.get_by_text("Not kept yet", exact=False)).to_be_visible(timeout=60_000)
    settled(page)
    # Drums go in packs of 6: 54, 30 and the 36 that west must show; the flutes that north may not
    # take go to the others.
    assert figures(page) == ["370", "336", "34", "0"]
    fill(page, "Not kept yet (changed against version 1): why this set-up?", "as ordered")
    page.get_by_role("button", name="Keep the set-up").click()
    expect(page.get_by_text("Kept as version 2.")).to_be_visible(timeout=60_000)
    settled(page)

    for label, place in (("From", "held back"), ("To", "south")):
        choose(page, label, place)
    fill(page, "Units", "6")
    fill(page, "Reason", "a fair next door")
    page.get_by_role("button", name="Move", exact=True).click()
    moved = page.get_by_text("6 of drums moved from held back to south.")
    expect(moved).to_be_visible(timeout=60_000)
    settled(page)
    assert figures(page) == ["370", "342", "28", "0"]
    fill(page, "Reason or remark", "agreed")
    page.get_by_role("button", name="Approve version 2").click()
    expect(page.get_by_text("Approved by A. Planner", exact=False)).to_be_visible(timeout=60_000)
    settled(page)
    keep(page, "seasonal-plan-new-approved")
    assert figure(page, "Status") == "Approved"
    sent = taken(page, "Allocation (CSV)", "allocations_XMAS-2026.csv")
    places = list(zip(sent["item_id"], sent["site_id"], strict=True))
    assert dict(zip(places, sent["qty_allocated"], strict=True)) == {
        ("drums", "north"): 54, ("drums", "south"): 36, ("drums", "west"): 36,
        ("flutes", "north"): 90, ("flutes", "south"): 75, ("flutes", "west"): 51,
    }  # fmt: skip
    bought = taken(page, "Season (CSV)", "seasons_XMAS-2026.csv").set_index("item_id")
    assert bought["qty_total"].to_dict() == {"drums": 130, "flutes": 240}
    # Of the 10 drums held back 6 were moved to south.
    assert bought["qty_held_back"].to_dict() == {"drums": 4, "flutes": 24}
    assert bought["pack_size"].to_dict() == {"drums": 6, "flutes": 1}
    assert set(bought["start_date"]) == {"2026-11-02"}
    assert set(bought["end_date"]) == {"2026-12-27"}
