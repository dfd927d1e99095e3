"""A file that no mapping knows, from an empty warehouse to a figure on a page, by the browser."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import keep, serving, settled
from tests.data.suggesting import exports

pytestmark = pytest.mark.browser
MOST_SECONDS = 600


class Hand:
    """A person at the page, whose clicks and changed fields are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.fields = 0

    def upload(self, file: Path) -> None:
        """Choose a file: open the dialogue, and take it there."""
        self.clicks += 2
        self.page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(file)
        expect(self.page.get_by_text("How is it read?")).to_be_visible(timeout=60_000)
        settled(self.page)

    def press(self, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.clicks, self.fields = self.clicks + 2, self.fields + 1
        field = self.page.get_by_role("combobox", name=label)
        field.click()
        field.fill(option)
        self.page.get_by_role("option", name=option, exact=True).click()
        settled(self.page)

    def write(self, label: str, text: str) -> None:
        self.clicks, self.fields = self.clicks + 1, self.fields + 1
        field = self.page.get_by_role("textbox", name=label)
        field.fill(text)
        field.press("Enter")
        settled(self.page)

    def follow(self, link: str, title: str) -> None:
        self.clicks += 1
        main = self.page.locator("[data-testid=stMain]")
        main.get_by_role("link", name=link).last.click()
        expect(self.page.locator("h1")).to_have_text(title, timeout=60_000)
        settled(self.page)


@pytest.fixture
def hand(browser: Browser, tmp_path: Path) -> Iterator[Hand]:
    """Load data on an empty warehouse."""
    with serving(tmp_path / "wh") as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(f"{address}/load_data")
        settled(page)
        yield Hand(page)
        context.close()


def purchase_orders(hand: Hand) -> None:
    """Nothing is to decide."""
    expect(hand.page.get_by_text(re.compile("^To decide"))).to_have_count(0)


def sales_orders(hand: Hand) -> None:
    """The customer stands in a column that is called 'Name'."""
    hand.choose("Where customer_id comes from", "Name")


def hand_kept(hand: Hand) -> None:
    """The sheet is of one site, which it names nowhere but in its file name."""
    hand.write("site_id on every row", "Nord")


@dataclass(frozen=True)
class Case:
    """A file, what a person decides of it, and what is then on which page."""

    export: Callable[[Path], Path]
    decide: Callable[[Hand], None]
    clicks: int
    fields: int
    page: str
    shown: str


CASES = [
    Case(exports.me2n, purchase_orders, 4, 0, "Promise dates", "n 16"),
    Case(exports.netsuite, sales_orders, 6, 1, "Fill rate", "n 27"),
    Case(exports.hand_kept, hand_kept, 5, 1, "Fill rate", "n 25"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.export.__name__)
def test_a_file_that_no_mapping_knows_is_on_a_page_within_ten_minutes(
    hand: Hand, tmp_path: Path, case: Case
) -> None:
    file, start = case.export(tmp_path), time.monotonic()
    hand.upload(file)
    case.decide(hand)
    keep(hand.page, f"load-data-{file.stem}")
    hand.press("Load and build")
    expect(hand.page.get_by_text("is in use")).to_be_visible(timeout=120_000)
    hand.follow(case.page, case.page)
    keep(hand.page, f"onboarded-{file.stem}")
    expect(hand.page.get_by_text(case.shown, exact=True).first).to_be_visible(timeout=60_000)
    seconds = time.monotonic() - start
    print(f"{file.name}: {hand.clicks} clicks, {hand.fields} fields changed, {seconds:.0f} s")
    assert seconds < MOST_SECONDS
    assert (hand.clicks, hand.fields) == (case.clicks, case.fields)
