"""What a person's hand does on a page, and what the command line says of the same data."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, settled
from ui import formats


def run(warehouse: Path, package: str, *arguments: str) -> str:
    """Run one command as a process of its own, as people do; return what it says."""
    command = [sys.executable, "-m", package, *arguments, "--warehouse", str(warehouse)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def measured(warehouse: Path, metric: str, *options: str) -> list[dict[str, Any]]:
    """What `python -m data measure` answers."""
    return list(json.loads(run(warehouse, "data", "measure", metric, *options, "--json")))


def read(row: dict[str, Any]) -> str:
    """A measured share as pages write it."""
    return formats.rate(row["value"], row["n"])


def taken(page: Page, button: Locator, folder: Path) -> Path:
    """Download what a button offers."""
    with page.expect_download() as download:
        button.click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def rows_of(page: Page, table: str, folder: Path) -> pd.DataFrame:
    """The rows of a table or chart, as its download holds them."""
    opener = page.locator(f".st-key-download-{table} button").first
    opener.click()
    offered = page.get_by_test_id("stPopoverBody").get_by_role("button", name="CSV", exact=True)
    file = taken(page, offered, folder)
    opener.click()
    expect(offered).to_have_count(0)
    return pd.read_csv(file)


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


def button(page: Page, name: str) -> Locator:
    """The button of this name."""
    return page.get_by_role("button", name=name, exact=True)
