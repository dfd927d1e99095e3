"""A file's rows as text in DuckDB, each with its physical line, and what could not be a row."""

from dataclasses import dataclass, field

import duckdb

UNCALCULATED = "#UNCALCULATED!"
"""Text of a workbook's formula that has no value."""

CELL_ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
) | {UNCALCULATED}
"""Texts of cells of a workbook that have an error in place of a value."""


def name(identifier: str) -> str:
    """Return an SQL identifier, quoted."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Return an SQL string, quoted."""
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class Fault:
    """A record of the file that is no row: its line, what is wrong and its text as it stands."""

    line: int
    reason: str
    cells: list[str]


@dataclass
class Source:
    """The rows of one file.

    Parameters
    ----------
    con
        Connection that holds the table `source`: columns c0, c1, ... of text.
    header
        The file's own column names, in its order.
    line_sql
        SQL of a row's physical line in the file (the row's number in Parquet).
    n_rows
        Rows in `source`.
    faults
        Records that are no rows.
    dialect
        How the file was read, for the ledger.
    has_padding
        Whether blanks may stand around values.
    open_cells
        Columns in which numbers are texts, so that their marks may mean two things; None is all.
    label
        What follows the file's name where it holds several tables: "[Feb]", the sheet.
    has_errors
        Whether a cell has one of CELL_ERRORS.
    """

    con: duckdb.DuckDBPyConnection
    header: list[str]
    line_sql: str
    n_rows: int
    faults: list[Fault] = field(default_factory=list)
    dialect: dict[str, str] = field(default_factory=dict)
    has_padding: bool = True
    open_cells: frozenset[str] | None = None
    label: str = ""
    has_errors: bool = False

    @property
    def rows_in(self) -> int:
        """Rows of the file: those that could be read and those that could not."""
        return self.n_rows + len(self.faults)

    def column(self, header_name: str) -> str:
        """Return the internal name of a column of the file."""
        return f"c{self.header.index(header_name)}"
