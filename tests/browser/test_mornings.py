"""Three mornings on the sample data in a real browser, and every page held to the access rules.

One file, so that the sample is loaded, built and forecast once.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, keep, serving, settled
from tests.browser.test_flows import go_to

# The sample is loaded, built and forecast within the time of the first test.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over the sample data, loaded, built and forecast as `make run` does it."""
    warehouse = tmp_path_factory.mktemp("sample") / "warehouse"
    run(warehouse, "data", "ingest", str(ROOT / "sample_data" / "feeds"))
    shutil.copy(ROOT / "sample_data" / "settings.toml", warehouse)
    run(warehouse, "data", "build")
    run(warehouse, "forecasting", "run")
    with serving(warehouse) as address:
        yield address


def run(warehouse: Path, package: str, *arguments: str) -> None:
    """Run one command as a process of its own, as people do."""
    command = [sys.executable, "-m", package, *arguments, "--warehouse", str(warehouse)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture
def page(browser: Browser, sample: str) -> Iterator[Page]:
    """A reader at the first page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.goto(sample)
    settled(opened)
    yield opened
    context.close()


def number(text: str) -> float:
    """The first number of a text."""
    found = re.search(r"[\d,]+\.?\d*", text)
    assert found is not None, text
    return float(found[0].replace(",", ""))


def figure(page: Page, label: str) -> str:
    """The value of the card with this label."""
    card = page.get_by_test_id("stMetric").filter(
        has=page.get_by_test_id("stMetricLabel").filter(has_text=re.compile(f"^{label}"))
    )
    return card.get_by_test_id("stMetricValue").inner_text()


def follow(page: Page, link: str | re.Pattern[str], title: str) -> None:
    """Go where a link on the page leads."""
    page.get_by_test_id("stMain").get_by_role("link", name=link).first.click()
    expect(page.locator("h1")).to_have_text(title)
    settled(page)


def write(page: Page, label: str, text: str) -> None:
    """Write into a field and let the app take it."""
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")
    settled(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_the_rules_of_access(browser: Browser, sample: str, theme: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
    opened, found = context.new_page(), []
    for name in PAGES:
        opened.goto(f"{sample}/{name if name != 'overview' else ''}")
        settled(opened)
        opened.wait_for_timeout(1000)
        for rule in Axe().run(opened).response["violations"]:
            if rule["impact"] in ("serious", "critical"):
                first = rule["nodes"][0]
                found.append((name, rule["id"], len(rule["nodes"]), first["html"][:200]))
    context.close()
    assert found == []


def test_the_executive_sees_better_by_how_much_where_not_what_comes_and_takes_a_page_along(
    page: Page, tmp_path: Path
) -> None:
    assert number(figure(page, "Orders on time")) > 80
    expect(page.get_by_text(re.compile(r"change ±\d")).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\w+ is worst at"))).to_be_visible()
    expect(page.get_by_text(re.compile("engines? to ship by"))).to_be_visible()
    keep(page, "morning-executive-1-overview")
    with page.expect_download() as download:
        page.get_by_role("button", name="One page to print (PDF)").click()
    file = tmp_path / "page.pdf"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF")
    follow(page, re.compile("for one part each"), "Engine line")
    keep(page, "morning-executive-2-engine-line")


def test_the_supplier_manager_goes_from_who_slipped_to_agreed_actions(page: Page) -> None:
    go_to(page, "Suppliers")
    keep(page, "morning-supplier-manager-1-suppliers")
    page.goto(page.url.split("/suppliers")[0] + "/supplier_pack?supplier=S118")
    settled(page)
    keep(page, "morning-supplier-manager-2-pack")
    with page.expect_download() as download:
        page.get_by_role("button", name="Pack for print (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_label("Action", exact=True).fill("Weekly call on open lines")
    page.get_by_label("Owner", exact=True).fill("Ada")
    page.get_by_label("Written by", exact=True).fill("Ben")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Written down.")).to_be_visible()
    page.get_by_role("button", name="Close a review").click()
    page.get_by_label("Closed by").fill("Ben")
    page.get_by_label("Closed by").press("Enter")
    settled(page)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("Last review: 14 Jun 2026.")).to_be_visible()
    keep(page, "morning-supplier-manager-3-agreed")


def test_the_planner_decides_what_to_order_and_takes_the_file(page: Page, tmp_path: Path) -> None:
    go_to(page, "Choke points")
    keep(page, "morning-planner-1-choke-points")
    go_to(page, "Stock decisions")
    keep(page, "morning-planner-2-proposals")
    write(page, "Your name", "Ada")
    write(page, "Choose the first", "40")
    page.get_by_role("button", name=re.compile(r"^Approve \d+")).click()
    expect(page.get_by_text(re.compile(r"\d+ proposals approved"))).to_be_visible()
    for qty, reason in (("4", "shelf is full"), ("6", "half is enough"), ("8", "airline grows")):
        settled(page)
        write(page, "Reason", reason)
        write(page, "Choose the first", "1")
        write(page, "Quantity instead", qty)
        page.get_by_role("button", name="Change", exact=True).click()
        expect(page.get_by_text("1 proposal changed.")).to_be_visible()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    file = tmp_path / "orders.csv"
    download.value.save_as(file)
    rows = pd.read_csv(file, dtype=str)
    assert {"po_id", "line_no", "supplier_id", "item_id", "qty_ordered"} <= set(rows.columns)
    assert len(rows) >= 40
    keep(page, "morning-planner-3-decided")
