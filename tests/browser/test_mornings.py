"""Three mornings on the sample data in a real browser, and every page held to the access rules.

One file, so that the sample is loaded, built and forecast once.
"""

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from data import decisions
from data.journal import Entry, Journal, journal_url
from data.warehouse import connect
from tests.browser.conftest import ROOT, keep, serving, settled
from tests.browser.hand import (
    button,
    figure,
    follow,
    measured,
    number,
    read,
    rows_of,
    run,
    taken,
    write,
)
from tests.browser.test_flows import go_to, press_button_of_first_row
from tests.pages.test_one_voice import printed
from ui import formats

# The sample is loaded, built and forecast within the time of the first test.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]
SPRING = ("--since", "2026-03-01", "--until", "2026-05-31")
WINTER = ("--since", "2025-12-01", "--until", "2026-02-28")
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample data, loaded, built and forecast as `make run` does it."""
    folder = tmp_path_factory.mktemp("sample") / "warehouse"
    run(folder, "data", "ingest", str(ROOT / "sample_data" / "feeds"))
    shutil.copy(ROOT / "sample_data" / "settings.toml", folder)
    run(folder, "data", "build")
    run(folder, "forecasting", "run")
    return folder


@pytest.fixture(scope="module")
def sample(warehouse: Path) -> Iterator[str]:
    """The app over the sample data."""
    with serving(warehouse) as address:
        yield address


@pytest.fixture
def page(browser: Browser, sample: str) -> Iterator[Page]:
    """A reader at the first page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.goto(sample)
    settled(opened)
    yield opened
    context.close()


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


def test_the_executive_sees_better_by_how_much_where_not_why_what_comes_and_takes_a_page_along(
    page: Page, warehouse: Path, tmp_path: Path
) -> None:
    (now,) = measured(warehouse, "order_on_time_rate", *SPRING)
    (before,) = measured(warehouse, "order_on_time_rate", *WINTER)
    assert figure(page, "Orders on time") == read(now)
    better = now["value"] - before["value"]
    expect(page.get_by_text(formats.points(better, now["n"]), exact=True).first).to_be_visible()
    luck = page.get_by_text(re.compile(r"n 2,276 · change ±\d\.\d pt"))
    assert number(luck.inner_text().split("±")[1]) < 100 * better
    keep(page, "morning-executive-1-overview")

    places = measured(warehouse, "order_on_time_rate", *SPRING, "--by", "site_id")
    worst = min(places, key=lambda row: row["value"])
    said = f"{worst['site_id']} is worst at {read(worst)}"
    expect(page.get_by_text(re.compile(f"^{said}"))).to_be_visible()
    chart = page.locator("[class*=st-key-where-]")
    chart.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    chart.click(position={"x": 100, "y": 20})
    expect(page.get_by_text(f"Site: {worst['site_id']}")).to_be_visible()
    settled(page)
    assert figure(page, "Orders on time") == read(worst)
    follow(page, "To what caused the misses", "Choke points")
    only = ("--where", f"site_id={worst['site_id']}")
    (missed,) = measured(warehouse, "missed_units_by_cause", *SPRING, *only)
    assert figure(page, "Missed units") == formats.count(missed["numerator"])
    keep(page, "morning-executive-2-why")

    go_to(page, "Overview")
    page.get_by_role("button", name="Clear filters").click()
    settled(page)
    comes = page.get_by_text(re.compile("engines? to ship by 14 Jul 2026"))
    due, ready = (
        int(found) for found in re.findall(r"(\d+) (?:engines? to|are likely)", comes.inner_text())
    )
    assert 0 < ready <= due
    sheet = printed(taken(page, button(page, "One page to print (PDF)"), tmp_path).read_bytes)
    assert f"Orders on time {read(now)}" in sheet
    assert f"Orders on time {worst['site_id']} {read(worst)} {worst['n']}" in sheet
    follow(page, re.compile("for one part each"), "Engine line")
    keep(page, "morning-executive-3-engine-line")


def test_the_supplier_manager_goes_from_who_slipped_to_what_has_changed_since_the_meeting(
    page: Page, warehouse: Path, tmp_path: Path
) -> None:
    # The last meeting with this supplier was a month ago.
    held = {"held_on": "2026-05-14", "next_on": "2026-06-15"}
    with closing(Journal(journal_url(warehouse))) as journal:
        journal.append([Entry("review", "supplier:S105", "Ben", held)])
    go_to(page, "Suppliers")
    keep(page, "morning-supplier-manager-1-suppliers")
    ranked = rows_of(page, "suppliers", tmp_path)
    slipped = ranked[ranked["n"] >= formats.FEW].sort_values("value").iloc[0]
    assert slipped["supplier_id"] == "S105"
    press_button_of_first_row(page, "table-suppliers")
    expect(page.locator("h1")).to_have_text("Supplier pack")
    settled(page)
    choice = page.get_by_role("combobox", name="Supplier")
    choice.click()
    choice.fill("S105")
    choice.press("Enter")
    expect(page.get_by_text("Last review: 14 May 2026.")).to_be_visible()
    settled(page)
    only = ("--where", "supplier_id=S105")
    (kept,) = measured(warehouse, "promise_adherence_first", *SPRING, *only)
    assert figure(page, "First promises kept") == read(kept)
    assert kept["value"] == pytest.approx(slipped["value"])
    keep(page, "morning-supplier-manager-2-pack")

    (impact,) = measured(warehouse, "supplier_impact", *SPRING, *only)
    held_up = page.get_by_text(re.compile(r"builds? and \d+ customer lines? in this time"))
    builds, lines = (
        int(found) for found in re.findall(r"(\d+) (?:build|customer)", held_up.inner_text())
    )
    assert builds + lines == impact["numerator"]
    blocked = rows_of(page, "blocked", tmp_path)
    assert blocked["blocked_id"].nunique() == builds + lines

    since = rows_of(page, "since-review", tmp_path).set_index("metric").loc["First promises kept"]
    assert since["now_period"] == "15 May 2026 to 14 Jun 2026"
    month = ("--since", "2026-05-15", "--until", "2026-06-14")
    (lately,) = measured(warehouse, "promise_adherence_first", *month, *only)
    assert (since["now"], since["n"]) == pytest.approx((lately["value"], lately["n"]))

    for label, text in (
        ("Action", "Weekly call on open lines"),
        ("Owner", "Ada"),
        ("Written by", "Ben"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Written down.")).to_be_visible()
    settled(page)
    pack = printed(taken(page, button(page, "Pack for print (PDF)"), tmp_path).read_bytes)
    assert "Weekly call on open lines Ada 12 Jul 2026 open" in pack
    assert f"First promises kept {lately['value']:.1%}".replace("%", f" % {lately['n']}") in pack
    page.get_by_role("button", name="Close a review").click()
    write(page, "Closed by", "Ben")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("Last review: 14 Jun 2026.")).to_be_visible()
    keep(page, "morning-supplier-manager-3-agreed")


def overridden(warehouse: Path) -> None:
    """Keep three changes of mind of the spring, released then, of parts that come in weeks."""
    with closing(connect(warehouse)) as con:
        quick = con.execute(
            "SELECT * FROM marts.proposals WHERE kind = 'purchase' ORDER BY lead_days LIMIT 3"
        ).df()
    rows = quick.assign(proposal_id=[f"spring-{number}" for number in range(3)])
    told = rows.to_dict("records")
    entries = decisions.decided(
        told, decisions.CHANGED, "Ada", "half is enough",
        as_of=dt.date(2026, 4, 1), build_id=None, qty=10.0,
    )  # fmt: skip
    entries += decisions.seen(decisions.RELEASED, told, "Ada", None)
    with closing(Journal(journal_url(warehouse))) as journal:
        journal.append(entries)


def tick_first_row(page: Page) -> None:
    """Tick or untick the first proposal."""
    page.locator(".st-key-table-proposals").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    place = page.locator(".st-key-table-proposals canvas").first.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 15, place["y"] + 50)


def look_why(page: Page, why: str) -> None:
    """Tick the first row, read why it is proposed, and untick it."""
    tick_first_row(page)
    opened = page.locator(".st-key-proposal")
    expect(opened).to_contain_text(why)
    expect(opened).to_contain_text("chance of a shortage")
    settled(page)
    tick_first_row(page)
    expect(opened).to_have_count(0)


def ask_for_a_tenth_less(page: Page, folder: Path) -> None:
    """Set B to nine tenths of A's money and the same demand, and read what it costs in fill."""
    money = page.get_by_label(re.compile("^Money to hold"))
    tenth_less = round(0.9 * number(money.first.input_value()))
    for label, text in (("Money to hold", f"{tenth_less}"), ("Demand", "0")):
        field = page.get_by_label(re.compile(f"^{label}")).nth(1)
        field.fill(text)
        field.press("Enter")
        settled(page)
    said = page.get_by_text(re.compile("^B holds .* less than A; its expected fill by lines is"))
    assert re.search(r"is \d+\.\d pt lower$", said.inner_text())
    figures = rows_of(page, "what-if", folder).set_index("figure")
    stock = str(figures.loc["Stock to hold", "b"])
    held = number(stock) * (1000 if " M " in stock else 1)
    assert 0.97 * tenth_less < held < 1.003 * tenth_less  # written with three digits


def override(page: Page, qty: str, reason: str) -> None:
    """Change the quantity of the first open proposal, and say why."""
    settled(page)
    write(page, "Reason", reason)
    write(page, "Choose the first", "1")
    write(page, "Quantity instead", qty)
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_text("1 proposal changed.")).to_be_visible()


def test_the_planner_sees_what_is_new_why_what_less_money_does_decides_and_is_judged(
    page: Page, warehouse: Path, tmp_path: Path
) -> None:
    overridden(warehouse)
    go_to(page, "Choke points")
    keep(page, "morning-planner-1-choke-points")
    go_to(page, "Stock decisions")
    expect(page.get_by_text(f"{figure(page, 'Proposals open')} new on 14 Jun 2026")).to_be_visible()
    keep(page, "morning-planner-2-proposals")
    proposed = rows_of(page, "proposals", tmp_path)
    look_why(page, proposed["why"].iloc[0])
    follow(page, "What would other money or targets buy?", "What if")
    ask_for_a_tenth_less(page, tmp_path)
    keep(page, "morning-planner-3-a-tenth-less")

    go_to(page, "Stock decisions")
    write(page, "Your name", "Ada")
    write(page, "Choose the first", "40")
    page.get_by_role("button", name="Approve 40").click()
    expect(page.get_by_text("40 proposals approved.")).to_be_visible()
    for qty, reason in (("4", "shelf is full"), ("6", "half is enough"), ("8", "airline grows")):
        override(page, qty, reason)
    settled(page)
    keep(page, "morning-planner-4-decided")
    worth = page.get_by_text(re.compile(r"^43 approved purchases worth")).inner_text()
    rows = pd.read_csv(taken(page, button(page, "CSV"), tmp_path), dtype=str)
    assert list(rows.columns[:5]) == ["po_id", "line_no", "supplier_id", "item_id", "site_id"]
    wanted = dict(zip("SD-" + proposed["proposal_id"], proposed["qty"], strict=True))
    changed = dict(zip("SD-" + proposed["proposal_id"].iloc[40:43], (4, 6, 8), strict=True))
    ordered = dict(zip(rows["po_id"], rows["qty_ordered"].astype(float), strict=True))
    assert ordered == {name: (wanted | changed)[name] for name in list(wanted)[:43]}
    cost = (rows["qty_ordered"].astype(float) * rows["unit_price"].astype(float)).sum()
    assert formats.money(cost, "EUR") in worth

    judged = rows_of(page, "judged", tmp_path)
    assert list(judged["reason"]) == ["half is enough"] * 3
    total = float(judged["saved"].sum())
    came = f"{'saved' if total >= 0 else 'cost'} {formats.money(abs(total), 'EUR')} in margin"
    said = f"3 changes of mind judged by the demand that came: together they {came}"
    expect(page.get_by_text(said)).to_be_visible()
