"""Nothing undocumented: every command, option, setting, metric and feed column has its words."""

import re
from pathlib import Path

from data import definitions, feed_page
from tools import describe_commands

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PACKAGES = ("data", "forecasting", "ui", "sample_data")


def test_the_command_page_is_what_the_command_lines_say() -> None:
    assert (DOCS / "commands.md").read_text(encoding="utf-8") == describe_commands.as_markdown()


def test_every_command_and_argument_says_what_it_is_for() -> None:
    page = describe_commands.as_markdown()
    assert [line for line in page.splitlines() if line == "None" or line.endswith("|  |")] == []


def test_the_feed_page_is_what_the_contracts_say() -> None:
    assert (DOCS / "feeds.md").read_text(encoding="utf-8") == feed_page.as_markdown()


def test_the_metric_page_is_what_the_files_say() -> None:
    assert (DOCS / "metrics.md").read_text(encoding="utf-8") == definitions.as_markdown()


def test_every_setting_from_the_environment_is_in_the_operations_page() -> None:
    read = re.compile(r"""environ(?:\.get\(|\[)\s*["']([A-Z_]+)|^SETTING\w* = "([A-Z_]+)\"""", re.M)
    names = {
        found[0] or found[1]
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for found in read.findall(path.read_text(encoding="utf-8"))
    }
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_links_between_the_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in [ROOT / "README.md", *DOCS.glob("*.md"), ROOT / "sample_data" / "README.md"]
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_decision_has_an_id_of_its_own() -> None:
    text = (DOCS / "decisions.md").read_text(encoding="utf-8")
    ids = re.findall(r"^\| (\w+) \|", text, re.M)
    assert len(ids) > 1
    assert sorted({name for name in ids if ids.count(name) > 1}) == []
