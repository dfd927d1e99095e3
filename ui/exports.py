"""Files that leave the app: CSV and XLSX, safe to open, and saying what they are (rule G20)."""

import datetime as dt
import io
import re
from dataclasses import dataclass, field

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters that spreadsheets take for a formula, the full-width forms included."""

PLAIN_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
"""Text such as '-5' only looks like a formula; left alone, it can be mended and loaded again."""


@dataclass(frozen=True)
class Provenance:
    """What every exported figure carries.

    Attributes
    ----------
    definition
        Identifier and version of each metric in the file, as in 'line_fill_rate v1'.
    as_of_date
        The date T up to which facts were taken.
    build_id
        The build the figures were read from.
    filters
        The filters in force, in words; 'none' when there are none.
    """

    definition: str
    as_of_date: dt.date
    build_id: str
    filters: str = "none"
    extra: dict[str, str] = field(default_factory=dict)

    def items(self) -> dict[str, str]:
        """Name and text of each statement, in the order they are written."""
        return {
            "definition": self.definition,
            "as_of_date": self.as_of_date.isoformat(),
            "build_id": self.build_id,
            "filters": self.filters,
            **self.extra,
        }


def neutralise(value: object) -> object:
    """Put an apostrophe before text that a spreadsheet would run as a formula; numbers stay.

    >>> neutralise("=1+1")
    "'=1+1"
    """
    if not isinstance(value, str) or PLAIN_NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value.lstrip(" ").startswith(FORMULA_STARTS) else value


def safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Neutralise every text cell and every column name."""
    columns = {
        name: [neutralise(value) for value in frame[name]]
        if frame[name].dtype == object or pd.api.types.is_string_dtype(frame[name])
        else frame[name].to_list()
        for name in frame.columns
    }
    return pd.DataFrame({neutralise(str(name)): values for name, values in columns.items()})


def to_csv(frame: pd.DataFrame, provenance: Provenance) -> bytes:
    """Write a CSV whose last columns repeat the provenance on each row, so that no row loses it."""
    told = safe(frame)
    for name, text in provenance.items().items():
        told[name] = str(neutralise(text))
    return told.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def bare_csv(frame: pd.DataFrame) -> bytes:
    """Write a CSV that holds nothing but the rows: it is to be mended and loaded again."""
    return safe(frame).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def bare_xlsx(frame: pd.DataFrame) -> bytes:
    """Write a workbook that holds nothing but the rows, each cell the text that it was."""
    return _workbook({"Rows": frame})


def to_xlsx(frame: pd.DataFrame, provenance: Provenance) -> bytes:
    """Write a workbook: the rows on one sheet, the provenance on the second."""
    about = pd.DataFrame(provenance.items().items(), columns=["statement", "value"])
    return _workbook({"Rows": frame, "About": about})


def _workbook(sheets: dict[str, pd.DataFrame]) -> bytes:
    """Write sheets whose text stays text, whatever a spreadsheet would make of it."""
    buffer = io.BytesIO()
    options = {
        "options": {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": True,
        }
    }
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs=options) as writer:
        for name, sheet in sheets.items():
            sheet.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))
            writer.sheets[name].autofit(400)
    return buffer.getvalue()
