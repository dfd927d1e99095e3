"""The SQL files: all in the ordered lists, all in the subset that means the same on Spark."""

import re

import pytest
import sqlglot

from data import definitions, steps
from data.metrics import catalogue

FILES = sorted(steps.SQL.glob("*/*.sql"))

NOT_ALLOWED: dict[str, str] = {
    # Each comes out of the transpile with another meaning, or not at all, without an error.
    "ASOF JOIN": r"\bASOF\b",
    "GROUP BY ALL": r"\bGROUP\s+BY\s+ALL\b",
    "ORDER BY ALL": r"\bORDER\s+BY\s+ALL\b",
    "positional GROUP BY": r"\bGROUP\s+BY\s+\d",
    "positional ORDER BY": r"\bORDER\s+BY\s+\d",
    "quantiles": r"\b(quantile\w*|median|percentile\w*|approx_quantile)\s*\(",
    "day of the week": r"\b(isodow|dayofweek|weekday|dow)\b",
    "positional or natural joins": r"\b(POSITIONAL|NATURAL)\s+JOIN\b",
    "column patterns": r"\bCOLUMNS\s*\(|\bEXCLUDE\s*\(|\bREPLACE\s*\(",
    "DuckDB macros": r"\bCREATE\s+(OR\s+REPLACE\s+)?MACRO\b",
    "integer division": r"//",
    "what depends on the order of rows": r"\b(first|last|any_value|arbitrary)\s*\(",
    "files": r"\bread_(csv|parquet|json)\w*\s*\(|\bCOPY\b",
}


def _code(text: str) -> str:
    return "\n".join(line.split("--", 1)[0] for line in text.splitlines())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_transpiles_to_spark_and_uses_nothing_that_changes_its_meaning(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text(encoding="utf-8")
    found = [name for name, sign in NOT_ALLOWED.items() if re.search(sign, _code(text), re.I)]
    assert found == []
    spark = sqlglot.transpile(
        text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    statements = [one for one in spark if sqlglot.parse(one, read="spark") != [None]]
    assert len([one for one in statements if not re.fullmatch(r"(?s)\s*/\*.*\*/\s*", one)]) == 1


@pytest.mark.parametrize(
    ("duckdb", "spark"),
    [
        (
            "SELECT CAST((a AT TIME ZONE 'UTC') AT TIME ZONE zone AS DATE) FROM t",
            "SELECT CAST(FROM_UTC_TIMESTAMP((FROM_UTC_TIMESTAMP(a, 'UTC')), zone) AS DATE) FROM t",
        ),
        ("SELECT sum(a) FILTER (WHERE b) FROM t", "SELECT SUM(a) FILTER(WHERE b) FROM t"),
        (
            "SELECT max_by(a, b) FILTER (WHERE NOT c) FROM t",
            "SELECT MAX_BY(a, b) FILTER(WHERE NOT c) FROM t",
        ),
        (
            "SELECT date_diff('day', a, b) FROM t",
            "SELECT DATEDIFF(DAY, CAST(a AS DATE), CAST(b AS DATE)) FROM t",
        ),
        ("SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a NULLS LAST"),
        ("SELECT bool_or(a), count_if(a) FROM t", "SELECT BOOL_OR(a), COUNT_IF(a) FROM t"),
    ],
)
def test_what_we_use_for_its_meaning_keeps_it(duckdb: str, spark: str) -> None:
    assert _flat(sqlglot.transpile(duckdb, read="duckdb", write="spark")[0]) == _flat(spark)


def _flat(text: str) -> str:
    """Leave out casts to DATE around columns, which some versions write and some do not."""
    return re.sub(r"CAST\((\w) AS DATE\)", r"\1", text)


def test_day_of_the_week_would_change_its_meaning_on_spark() -> None:
    # Monday is 1 here and (2 % 7) + 1 = 3 there: why it is not allowed above.
    assert "DAYOFWEEK" in sqlglot.transpile("SELECT isodow(a)", read="duckdb", write="spark")[0]


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("staging", steps.STAGING),
        ("marts", steps.PARTNERS + steps.MARTS),
        ("checks", steps.CHECKS),
        ("metrics", steps.METRICS),
    ],
)
def test_every_file_has_its_place_in_the_build(folder: str, names: tuple[str, ...]) -> None:
    assert sorted(names) == sorted(path.stem for path in (steps.SQL / folder).glob("*.sql"))
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_is_short_and_says_what_it_holds(path) -> None:  # type: ignore[no-untyped-def]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("--")
    assert len(lines) <= {"metrics": 40, "marts": 90}.get(path.parent.name, 60)
    assert max(len(line) for line in lines) <= 130


@pytest.mark.parametrize("name", steps.METRICS)
def test_a_metric_says_what_it_is(name: str) -> None:
    metric = catalogue()[name]
    assert metric.metric == name
    assert metric.better in ("higher", "lower")
    assert metric.kind in ("share", "ratio", "curve", "distribution")
    assert set(metric.always) <= set(metric.dimensions)
    assert len(metric.description) > 80
    assert metric.description.endswith(".")


def test_the_definitions_page_says_what_the_files_say() -> None:
    page = steps.SQL.parents[1] / "docs" / "metrics.md"
    assert page.read_text(encoding="utf-8") == definitions.as_markdown(), (
        "run `python -m data metrics --markdown > docs/metrics.md`"
    )
