"""Parquet to rows of text."""

from pathlib import Path

import duckdb

from data.errors import UserError
from data.reading.source import Source, literal, name


def read_parquet(con: duckdb.DuckDBPyConnection, path: Path) -> Source:
    """Read a Parquet file into the table `source`, every value as text; a line is a row's number.

    Raises
    ------
    UserError
        Where the file is damaged.
    """
    file = literal(str(path))
    con.execute("SET TimeZone = 'UTC'")
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({file})").fetchall()
        header = [str(row[0]) for row in described]
        texts = ", ".join(
            f"{_text_sql(name(column), str(kind))} AS c{i}"
            for i, (column, kind, *_) in enumerate(described)
        )
        con.execute(f"CREATE TABLE source AS SELECT {texts} FROM read_parquet({file})")
    except duckdb.Error as failure:
        first_line = str(failure).splitlines()[0]
        raise UserError(f"{path.name} is not a readable Parquet file: {first_line}") from None
    (n_rows,) = con.execute("SELECT count(*) FROM source").fetchall()[0]
    words = frozenset(f"c{i}" for i, row in enumerate(described) if row[1] == "VARCHAR")
    told = {"format": "parquet"}
    return Source(con, header, "rowid + 1", n_rows, dialect=told, open_cells=words)


def _text_sql(column: str, kind: str) -> str:
    """Return SQL of a value's text.

    A whole number is written whole: a column of identifiers with a gap is one of floats. Others
    have the 15 digits that a float holds for certain, as cells of workbooks: 0.1 + 0.2 is 0.3.
    """
    if kind not in ("FLOAT", "DOUBLE"):
        return f"CAST({column} AS VARCHAR)"
    plain = f"format('{{:.15g}}', {column})" if kind == "DOUBLE" else f"CAST({column} AS VARCHAR)"
    return (
        f"CASE WHEN isnan({column}) THEN NULL "
        f"WHEN {column} = trunc({column}) AND abs({column}) < 1e15 "
        f"THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) "
        f"ELSE {plain} END"
    )
