"""Who may import whom: the arrows between the packages point one way."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FORBIDDEN = {
    "app.py": {"data", "forecasting", "duckdb", "pandas", "sample_data"},
    "pages": {"data", "forecasting", "duckdb", "sample_data"},
    "ui": {"duckdb", "sample_data"},
    "data": {"streamlit", "ui", "forecasting", "pages", "app", "altair"},
    "forecasting": {"streamlit", "ui", "pages", "app", "altair", "duckdb"},
    "sample_data": {"streamlit", "ui", "pages", "app", "altair"},
}


def imports(path: Path) -> set[str]:
    """Top-level packages that a module imports, wherever in the module the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


def modules(place: str) -> list[Path]:
    """Every Python file of a package, or the one file."""
    path = ROOT / place
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


@pytest.mark.parametrize("place", FORBIDDEN)
def test_imports_point_downwards_only(place: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(imports(path) & FORBIDDEN[place])
        for path in modules(place)
        if imports(path) & FORBIDDEN[place]
    }
    assert wrong == {}


def test_only_the_forecasting_commands_read_the_warehouse() -> None:
    readers = {
        str(path.relative_to(ROOT)) for path in modules("forecasting") if "data" in imports(path)
    }
    outside = {
        name
        for name in readers
        if not name.startswith(("forecasting/commands/", "forecasting/__main__"))
    }
    assert outside == set()


def test_no_page_switches_off_escaping() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for place in ("app.py", "pages", "ui")
        for path in modules(place)
        if any(
            isinstance(node, ast.keyword)
            and node.arg in {"unsafe_allow_html", "unsafe_allow_javascript"}
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert offenders == []
