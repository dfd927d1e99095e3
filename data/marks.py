"""What could be read in two ways or lost: marks in numbers, unnamed columns, placeholders."""

from collections.abc import Sequence
from dataclasses import replace

from data.errors import UserError
from data.mapping import Section
from data.reading.dialect import same
from data.reading.source import Source, literal
from data.typing_sql import inside_sql, text_sql

_OPEN = r"[+-]?[1-9]\d{0,2}\.\d{3}"
_PROOF = r"[+-]?(\d{4,}(\.\d*)?|0\d*\.\d+|\d{1,3}\.(\d{1,2}|\d{4,})|\.\d+)"
"""A decimal point: not three digits behind it, or before it what no group of thousands is. A whole
number of four digits without a mark is a proof too, for its column: thousands have none there."""

_COMMA = r"[+-]?(\d*,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|\d{1,3}(\.\d{3})+,\d*|\d{1,3}(\.\d{3}){2,})"
"""A decimal comma or dots between thousands: no other reading makes a number of it."""
_POINT = r"[+-]?(\d*\.(\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+)"
"""A decimal point that stands there."""

MOST_SHOWN = 5


def require_one_reading(source: Source, sections: Sequence[Section], file_name: str) -> None:
    """Refuse numbers that all look like 1.234, which may be 1234, and numbers with decimal commas.

    Each column has to prove its own decimal point. A comma where points are proven and nothing is
    open is a fault of its row.

    Raises
    ------
    UserError
        Where nothing in the column and no mapping decides, naming the key that does.
    """
    open_columns: list[tuple[str, int, str]] = []
    has_open = has_point = False
    comma: tuple[str, str] | None = None
    for text, label in _number_texts(source, sections):
        n_open, n_proof, example, n_point, written = source.con.execute(
            f"""
            SELECT count_if(regexp_full_match(x, {literal(_OPEN)})),
                count_if(regexp_full_match(x, {literal(_PROOF)})),
                min(x) FILTER (WHERE regexp_full_match(x, {literal(_OPEN)})),
                count_if(regexp_full_match(x, {literal(_POINT)})),
                min(x) FILTER (WHERE regexp_full_match(x, {literal(_COMMA)}))
            FROM (SELECT DISTINCT {text} AS x FROM source)
            """
        ).fetchall()[0]
        has_open, has_point = has_open or bool(n_open), has_point or bool(n_point)
        comma = comma or ((label, written) if written else None)
        if n_open and not n_proof:
            open_columns.append((label, n_open, example))
    if comma and (has_open or not has_point):
        raise UserError(
            f"{file_name}: {comma[0]} has decimal commas or dots between thousands, such as "
            f"{comma[1]!r}; say in a mapping: decimal = ',' and thousands = '.'"
        )
    if open_columns:
        label, _, example = open_columns[0]
        raise UserError(
            f"{file_name}: {label} could have decimals or thousands in all its values, such as "
            f"{example!r}; say in a mapping: decimal = '.' or thousands = '.'"
        )


def _number_texts(source: Source, sections: Sequence[Section]) -> list[tuple[str, str]]:
    """Return SQL and name of the columns of numbers whose marks the mapping does not say."""
    there = {same(header): f"c{i}" for i, header in enumerate(source.header)}
    found = []
    for section in sections:
        for column in section.feed.columns:
            rule = section.rule(column.name)
            cells = {one: there[same(one)] for one in rule.columns if same(one) in there}
            if not column.is_number or rule.has_marks or len(cells) < len(rule.columns):
                continue
            if source.open_cells is not None and not source.open_cells & set(cells.values()):
                continue
            if not cells:
                continue
            made = text_sql(column, replace(rule, blank=None), source, cells)
            made = inside_sql(rule, made)[0] if rule.unit_inside else made
            found.append((made, rule.columns[0]))
    return found


def require_names(source: Source, file_name: str) -> None:
    """Refuse values in a column that has no name: nothing would read them.

    Raises
    ------
    UserError
        Naming the first such column and a value of it.
    """
    for i, header in enumerate(source.header):
        if header.strip():
            continue
        found = source.con.execute(
            f"SELECT min(c{i}) FROM source WHERE trim(c{i}) <> ''"
        ).fetchall()[0][0]
        if found is not None:
            raise UserError(
                f"{file_name}: column {i + 1} has no name and holds values, such as {found!r}; "
                "name it, or let a mapping ignore it (other_columns = 'ignore')"
            )


def count_missing(source: Source, sections: Sequence[Section]) -> None:
    """Put into the dialect how often each text that stands for nothing stood there."""
    there = {same(header): f"c{i}" for i, header in enumerate(source.header)}
    for section in sections:
        for rule in section.rules.values():
            cells = [there[same(name)] for name in rule.columns if same(name) in there]
            if not rule.missing or not cells:
                continue
            listed = ", ".join(literal(one) for one in rule.missing)
            for name, cell in zip(rule.columns, cells, strict=False):
                counts = source.con.execute(
                    f"SELECT trim({cell}) AS x, count(*) FROM source WHERE x IN ({listed}) "
                    f"GROUP BY x ORDER BY count(*) DESC, x LIMIT {MOST_SHOWN}"
                ).fetchall()
                if counts:
                    said = ", ".join(f"{n:,} x {text!r}" for text, n in counts)
                    source.dialect[f"missing in {name}"] = said
