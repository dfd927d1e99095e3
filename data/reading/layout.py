"""How a file is laid out, where its bytes and the names looked for do not tell enough."""

import re
from dataclasses import dataclass
from typing import Any

from data import told
from data.errors import UserError

KEYS = {
    "encoding", "delimiter", "quote", "escape", "sheet", "header_line", "header_rows", "names",
    "periods",
}  # fmt: skip
MOST_HEADER_ROWS = 5


@dataclass(frozen=True)
class Periods:
    """Columns that stand for periods and become rows.

    Parameters
    ----------
    columns
        Regular expression that the whole name of each such column fits.
    period, value
        Names of the two columns that they become: the name of the period, and what stood in it.
    leaves_out_blanks
        Whether a blank cell is no row (nothing was recorded); else it is a row without a value.
    """

    columns: str
    period: str = "period"
    value: str = "value"
    leaves_out_blanks: bool = True

    def fits(self, header_name: str) -> bool:
        """Whether a column stands for a period."""
        return re.fullmatch(self.columns, header_name.strip()) is not None


@dataclass(frozen=True)
class Layout:
    """What a mapping says of the file as a whole; None and the defaults find out or are usual.

    Parameters
    ----------
    encoding, delimiter
        How bytes become text, and what separates columns.
    quote, escape
        The mark around values, "" for none, and the mark before a quote inside them; without one
        the quote is doubled.
    sheet
        Sheet of a workbook.
    header_line, header_rows
        Line of the (first) header row, and how many rows make up the names.
    names
        Names of the columns where the file has none or others; they stand instead of the
        header's.
    periods
        Columns that become rows.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    escape: str | None = None
    sheet: str | None = None
    header_line: int | None = None
    header_rows: int = 1
    names: tuple[str, ...] = ()
    periods: Periods | None = None

    @property
    def made(self) -> frozenset[str]:
        """Names of columns that the file does not have itself."""
        return frozenset((self.periods.period, self.periods.value) if self.periods else ())


UNTOLD = Layout()


def read_layout(file: dict[str, Any], at: str) -> Layout:
    """Read the layout out of the section [file] of a mapping.

    Raises
    ------
    UserError
        Where a value is not what the key takes, or keys contradict each other.
    """
    made: dict[str, Any] = {
        key: told.text(file[key], f"{at} {key}")
        for key in ("delimiter", "quote", "escape", "sheet")
        if key in file
    }
    for mark in ("delimiter", "quote", "escape"):
        if len(made.get(mark, "x")) > 1 or (mark != "quote" and made.get(mark) == ""):
            raise UserError(f"{at} {mark} is {made[mark]!r}; it is one character")
    if "encoding" in file:
        made["encoding"] = told.encoding(file["encoding"], at)
    if "header_line" in file:
        made["header_line"] = told.whole(file["header_line"], f"{at} header_line", 0, 1_000_000)
    if "header_rows" in file:
        made["header_rows"] = told.whole(
            file["header_rows"], f"{at} header_rows", 1, MOST_HEADER_ROWS
        )
        if made.get("header_line") is None:
            raise UserError(f"{at}: header_rows needs header_line, where they begin")
    if "names" in file:
        made["names"] = told.texts(file["names"], f"{at} names")
    if made.get("header_line") == 0 and not made.get("names"):
        raise UserError(f"{at}: header_line = 0 is no header, so names must name the columns")
    if "periods" in file:
        made["periods"] = _periods(told.table(file["periods"], f"{at} periods"), f"{at} periods")
    return Layout(**made)


def _periods(keys: dict[str, Any], at: str) -> Periods:
    told.only(keys, {"columns", "period", "value", "blanks"}, at)
    if "columns" not in keys:
        raise UserError(f"{at} needs columns, the form of their names")
    try:
        re.compile(told.text(keys["columns"], at))
    except re.error as failure:
        raise UserError(f"{at} columns is no regular expression: {failure}") from None
    blanks = keys.get("blanks", "leave out")
    if blanks not in ("leave out", "keep"):
        raise UserError(f"{at} blanks is {blanks!r}; it is 'leave out' or 'keep'")
    names = {key: told.text(keys[key], at) for key in ("period", "value") if key in keys}
    return Periods(str(keys["columns"]), **names, leaves_out_blanks=blanks == "leave out")
