"""By keyboard alone: Tab reaches every filter and a table, and one sees where one is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import planned
from tests.browser.conftest import serving, settled

pytestmark = pytest.mark.browser
STOPS = 110
"""So many times Tab is pressed at most before a table is reached."""
AT = """() => {
    const at = document.activeElement, box = (at.closest('canvas') ?? at).getBoundingClientRect();
    const name = at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText || '';
    const table = at.closest('[data-testid=stDataFrame]') !== null;
    return {
        name: name.trim(), tag: at.tagName, is_table: table && at.tagName !== 'BUTTON',
        x: box.x, y: box.y, width: box.width, height: box.height,
        is_filter: at.closest('[data-testid=stSidebar]') !== null && at.tagName === 'INPUT',
        is_only_there_in_focus: at.dataset.testid === 'stBaseButton-elementToolbar',
    };
}"""
"""Where the focus is; the toolbar of a chart or table is drawn only while it has the focus."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over a warehouse with figures and proposals."""
    with serving(planned.make(tmp_path_factory.mktemp("keyboard"), n_purchases=45)) as address:
        yield address


def is_seen(page: Page, stop: dict[str, float]) -> bool:
    """Tell whether what has the focus looks otherwise than without it."""
    clip = {
        "x": max(stop["x"] - 40, 0),
        "y": max(stop["y"] - 12, 0),
        "width": stop["width"] + 80,
        "height": min(stop["height"] + 24, 300),
    }
    with_focus = page.screenshot(clip=clip)  # type: ignore[arg-type]
    page.evaluate("window.at = document.activeElement; window.at.blur()")
    page.wait_for_timeout(250)
    without = page.screenshot(clip=clip)  # type: ignore[arg-type]
    page.evaluate("window.at.focus({preventScroll: true})")
    return with_focus != without


@pytest.mark.parametrize(
    ("path", "theme"), [("", "light"), ("stock_decisions", "light"), ("stock_decisions", "dark")]
)
def test_tab_reaches_every_filter_and_a_table_and_the_focus_is_seen(
    browser: Browser, server: str, path: str, theme: str
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server}/{path}")
    settled(page)
    expect(page.get_by_test_id("stSidebar").get_by_label("Item", exact=True)).to_be_visible()
    filters = page.get_by_test_id("stSidebar").locator("[data-testid=stWidgetLabel]")
    wanted = [label.split("\n")[0] for label in filters.all_inner_texts()]
    reached, passed, unseen, is_table = [], [], [], False
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        page.wait_for_timeout(250)
        stop = page.evaluate(AT)
        passed.append(f"{stop['tag']} {stop['name']}")
        if stop["is_filter"]:
            reached.append(stop["name"])
        if stop["tag"] != "MAIN" and not (stop["is_only_there_in_focus"] or is_seen(page, stop)):
            unseen.append(passed[-1])
        if stop["is_table"]:
            is_table = True
            break
    context.close()
    assert {"Period", "Site", "Item family", "Item"} <= set(wanted)
    assert (reached, is_table, unseen) == (wanted, True, []), passed
