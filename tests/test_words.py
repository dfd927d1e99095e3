"""One word for one thing: what stands on pages, in exports and in the docs follows the glossary."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEVER = {
    r"\bvendors?\b": "supplier",
    r"\bpurchase lines?\b": "PO line",
    r"\blocations?\b(?! [/~])": "site",
    r"\bSKUs?\b": "item",
    r"\bstockouts?\b": "stock-out",
    r"\bfillrates?\b": "fill rate",
    r"\bas-of day\b": "as-of date",
    r"\b(delivery|due) day\b": "due date",
}
"""Words that must not be read, and the word of the glossary that stands for them."""
HEADINGS = {
    "item_id": {"Item"},
    "site_id": {"Site", "Store"},
    "customer_id": {"Customer"},
    "supplier_id": {"Supplier", "From"},
    "order_line_id": {"Order line"},
    "po_line_id": {"PO line", "By PO line"},
    "item_family": {"Family"},
    "due_date": {"Due"},
    "need_date": {"Needed"},
    "stated_promised_date": {"Last promise"},
    "first_promised_date": {"First promise"},
    "status": {"Status"},
    "state": {"Status"},
    "decision": {"Status", "Decision"},
    "qty_missed": {"Missed units"},
    "qty_ordered": {"Ordered"},
}
"""Column, and how tables may head it."""
PARTS_OF_BUILDS = {"engine.py", "tracing.py"}
"""Where an item is a part of a build, and is called so."""
WRITTEN = ("README.md", "docs/*.md", "data/sql/metrics/*.sql")
QUOTES = {"decisions.md", "mappings.md", "onboarding.md"}
"""Pages that quote what clients write, or what was once decided."""


def code() -> list[Path]:
    return [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "ui").rglob("*.py")]


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a module that is no docstring, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(first.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for first in node.body[:1]
        if isinstance(first, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def test_no_page_export_or_document_has_a_second_word_for_a_thing() -> None:
    texts = [(path, line, text) for path in code() for line, text in strings(path)]
    texts += [
        (path, number, line)
        for pattern in WRITTEN
        for path in sorted(ROOT.glob(pattern))
        if path.name not in QUOTES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]
    assert len(texts) > 3000
    assert [
        f"{path.relative_to(ROOT)}:{line}: {found[0]!r}, the word is {word!r}"
        for path, line, text in texts
        for wrong, word in NEVER.items()
        if (found := re.search(wrong, text, re.IGNORECASE))
    ] == []


def test_a_column_is_headed_by_one_word_on_every_page() -> None:
    headed = [
        (path, node.lineno, *(ast.literal_eval(argument) for argument in node.args[:2]))
        for path in code()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "show.Column"
        and all(isinstance(argument, ast.Constant) for argument in node.args[:2])
    ]
    assert len(headed) > 250
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {column} is headed {label!r}"
        for path, line, column, label in headed
        if label not in HEADINGS.get(column, {label})
        and not (column == "item_id" and label == "Part" and path.name in PARTS_OF_BUILDS)
    ]
    assert wrong == []


def test_every_word_that_stands_for_others_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    missing = {
        word for word in NEVER.values() if word != "stock-out" and f"| {word}" not in glossary
    }
    assert missing == set()
