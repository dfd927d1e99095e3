"""How long a reader waits, in Chromium, on a warehouse that is there.

    python -m benchmarks.felt --warehouse DIR [--looks 5] [--pages overview fill_rate ...]

Medians over the looks, in seconds of the wall clock and in CPU seconds of the server:

* cold: a server that has just started and a browser without a cache, from the address to the first
  figure (a number on a card, a chart or a table) that can be seen;
* new: a browser without a cache on a server that has shown the page before, to the first figure;
* warm: a visit in a browser that has been here, to the first figure and to the end;
* change: from a click in the menu on another page to the first figure of this one;
* filter: from choosing a site to a page on which nothing is stale any more.

Run it on a machine with nothing else to do: waiting is measured, and others make one wait.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.conftest import ROOT, launched, served, settled

FIGURE = ", ".join(
    f"[data-testid=stMain] {inside}"
    for inside in (
        "[data-testid=stMetricValue]",
        "[data-testid=stVegaLiteChart] canvas",
        "[data-testid=stVegaLiteChart] svg",
        "[data-testid=stDataFrame] canvas",
        "[data-testid=stTable]",
    )
)
N_SITES = 4
"""Sites that can be chosen on the sample data: each is chosen once."""

NO_FIGURES = ("load_data", "order_line", "supplier_pack", "trace")
"""Pages whose first sight is a form: the title is waited for."""


def _first_figure(page: Page, name: str) -> None:
    page.wait_for_selector("h1" if name in NO_FIGURES else FIGURE, timeout=60_000)


def _address(server: str, name: str) -> str:
    return f"{server}/{'' if name == 'overview' else name}"


def _cpu(pid: int) -> float:
    """CPU seconds of a process so far, its children left out."""
    spent = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _visit(
    browser: Browser, server: str, name: str, known: BrowserContext | None = None
) -> tuple[Page, float]:
    """A page opened without a cache or with a known one, and the seconds to its first figure."""
    page = (known or browser.new_context(viewport={"width": 1440, "height": 900})).new_page()

    def opened() -> None:
        page.goto(_address(server, name), wait_until="commit")
        _first_figure(page, name)

    return page, _seconds(opened)


def _cold(browser: Browser, warehouse: Path, name: str) -> float:
    with served(warehouse) as started:
        page, seconds = _visit(browser, started.address, name)
        page.context.close()
    return seconds


def _new(browser: Browser, server: str, name: str) -> float:
    page, first = _visit(browser, server, name)
    page.context.close()
    return first


def _warm(browser: Browser, server: str, pid: int, name: str, looks: int) -> list[dict[str, float]]:
    page, _ = _visit(browser, server, name)
    settled(page)
    told = []
    for _ in range(looks):
        page.close()
        before, started = _cpu(pid), time.perf_counter()
        page, first = _visit(browser, server, name, page.context)
        settled(page, pause=0)
        spent = {"warm": first, "whole": time.perf_counter() - started, "cpu": _cpu(pid) - before}
        told.append(spent)
    page.context.close()
    return told


def _change(browser: Browser, server: str, name: str, looks: int) -> list[float]:
    """Seconds from a click in the menu, on another page, to the first figure."""
    other = "definitions" if name != "definitions" else "load_data"
    page, _ = _visit(browser, server, other)
    told = []
    for _ in range(looks):
        started = _go(page, name)
        _first_figure(page, name)
        told.append(time.perf_counter() - started)
        _go(page, other)
    page.context.close()
    return told


def _go(page: Page, name: str) -> float:
    """Go to another page by the menu; when the click was [seconds]."""
    settled(page)
    title = page.locator("h1").inner_text()
    link = page.locator(_link(name))
    for menu in page.get_by_test_id("stTopNavSection").all():
        menu.click()
        if link.count() and link.first.is_visible():
            break
        page.keyboard.press("Escape")
    started = time.perf_counter()
    link.first.click()
    page.wait_for_function(
        "title => ![title, undefined].includes(document.querySelector('h1')?.innerText)", arg=title
    )
    return started


def _link(name: str) -> str:
    return f"a[href$='/{'' if name == 'overview' else name}']"


def _filter(page: Page, server: str, pid: int, name: str, place: int) -> tuple[float, float] | None:
    """Wall and CPU seconds from choosing a site to a page without stale parts."""
    page.goto(_address(server, name), wait_until="commit")
    settled(page)
    field = page.get_by_test_id("stSidebar").get_by_role("combobox", name="Site")
    if not field.count():
        return None
    field.click()
    option = page.get_by_role("option").nth(place)
    option.wait_for()
    before = _cpu(pid)

    def chosen() -> None:
        option.click()
        page.wait_for_function("new URLSearchParams(location.search).has('site')")
        settled(page, pause=0)

    return _seconds(chosen), _cpu(pid) - before


def main() -> None:
    """Measure page by page and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, required=True)
    parser.add_argument("--looks", type=int, default=5)
    parser.add_argument("--pages", nargs="*")
    given = parser.parse_args()
    names = given.pages or sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    print(
        "| page | cold s | new s | warm s | whole s | CPU s | change s | filter s | filter CPU s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright, served(given.warehouse) as started:
        browser = launched(playwright)
        for name in names:
            cold = [_cold(browser, given.warehouse, name) for _ in range(given.looks)]
            looks = range(given.looks)
            warm = _warm(browser, started.address, started.pid, name, given.looks)
            new = [_new(browser, started.address, name) for _ in looks]
            change = _change(browser, started.address, name, given.looks)
            page, _ = _visit(browser, started.address, name)
            # Another site each time: what was asked before is answered from memory.
            chosen = [
                _filter(page, started.address, started.pid, name, place)
                for place in range(min(given.looks, N_SITES))
            ]
            page.context.close()
            cells = [
                cold,
                new,
                *([look[kind] for look in warm] for kind in ("warm", "whole", "cpu")),
            ]
            cells += [change, *([c[i] for c in chosen if c is not None] for i in (0, 1))]
            told = (f"{statistics.median(cell):.2f}" if cell else "" for cell in cells)
            print(f"| {name} | {' | '.join(told)} |", flush=True)


if __name__ == "__main__":
    main()
