"""The app in a server of its own, and pages of a real Chromium on it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests import small

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "artifacts" / "screenshots"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
Open = Callable[..., Page]

# A busy machine is slow, not wrong.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        chromium = launched(playwright)
        yield chromium
        chromium.close()


def launched(playwright: Playwright) -> Browser:
    """Chromium of the machine, else the one that playwright installed."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=found, args=FLAGS)


class Served(NamedTuple):
    """An app that runs."""

    address: str
    pid: int


@contextmanager
def serving(warehouse: Path) -> Iterator[str]:
    """Address of the app, serving a warehouse on a free port of loopback."""
    with served(warehouse) as app:
        yield app.address


@contextmanager
def served(warehouse: Path) -> Iterator[Served]:
    """The app, serving a warehouse on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "WAREHOUSE": str(warehouse)}
    environment.pop("SETTINGS", None)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(f"{address}/_stcore/health")
            yield Served(address, process.pid)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app, serving a small warehouse."""
    with serving(small.make(tmp_path_factory.mktemp("browser"))) as address:
        yield address


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[Open]:
    """Open a page and wait until it has been drawn; no request may leave loopback."""
    contexts = []

    def opened(path: str, *, width: int = 1440, theme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{server}/{path}")
        settled(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def settled(page: Page, *, pause: int = 400) -> None:
    """Wait until the page has a title, the server has nothing more to send, nothing is stale.

    A chart is drawn a moment after its data came; `pause` waits for that [ms].
    """
    page.wait_for_selector("h1", timeout=30_000)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-stale=true]')",
        timeout=30_000,
    )
    page.wait_for_timeout(pause)


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page under artifacts/, out of git."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(max(height, 900), 6000)})
    page.wait_for_timeout(900)
    page.screenshot(path=ARTIFACTS / f"{name}.png")
    page.set_viewport_size(size)
