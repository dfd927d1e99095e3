"""Which formats the dates of a whole column have, where the mapping does not say.

ISO is taken as it is. Another format is taken only if the column proves it: day-first or
month-first needs a value above 12, and a column that proves both or neither refuses the file.
"""

from dataclasses import replace

from data.errors import UserError
from data.mapping import ColumnRule, Section
from data.reading.dialect import same
from data.reading.source import Source, literal
from data.suggesting.dates import read_dates
from data.typing_sql import text_sql

MOST_DATES = 60_000

_ISO = r"\d{4}-\d\d-\d\d.*"
_YEAR_DAY = r"\d{4}-(1[3-9]|2\d|3[01])-(0\d|1[0-2]).*"
_YEAR_MONTH = r"\d{4}-(0\d|1[0-2])-(1[3-9]|2\d|3[01]).*"
_YEAR_EITHER = r"\d{4}-(0\d|1[0-2])-(0\d|1[0-2]).*"
_YEAR_SAME = "|".join(rf"\d{{4}}-{n:02d}-{n:02d}.*" for n in range(1, 13))
_PLAIN: tuple[tuple[str, str], ...] = (
    (r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    (r"\d{4}\.\d{1,2}\.\d{1,2}", "%Y.%m.%d"),
    (r"(19|20|21)\d{6}", "%Y%m%d"),
    (r"\d{1,2}-[A-Za-z]{3}-\d{4}", "%d-%b-%Y"),
    (r"\d{1,2} [A-Za-z]{3} \d{4}", "%d %b %Y"),
)
_MARKS = (("/", "/"), (".", r"\."), ("-", "-"))


def settle_dates(source: Source, section: Section, file_name: str) -> Section:
    """Return the section with a format for every date column that is not in ISO dates.

    Raises
    ------
    UserError
        Where a column's dates could be day-first or month-first all through, or are both.
    """
    there = {same(header): f"c{i}" for i, header in enumerate(source.header)}
    rules: dict[str, ColumnRule] = dict(section.rules)
    for column in section.feed.columns:
        rule = section.rule(column.name)
        if column.kind != "date" or rule.formats or rule.timezone or rule.how != "column":
            continue
        if same(rule.columns[0]) not in there:
            continue
        text = text_sql(column, rule, source, {rule.columns[0]: there[same(rule.columns[0])]})
        where = f"{file_name}: {rule.columns[0]}"
        if found := _formats_of(source, text, where):
            rules[column.name] = replace(rule, formats=found)
            source.dialect[f"dates in {rule.columns[0]}"] = " or ".join(found)
    return replace(section, rules=rules)


def _formats_of(source: Source, text: str, where: str) -> tuple[str, ...]:
    """Return the format that most values have, then others; none where ISO or nothing is."""
    source.con.execute(
        f"CREATE OR REPLACE TEMP TABLE dates AS SELECT {text} AS x, count(*) AS n FROM source "
        "GROUP BY x HAVING x IS NOT NULL"
    )

    def fitting(pattern: str) -> int:
        matched = f"regexp_full_match(x, {literal(pattern)})"
        found = source.con.execute(f"SELECT sum(n) FROM dates WHERE {matched}").fetchall()
        return int(found[0][0] or 0)

    n_values = fitting(r"[\s\S]*")
    if not n_values:
        return ()
    if fitting(_ISO):
        n = fitting(_YEAR_DAY)
        if n and not fitting(_YEAR_MONTH) and fitting(_YEAR_EITHER) > fitting(_YEAR_SAME):
            raise UserError(
                f"{where} has {n} dates that can only be year, day, month; say in a mapping: "
                "formats = ['%Y-%d-%m']"
            )
        return ()
    patterns = [*_PLAIN, *((rf"\d{{1,2}}{m}\d{{1,2}}{m}(\d{{4}}|\d\d)", s) for s, m in _MARKS)]
    for pattern, meant in patterns:
        if 2 * fitting(pattern) > n_values:
            most = meant if "%" in meant else _order_of(source, pattern, meant, where)
            return (most, *(form for form in _proven(source) if form != most))
    return ()


def _proven(source: Source) -> tuple[str, ...]:
    """Return the formats of the column that can be read in one way only."""
    if source.con.execute("SELECT count(*) FROM dates").fetchall()[0][0] > MOST_DATES:
        return ()
    reading = read_dates(dict(source.con.execute("SELECT x, n FROM dates").fetchall()))
    return tuple(
        form
        for form in reading.formats
        if "%d" in form
        and "%y" not in form
        and "%z" not in form
        and not (set(form[2:3]) & {*reading.open_marks, *reading.contradictory_marks})
    )


def _order_of(source: Source, pattern: str, mark: str, where: str) -> str:
    """Decide between day-first and month-first by the values that only a day can have, 13 to 31."""
    parts = f"string_split(x, {literal(mark)})"
    found = source.con.execute(
        f"""
        SELECT
            coalesce(sum(n) FILTER (WHERE CAST({parts}[1] AS INTEGER) BETWEEN 13 AND 31), 0),
            coalesce(sum(n) FILTER (WHERE CAST({parts}[2] AS INTEGER) BETWEEN 13 AND 31), 0),
            coalesce(sum(n) FILTER (WHERE length({parts}[3]) = 2), 0), sum(n), min(x)
        FROM dates WHERE regexp_full_match(x, {literal(pattern)})
        """
    ).fetchall()
    n_day_first, n_month_first, n_short, n, example = found[0]
    day_first, month_first = f"%d{mark}%m{mark}%Y", f"%m{mark}%d{mark}%Y"
    ask = f"say which in a mapping: formats = ['{day_first}'] or ['{month_first}']"
    if n_short:
        raise UserError(
            f"{where} has {n_short} dates with two-digit years, such as {example!r}; "
            f"say in a mapping how to read them, such as formats = ['%d{mark}%m{mark}%y']"
        )
    if n_day_first and n_month_first:
        raise UserError(
            f"{where} has {n_day_first} dates that can only be day-first and {n_month_first} that "
            f"can only be month-first; {ask}"
        )
    if not n_day_first and not n_month_first:
        raise UserError(
            f"{where} could be day-first or month-first in all {n} values, such as {example!r}; "
            + ask
        )
    return day_first if n_day_first else month_first
