"""What only a browser can show: the way from an outcome to one line, an upload, themes, widths."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Open, keep, settled
from tests.small import HOSTILE

pytestmark = pytest.mark.browser
PAGES = ["", "fill_rate", "order_line?line=O03611/10", "data_health", "load_data", "definitions"]


def go_to(page: Page, title: str) -> None:
    """Change the page by the menu on top."""
    for section in page.get_by_test_id("stTopNavSection").all():
        section.click()
        link = page.get_by_role("menuitem").filter(has_text=re.compile(f"{title}$"))
        if link.count():
            link.click()
            break
    expect(page.locator("h1")).to_have_text(title)
    settled(page)


def press_button_of_first_row(page: Page, table: str) -> None:
    """Press the button in the first column of a table, which is drawn on a canvas."""
    page.locator(f".st-key-{table}").scroll_into_view_if_needed()
    drawn = page.locator(f".st-key-{table} canvas").first
    drawn.wait_for()
    page.wait_for_timeout(500)
    place = drawn.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 30, place["y"] + 50)


def test_from_the_outcome_to_the_worst_item_to_the_story_of_one_line(open_page: Open) -> None:
    page = open_page("?site=MEM")
    expect(page.get_by_text("1 Mar 2026 to 31 May 2026; Site: MEM")).to_be_visible()
    go_to(page, "Fill rate")
    assert page.url.endswith("/fill_rate?site=MEM")
    press_button_of_first_row(page, "table-worst-items")
    expect(page.get_by_text("Site: MEM; Item: A1")).to_be_visible()
    settled(page)
    press_button_of_first_row(page, "table-missed-lines")
    expect(page.locator("h1")).to_have_text("Order line")
    settled(page)
    assert re.search(r"/order_line\?.*line=O0\d{3}2%2F10", page.url)
    expect(page.get_by_text("complete 3 working days later")).to_be_visible()
    keep(page, "order-line")
    page.get_by_role("link", name="Back to the fill rate").click()
    expect(page.get_by_text("Site: MEM; Item: A1")).to_be_visible()
    assert "site=MEM" in page.url


def take_away_and_mend(page: Page, file: str, mended: Path) -> None:
    """Download the faulty rows of a file from Data health and write 7 where 'many' stood."""
    chooser = page.locator(".st-key-to-mend input")
    chooser.click()
    chooser.fill(file)
    chooser.press("Enter")
    settled(page)
    keep(page, "data-health-mend")
    with page.expect_download() as download:
        page.get_by_role("button", name="exactly as it came").click()
    assert download.value.suggested_filename == "order_lines_late_to_mend.xlsx"
    rows = pd.read_excel(download.value.path(), dtype=str, engine="calamine")
    (row,) = rows[["order_id", "qty_ordered", "reject_line"]].to_dict("records")
    assert row == {"order_id": "N2", "qty_ordered": "many", "reject_line": "3"}
    rows["qty_ordered"] = "7"
    rows.to_excel(mended, index=False, engine="xlsxwriter")


def test_a_file_with_a_bad_row_is_shown_loaded_its_reject_mended_and_loaded_again(
    open_page: Open, tmp_path: Path
) -> None:
    late = tmp_path / "order_lines_late.csv"
    late.write_text(
        "order_id,line_no,customer_id,item_id,site_id,order_date,requested_date,qty_ordered\n"
        "N1,10,C1,A1,LYO,2026-06-01,2026-06-05,5\n"
        "N2,10,C1,A1,LYO,2026-06-01,2026-06-05,many\n",
        encoding="utf-8",
    )
    page = open_page("load_data")
    page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(late)
    expect(page.get_by_text("would be loaded")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Loading adds 1 row, sets 1 row aside")).to_be_visible()
    settled(page)
    keep(page, "load-data-preview")
    page.get_by_role("button", name="Load and build").click()
    expect(page.get_by_text("is in use")).to_be_visible(timeout=60_000)
    keep(page, "load-data-done")
    go_to(page, "Data health")
    expect(page.get_by_test_id("stMetricValue").nth(1)).to_have_text("2")
    mended = tmp_path / "order_lines_mended.xlsx"
    take_away_and_mend(page, "order_lines_late.csv", mended)
    go_to(page, "Load data")
    page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(mended)
    expect(page.get_by_text("Loading adds 1 row, sets 0 rows aside")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Load and build").click()
    expect(page.get_by_text("is in use")).to_be_visible(timeout=60_000)
    page.goto(page.url.replace("load_data", "order_line?line=N2/10"))
    expect(page.get_by_text("N2/10: 0 of 7 had shipped by the due date 5 Jun 2026")).to_be_visible()
    page.goto(page.url.replace("N2", "N1"))
    expect(page.get_by_text("N1/10: 0 of 5 had shipped by the due date 5 Jun 2026")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits_a_small_screen_in_both_themes(
    open_page: Open, path: str, theme: str
) -> None:
    page = open_page(path, width=390, theme=theme)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
    keep(page, f"{path.split('?', maxsplit=1)[0] or 'overview'}-390-{theme}")


@pytest.mark.parametrize("path", PAGES)
def test_no_name_in_the_data_becomes_an_image_a_link_or_a_request(
    open_page: Open, path: str
) -> None:
    page = open_page(path)
    asked: list[str] = []
    own = ("/".join(page.url.split("/")[:3]), "data:", "blob:")
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    settled(page)
    keep(page, f"{path.split('?', maxsplit=1)[0] or 'overview'}-1440-light")
    assert [url for url in asked if not url.startswith(own)] == []
    assert page.locator("img[src*=evil], a[href*=evil], a[href^=javascript]").count() == 0


def test_a_bar_chosen_filters_the_page_says_so_and_can_be_taken_back(open_page: Open) -> None:
    page = open_page("?metric=Line+fill+rate")
    expect(page.get_by_test_id("stMetricValue").nth(2)).to_have_text("71.4 %")
    chart = page.locator("[class*=st-key-where-]")
    chart.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    # The worst site is the first bar.
    chart.click(position={"x": 100, "y": 20})
    expect(page.get_by_text("1 Mar 2026 to 31 May 2026; Site: MEM")).to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stMetricValue").nth(2)).to_have_text("50 %")
    assert "site=MEM" in page.url
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_test_id("stMetricValue").nth(2)).to_have_text("71.4 %")
    assert "site=" not in page.url


def test_a_hostile_description_is_shown_as_the_text_it_is(open_page: Open) -> None:
    page = open_page("order_line?line=O03611/10")
    expect(page.get_by_text(f"00123  {HOSTILE}", exact=True)).to_be_visible()


def test_the_first_figure_of_a_deep_link_comes_with_menu_and_status(open_page: Open) -> None:
    page = open_page("fill_rate")
    named = []
    for section in page.get_by_test_id("stTopNavSection").all():
        section.click()
        links = page.get_by_role("menuitem").all_inner_texts()
        named += [link.split("\n")[-1] for link in links]
    pages = (ROOT / "pages").glob("*.py")
    assert named[0] == "Overview"
    assert sorted(named) == sorted(path.stem.replace("_", " ").capitalize() for path in pages)
    expect(page.get_by_text("As of 14 Jun 2026")).to_be_visible()
