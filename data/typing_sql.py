"""SQL that makes typed columns out of text, and says of each value that it refuses why.

Nothing is guessed here: a value is accepted only where its whole text is what the contract or the
mapping expects.
"""

import re
from dataclasses import dataclass, replace

from data.contract import Column
from data.mapping import ColumnRule
from data.reading.source import Source, literal

FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"
MOST_DECIMALS = 4
IS_MISSING = "'is missing'"

_ZONE = r"(Z|[+-]\d\d(:?\d\d)?)"
_ISO_INSTANT = rf"\d{{4}}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{{1,6}})?)?{_ZONE}?)?"
_HOURS = "%[-]?[HIcTXs]"
_NOON = "INTERVAL 12 HOUR"
_ISO_MIDNIGHT = r"\d{4}-\d\d-\d\d[ T]00:00(:00(\.0+)?)?"
_AFFIXED = r"([^\d+\-.,]*)([+-]?[\d.,''\s]*\d-?)\s*([^\d]*)"
EXCEL = "excel"
_SERIAL = r"\d{2,6}(\.\d+)?"
_FIRST_SERIAL = 61
"""1900-03-01: before it Excel counts a 29th of February that was none."""
_TRUE, _FALSE = "('true', 't', 'yes', 'y', '1')", "('false', 'f', 'no', 'n', '0')"


@dataclass(frozen=True)
class Check:
    """A reason for which a value is refused.

    Parameters
    ----------
    column
        Column of the feed.
    broken_when
        SQL, true or false, never NULL.
    reason
        SQL of what the reject says.
    """

    column: str
    broken_when: str
    reason: str


def text_sql(column: Column, rule: ColumnRule, source: Source, file_columns: dict[str, str]) -> str:
    """Return SQL of the text of a column of the feed, NULL where there is none.

    Parameters
    ----------
    column, rule
        What is wanted and how it is made.
    source
        The file's rows.
    file_columns
        Name in the mapping -> internal name in `source`.
    """

    def cut(file_column: str) -> str:
        cell = file_columns[file_column]
        if source.has_padding:
            cell = f"nullif(trim({cell}, ' \t\u00a0\r\n'), '')"
        if rule.missing:
            cell = f"CASE WHEN {cell} NOT IN ({_list(rule.missing)}) THEN {cell} END"
        if (width := rule.zeros.get(file_column)) is not None:
            padded = f"lpad({cell}, {width}, '0')"
            cell = f"CASE WHEN length({cell}) < {width} THEN {padded} ELSE {cell} END"
        return cell

    if rule.how == "constant":
        made = literal(rule.constant or "")
    elif rule.how == "join":
        made = f" || {literal(rule.separator)} || ".join(cut(part) for part in rule.columns)
    elif rule.how == "first_of":
        made = f"coalesce({', '.join(cut(part) for part in rule.columns)})"
    else:
        made = cut(rule.columns[0])
    if rule.codes:
        pairs = " ".join(f"WHEN {literal(a)} THEN {literal(b)}" for a, b in rule.codes.items())
        other = literal(rule.other) if rule.other is not None else made
        made = f"CASE {made} {pairs} ELSE CASE WHEN {made} IS NULL THEN NULL ELSE {other} END END"
    if rule.trailing_minus and not rule.unit_inside:
        made = _minus_first(made)
    blank = rule.blank if rule.blank is not None else column.default
    return f"coalesce({made}, {literal(blank)})" if blank is not None else made


def _minus_first(number: str) -> str:
    return f"CASE WHEN {number} LIKE '%-' THEN '-' || left({number}, -1) ELSE {number} END"


def inside_sql(rule: ColumnRule, text: str) -> tuple[str, str]:
    """Return SQL of the number and of the unit in a text; a text without a number stays whole."""

    def part(group: int) -> str:
        return f"trim(regexp_extract({text}, '^{_AFFIXED}$', {group}))"

    is_number = f"regexp_full_match({text}, '{_AFFIXED}')"
    number = f"CASE WHEN {is_number} THEN {part(2)} ELSE {text} END"
    if rule.trailing_minus:
        number = f"CASE WHEN {is_number} THEN {_minus_first(part(2))} ELSE {text} END"
    return number, f"{part(1)} || {part(3)}"


def typed_sql(
    column: Column,
    rule: ColumnRule,
    text: str,
    unit: str | None = None,
    *,
    is_clean: bool = False,
) -> str:
    """Return SQL of the typed value of a text, NULL where the text is none of the kind.

    Parameters
    ----------
    column, rule, text
        What is wanted, how it is made, SQL of the text.
    unit
        SQL of the row's unit, where the rule has factors for units.
    is_clean
        Whether every value is known to be good, so that it need not be looked at again.
    """
    if is_clean and column.kind == "date" and not (rule.formats or rule.timezone):
        return f"CAST(left({text}, 10) AS DATE)"
    if column.kind == "date":
        return _date_sql(rule, text)
    if column.kind == "instant":
        return _instant_sql(rule, text)
    if column.is_number:
        number = _number_sql(column, rule, text, unit)
        return (
            number if is_clean else f"CASE WHEN {_is_number(column, rule, text)} THEN {number} END"
        )
    if column.kind == "flag":
        return (
            f"CASE WHEN lower({text}) IN {_TRUE} THEN TRUE "
            f"WHEN lower({text}) IN {_FALSE} THEN FALSE END"
        )
    return f"lower({text})" if column.allowed else text


def checks(
    column: Column, rule: ColumnRule, text: str, typed: str, unit: str | None = None
) -> list[Check]:
    """Return the reasons for which a value of the column is refused, the first first."""
    found = []
    if unit:
        known = f"coalesce({unit} IN ({_list(tuple(rule.units))}), FALSE)"
        shown = f"coalesce(chr(39) || {unit} || chr(39), '(none)')"
        reason = f"'has the unit ' || {shown} || ', which is not in the units of the mapping'"
        found.append(Check(column.name, f"{text} IS NOT NULL AND NOT {known}", reason))
    if column.required:
        found.append(Check(column.name, f"{text} IS NULL", IS_MISSING))
    if column.allowed:
        allowed = f"{typed} NOT IN ({_list(column.allowed)})"
        reason = f"is not one of {', '.join(column.allowed)}"
        found.append(Check(column.name, f"coalesce({allowed}, FALSE)", literal(reason)))
    elif rule.codes and rule.other is None:
        known = f"{text} NOT IN ({_list((*rule.codes.values(), *_blank(rule)))})"
        reason = "is not in the mapping's codes"
        found.append(Check(column.name, f"coalesce({known}, FALSE)", literal(reason)))
    if column.kind in ("date", "instant", "flag") or column.is_number:
        broken = f"{text} IS NOT NULL AND {typed} IS NULL"
        found.append(Check(column.name, broken, _reason_sql(column, rule, text)))
    if column.is_number and column.minimum is not None:
        below = f"coalesce({typed} < {column.minimum}, FALSE)"
        reason = column.below or f"is below {column.minimum}"
        found.append(Check(column.name, below, literal(reason)))
    return found


def _blank(rule: ColumnRule) -> tuple[str, ...]:
    return (rule.blank,) if rule.blank is not None else ()


def _date_sql(rule: ColumnRule, text: str) -> str:
    if rule.formats:
        parsed = f"CAST({_strptime_sql(rule, text)} AS DATE)"
    elif rule.timezone:
        parsed = f"CAST({_local_sql(rule, text)} AS DATE)"
    else:
        parsed = (
            f"CASE WHEN {text} LIKE '____-__-__' THEN try_cast({text} AS DATE) "
            f"WHEN regexp_full_match({text}, '{_ISO_MIDNIGHT}') "
            f"THEN try_cast(left({text}, 10) AS DATE) END"
        )
    return _within(parsed, "DATE")


def _strptime_sql(rule: ColumnRule, text: str) -> str:
    """Return SQL of a text in one of the formats; Excel's serial numbers are one."""
    written = tuple(one for one in rule.formats if one != EXCEL)
    parsed = f"try_strptime({text}, [{_list(written)}])" if written else "CAST(NULL AS TIMESTAMP)"
    if EXCEL not in rule.formats:
        return parsed
    serial = f"try_cast({text} AS DOUBLE)"
    return (
        f"coalesce({parsed}, CASE WHEN regexp_full_match({text}, '{_SERIAL}') "
        f"AND {serial} >= {_FIRST_SERIAL} THEN TIMESTAMP '1899-12-30' "
        f"+ to_seconds(CAST(round({serial} * 86400) AS BIGINT)) END)"
    )


def _local_sql(rule: ColumnRule, text: str) -> str:
    """Return SQL of the local time of an ISO point in time; one without a zone is local."""
    zone = literal(rule.timezone or "UTC")
    return (
        f"CASE WHEN regexp_full_match({text}, '{_ISO_INSTANT}') THEN "
        f"CASE WHEN regexp_matches({text}, ':.*{_ZONE}$') "
        f"THEN timezone({zone}, try_cast({text} AS TIMESTAMPTZ)) "
        f"ELSE try_cast({text} AS TIMESTAMP) END END"
    )


def _instant_sql(rule: ColumnRule, text: str) -> str:
    """Return SQL of a point in time, in UTC.

    A day without a time of day is its noon in UTC, whatever the zone: noon lies on the same local
    day from 11 hours behind UTC to 11 ahead, and midnight would be the day before in America.
    """

    def in_utc(local: str) -> str:
        if not rule.timezone:
            return local
        return f"timezone('UTC', timezone({literal(rule.timezone)}, {local}))"

    if rule.formats:
        timed = tuple(one for one in rule.formats if one == EXCEL or re.search(_HOURS, one))
        days = tuple(one for one in rule.formats if one not in timed)
        read = [in_utc(_strptime_sql(replace(rule, formats=timed), text))] if timed else []
        if days:
            read.append(f"{_strptime_sql(replace(rule, formats=days), text)} + {_NOON}")
        return _within(f"coalesce({', '.join(read)})", "TIMESTAMP")
    zoned = f"timezone('UTC', try_cast({text} AS TIMESTAMPTZ))"
    parsed = (
        f"CASE WHEN regexp_full_match({text}, '{_ISO_INSTANT}') THEN "
        f"CASE WHEN length({text}) = 10 THEN try_cast({text} AS DATE) + {_NOON} "
        f"WHEN regexp_matches({text}, ':.*{_ZONE}$') THEN {zoned} "
        f"ELSE {in_utc(f'try_cast({text} AS TIMESTAMP)')} END END"
    )
    return _within(parsed, "TIMESTAMP")


def _within(parsed: str, sql_type: str) -> str:
    """Return the value only where its year is believable: 9999-12-31 is a placeholder."""
    return (
        f"CASE WHEN {parsed} BETWEEN {sql_type} '{FIRST_DAY}' AND {sql_type} '{LAST_DAY}' "
        f"THEN {parsed} END"
    )


def number_pattern(rule: ColumnRule, n_decimals: int = MOST_DECIMALS) -> str:
    """Return the regular expression of a number with the rule's marks."""
    point = _escaped(rule.decimal)
    fraction = rf"({point}\d{{1,{n_decimals}}}0*)?"
    whole = r"\d{1,14}"
    if rule.thousands:
        whole = rf"(\d{{1,14}}|\d{{1,3}}({_escaped(rule.thousands)}\d{{3}}){{1,4}})"
    if not n_decimals:
        return rf"[+-]?{whole}({point}0*)?"
    bare = rf"|{point}\d{{1,{n_decimals}}}0*" if n_decimals else ""
    return rf"[+-]?({whole}{fraction}{bare})"


def _number_sql(column: Column, rule: ColumnRule, text: str, unit: str | None) -> str:
    plain = text
    if rule.thousands:
        plain = f"replace({plain}, {literal(rule.thousands)}, '')"
    if rule.decimal != ".":
        plain = f"replace({plain}, {literal(rule.decimal)}, '.')"
    number = f"try_cast({plain} AS DECIMAL(18,4))"
    factors = [rule.factor] if rule.factor else []
    if unit:
        cases = " ".join(f"WHEN {literal(a)} THEN {b}" for a, b in rule.units.items())
        factors.append(f"CASE {unit} {cases} END")
    for factor in factors:
        number = f"try_cast({number} * {factor} AS DECIMAL(18,4))"
    if column.kind == "days":
        number = f"try_cast({number} AS INTEGER)"
    return number


def _is_number(column: Column, rule: ColumnRule, text: str) -> str:
    is_whole = rule.whole or column.kind == "days"
    pattern = literal(number_pattern(rule, 0 if is_whole else MOST_DECIMALS))
    return f"regexp_full_match({text}, {pattern})"


def _reason_sql(column: Column, rule: ColumnRule, text: str) -> str:
    if column.kind in ("date", "instant"):
        kind = "a date" if column.kind == "date" else "a point in time"
        plain = "YYYY-MM-DD" + ("" if column.kind == "date" else " HH:MM:SS")
        expected = " or ".join(rule.formats) or plain
        far = f"regexp_full_match({text}, '{_ISO_INSTANT}') AND try_cast(left({text}, 10) AS DATE)"
        said = (
            f"CASE WHEN {far} NOT BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY}' "
            f"THEN 'is outside {FIRST_DAY} to {LAST_DAY}: a placeholder?' "
        )
        if column.kind == "date":
            timed = f"{far} IS NOT NULL AND NOT regexp_full_match({text}, '{_ISO_MIDNIGHT}')"
            said += f"WHEN length({text}) > 10 AND {timed} THEN 'has a time of day "
            said += "where a local date is expected (YYYY-MM-DD)' "
        return said + f"ELSE {literal(f'is not {kind} (expected {expected})')} END"
    if column.kind == "flag":
        return "'is neither true nor false'"
    is_whole = rule.whole or column.kind == "days"
    unlimited = literal(number_pattern(rule, 99))
    limit = "is not a whole number" if is_whole else f"has more than {MOST_DECIMALS} decimals"
    marks = f"digits with {rule.decimal!r} for decimals" + (
        f" and {rule.thousands!r} for thousands" if rule.thousands else ""
    )
    return (
        f"CASE WHEN regexp_full_match({text}, {unlimited}) THEN {literal(limit)} "
        f"ELSE {literal(f'is not a number (expected {marks})')} END"
    )


def _escaped(mark: str) -> str:
    return "\\" + mark if mark in ".^$*+?()[]{}|\\" else mark


def _list(texts: tuple[str, ...]) -> str:
    return ", ".join(literal(one) for one in texts)
