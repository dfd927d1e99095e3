"""Rows of text to rows of a feed: accepted, or set aside with kind, column, value and reason.

Works inside DuckDB on the table `source` (`data.reading`). The table `outcome` holds every row
that is not accepted, once; the view `typed` holds the rest's values.
"""

import json
from dataclasses import dataclass

import pyarrow as pa

from data.contract import ORIGIN, PROVENANCE
from data.mapping import LeaveOut, Section
from data.reading.dialect import same
from data.reading.source import CELL_ERRORS, UNCALCULATED, Source, literal, name
from data.totals import REASON, Totals
from data.typing_sql import IS_MISSING, Check, checks, inside_sql, text_sql, typed_sql

SURPLUS = "reject_surplus"
"""Column of a downloaded reject for cells that no header stands over; ignored when loaded."""

PARQUET = (
    "FORMAT parquet, PARQUET_VERSION v2, CODEC 'zstd', COMPRESSION_LEVEL 1, "
    "DICTIONARY_SIZE_LIMIT 2000"
)
"""How rows are stored. A small limit spares building dictionaries of identifiers in vain: a third
of the time of writing order lines, and the file is no larger."""


@dataclass(frozen=True)
class Provenance:
    """Where rows come from: file name, load and time (UTC, ISO)."""

    file: str
    load_id: str
    loaded_at: str


class Conformed:
    """The rows of one file as rows of one feed.

    Parameters
    ----------
    source
        Rows of the file.
    section
        How they become rows of the feed; date formats are settled.

    Attributes
    ----------
    n_faults, n_duplicates, n_filtered
        Rows that are not accepted; with the accepted ones they add up to `source.rows_in`.
    """

    def __init__(self, source: Source, section: Section) -> None:
        self.source, self.section, self.feed = source, section, section.feed
        self.con = source.con
        self._file_columns = {
            wanted: f"c{there.index(same(wanted))}"
            for there in [[same(header) for header in source.header]]
            for wanted in section.mentioned.union(section.feed.names)
            if same(wanted) in there
        }
        self.con.execute(
            "CREATE OR REPLACE TABLE outcome (_row BIGINT, kind VARCHAR, column_name VARCHAR, "
            "value VARCHAR, reason VARCHAR, also VARCHAR)"
        )
        self._leave_out()
        self._type()
        self._set_faults_aside()
        self._set_repeats_aside()
        counted = self.con.execute("SELECT kind, count(*) FROM outcome GROUP BY kind").fetchall()
        counts = {str(kind): int(n) for kind, n in counted}
        self.n_faults = counts.get("fault", 0) + len(source.faults)
        self.n_duplicates = counts.get("duplicate", 0)
        self.n_filtered = counts.get("filtered", 0)

    @property
    def rows_rejected(self) -> int:
        """Rows that are not accepted."""
        return self.n_faults + self.n_duplicates + self.n_filtered

    def _leave_out(self) -> None:
        """Set aside what the mapping leaves out, and headers repeated inside the file."""
        header = [f"{self._cell(i)} = {literal(cell)}" for i, cell in enumerate(self.source.header)]
        rules = [("'repeats the header'", "NULL", "NULL", " AND ".join(header))]
        rules += [_left_out(rule, self._file_columns) for rule in self.section.leave_out]
        for reason, column, value, condition in rules:
            self.con.execute(
                f"INSERT INTO outcome SELECT rowid, 'filtered', {column}, {value}, {reason}, NULL "
                f"FROM source WHERE {condition} AND rowid NOT IN (SELECT _row FROM outcome)"
            )

    def _cell(self, i: int) -> str:
        return f"trim(c{i})" if self.source.has_padding else f"c{i}"

    def _type(self) -> None:
        texts, typed = [], []
        self._checks: list[Check] = []
        for column in self.feed.columns:
            rule, text = self.section.rule(column.name), name(f"x_{column.name}")
            if rule.how != "constant" and not set(rule.columns) <= self._file_columns.keys():
                texts.append(f"CAST(NULL AS VARCHAR) AS {text}")
                default = "NULL" if column.default is None else literal(column.default)
                typed.append(f"CAST({default} AS {column.sql_type}) AS {name(column.name)}")
                continue
            unit = name(f"u_{column.name}") if rule.units else None
            made = text_sql(column, rule, self.source, self._file_columns)
            if rule.unit_column:
                texts.append(f"trim({self._file_columns[rule.unit_column]}) AS {unit}")
            elif rule.unit_inside:
                made, inside = inside_sql(rule, made)
                texts.append(f"{inside} AS {unit}")
            texts.append(f"{made} AS {text}")
            checked = checks(column, rule, text, name(column.name), unit)
            if self.source.has_errors:
                checked.insert(0, _cell_error(column.name, text))
            strict = typed_sql(column, rule, text, unit)
            if not checked or self._is_clean(checked, texts[-2 if unit else -1 :], strict):
                trusted = typed_sql(column, rule, text, unit, is_clean=True)
                typed.append(f"{trusted} AS {name(column.name)}")
                continue
            typed.append(f"{strict} AS {name(column.name)}")
            self._checks += checked
        self._checks += [
            Check(rule.column, rule.broken_when, literal(rule.reason))
            for rule in self.feed.row_rules
        ]
        texts = [f"{self.source.line_sql} AS _line", f"{self._cell(0)} AS _first", *texts]
        texts += self._origin().values()
        self.con.execute(
            f"CREATE OR REPLACE VIEW texts AS SELECT rowid AS _row, {', '.join(texts)} FROM source"
        )
        self.con.execute(f"CREATE OR REPLACE VIEW typed AS SELECT *, {', '.join(typed)} FROM texts")

    def _origin(self) -> dict[str, str]:
        """Return SQL of where mended rows had been rejected; nothing where the file does not say.

        It tells rows without a key of their own from a second delivery, and what was mended.
        """
        header = [same(cell) for cell in self.source.header]
        named = dict(zip(ORIGIN, ("reject_file", "reject_line"), strict=True))
        if not set(map(same, named.values())) <= set(header):
            return {}
        return {
            column: f"try_cast(c{header.index(same(cell))} AS {ORIGIN[column]}) AS {column}"
            for column, cell in named.items()
        }

    def _is_clean(self, checked: list[Check], texts: list[str], strict: str) -> bool:
        """Whether no value of a column is refused: its different values are few, its rows many."""
        broken = " OR ".join(f"({check.broken_when})" for check in checked)
        values = f"SELECT DISTINCT {', '.join(texts)} FROM source"
        column = name(checked[0].column)
        if len(checked) == 1 and checked[0].reason == IS_MISSING:
            missing = f"SELECT 1 FROM (SELECT {texts[0]} FROM source) WHERE {broken} LIMIT 1"
            return not self.con.execute(missing).fetchall()
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE different AS {values}")
        found = self.con.execute(
            f"SELECT 1 FROM (SELECT *, {strict} AS {column} FROM different) WHERE {broken} LIMIT 1"
        ).fetchall()
        return not found

    def _kept(self) -> str:
        """Return SQL that leaves out what is set aside; nothing where nothing is."""
        n_aside = self.con.execute("SELECT count(*) FROM outcome").fetchall()[0][0]
        return "WHERE _row NOT IN (SELECT _row FROM outcome)" if n_aside else "WHERE TRUE"

    def _set_faults_aside(self) -> None:
        total = Totals(self.feed, self.source.header[0], self.source.n_rows)
        broken = [total.quick, *(check.broken_when for check in self._checks)]
        any_broken = " OR ".join(f"({condition})" for condition in broken)
        self.con.execute(
            "CREATE OR REPLACE TABLE broken AS "
            f"SELECT _row FROM typed {self._kept()} AND ({any_broken})"
        )
        if not self.con.execute("FROM broken LIMIT 1").fetchall():
            return
        is_total = f"{{'c': {total.column}, 'v': {total.value}, 'r': {literal(REASON)}}}"
        told = ", ".join(
            f"CASE WHEN {check.broken_when} THEN {{'c': {literal(check.column)}, "
            f"'v': {name('x_' + check.column)}, 'r': {check.reason}}} END"
            for check in self._checks
        )
        told = f"CASE WHEN {total.whole} THEN [{is_total}] ELSE [{told}] END"
        self.con.execute(
            f"""
            INSERT INTO outcome
            SELECT
                _row, 'fault', told[1].c, told[1].v, told[1].r,
                nullif(array_to_string(list_transform(
                    told[2:], lambda f: f.c || coalesce(' ''' || f.v || '''', '') || ' ' || f.r
                ), '; '), '')
            FROM (
                SELECT _row, list_filter({told}, lambda f: f IS NOT NULL) AS told
                FROM typed WHERE _row IN (SELECT _row FROM broken)
            )
            """
        )

    def _key_sql(self) -> list[str]:
        """Return SQL of what tells two rows apart: the key, or the alternate where it is blank."""
        key = [name(column) for column in self.feed.key]
        return key + [
            f"CASE WHEN {key[0]} IS NULL THEN {name(column)} END"
            for column in self.feed.alternate_key
        ]

    def _set_repeats_aside(self) -> None:
        """Set aside copies of a row, and rows whose key another row of the file has."""
        feed, key = self.feed, self._key_sql()
        kept, mark = self._kept(), f"hash({', '.join(key)})"
        self.con.execute(
            f"CREATE OR REPLACE TABLE marks AS SELECT {mark} AS mark FROM typed {kept} "
            "GROUP BY 1 HAVING count(*) > 1"
        )
        if not self.con.execute("SELECT count(*) FROM marks").fetchall()[0][0]:
            return
        raw = ", ".join(f"c{i}" for i in range(len(self.source.header)))
        whole = raw if feed.is_repeatable else ", ".join(name(column) for column in feed.names)
        parts = ", ".join(f"{sql} AS k{i}" for i, sql in enumerate(key))
        group = ", ".join(f"k{i}" for i in range(len(key)))
        label = literal(" + ".join(feed.key))
        if feed.alternate_key:
            other = literal(" + ".join(feed.alternate_key))
            label = f"CASE WHEN k0 IS NULL THEN {other} ELSE {label} END"
        unique = "TRUE"
        if feed.is_repeatable:
            unique = "k0 IS NOT NULL" if feed.alternate_key else "FALSE"
        copies = "FALSE" if self.section.keep_copies and feed.is_repeatable else "_line > same_line"
        order = "same_line DESC" if self.section.keep == "last" else "same_line"
        kind = "'fault'"
        said = "'has a key that is already on line ' || kept_line || ' with other values'"
        if self.section.keep:
            kind, said = "'duplicate'", "'the mapping keeps line ' || kept_line || ' of this key'"
        self.con.execute(
            f"""
            INSERT INTO outcome
            WITH twins AS (
                SELECT _row, _line, {parts}, CAST(row({whole}) AS VARCHAR) AS whole
                FROM typed JOIN (SELECT rowid AS _id, {raw} FROM source) ON _id = _row
                {kept} AND {mark} IN (SELECT mark FROM marks)
            ), seen AS (
                SELECT *, min(_line) OVER (PARTITION BY {group}, whole) AS same_line FROM twins
            ), ranked AS (
                SELECT *,
                    first_value(_line) OVER (PARTITION BY {group} ORDER BY {order}, _line)
                        AS kept_line
                FROM seen
            )
            SELECT
                _row,
                CASE WHEN {copies} THEN 'duplicate' ELSE {kind} END,
                {label}, concat_ws(', ', {group}),
                CASE WHEN {copies} THEN 'is the same as line ' || same_line ELSE {said} END,
                NULL
            FROM ranked
            WHERE {copies} OR ({unique} AND same_line <> kept_line)
            """
        )

    def accepted_sql(self, provenance: Provenance) -> str:
        """Return SQL of the accepted rows as they go into the lake."""
        columns = ", ".join([*map(name, self.feed.names), *self._origin()])
        return (
            f"SELECT {columns}, {literal(provenance.file)} AS {PROVENANCE[0]}, "
            f"CAST(_line AS BIGINT) AS {PROVENANCE[1]}, "
            f"{literal(provenance.load_id)} AS {PROVENANCE[2]}, "
            f"TIMESTAMP {literal(provenance.loaded_at)} AS {PROVENANCE[3]} "
            f"FROM typed {self._kept()}"
        )

    def rejects_sql(self, provenance: Provenance) -> str:
        """Return SQL of the rows that are not accepted, with the row as it stood in the file."""
        raw = ", ".join(f"{literal(cell)}, c{i}" for i, cell in enumerate(self.source.header))
        faults = [(f.line, f.reason, self._raw(f.cells)) for f in self.source.faults]
        lines, reasons, raws = zip(*faults, strict=True) if faults else ((), (), ())
        columns = {
            "_line": pa.array(lines, pa.int64()),
            "reason": pa.array(reasons, pa.string()),
            "raw": pa.array(raws, pa.string()),
        }
        self.con.register("faults", pa.table(columns))
        return (
            f"SELECT {literal(provenance.file)} AS _file, CAST(_line AS BIGINT) AS _line, "
            f"{literal(self.feed.name)} AS feed, kind, column_name, value, reason, also, raw, "
            f"{literal(provenance.load_id)} AS _load_id FROM ("
            "SELECT _line, kind, column_name, value, reason, also, raw "
            f"FROM outcome JOIN (SELECT rowid AS _id, {self.source.line_sql} AS _line, "
            f"CAST(json_object({raw}) AS VARCHAR) AS raw FROM source) ON _id = _row "
            "UNION ALL SELECT _line, 'fault', NULL, NULL, reason, NULL, raw FROM faults) "
            "ORDER BY _line"
        )

    def _raw(self, cells: list[str]) -> str:
        """Return a record that is no row as JSON: cells under their header, the rest apart."""
        told: dict[str, str | None] = dict.fromkeys(self.source.header)
        told |= dict(zip(self.source.header, cells, strict=False))
        if surplus := cells[len(self.source.header) :]:
            told[SURPLUS] = " | ".join(surplus)
        return json.dumps(told, ensure_ascii=False)


def _cell_error(column: str, text: str) -> Check:
    """Return the check for cells of a workbook that have no value."""
    listed = ", ".join(map(literal, sorted(CELL_ERRORS)))
    reason = (
        f"CASE WHEN {text} = {literal(UNCALCULATED)} THEN 'is a formula that was never calculated: "
        "open the workbook in Excel and save it' ELSE 'is an error of the workbook' END"
    )
    return Check(column, f"coalesce({text} IN ({listed}), FALSE)", reason)


def _left_out(rule: LeaveOut, file_columns: dict[str, str]) -> tuple[str, str, str, str]:
    """Return SQL of the reason, of the column and value shown, and of the condition."""

    def holds(column: str, texts: tuple[str, ...]) -> str:
        listed = ", ".join(literal(text) for text in texts)
        return f"coalesce(trim({file_columns[column]}), '') IN ({listed})"

    conditions = [holds(column, texts) for column, texts in rule.when.items()]
    conditions += [f"NOT {holds(column, texts)}" for column, texts in rule.unless.items()]
    first = next(iter([*rule.when, *rule.unless]))
    shown = (literal(first), f"trim({file_columns[first]})")
    return literal(rule.reason), *shown, " AND ".join(conditions)
