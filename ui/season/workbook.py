"""A set-up as a file: one workbook out and in, or single tables as CSV."""

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pandas as pd

from forecasting.season.allocation import RULES
from forecasting.season.faults import SeasonError
from forecasting.season.seasons import EVENTS
from ui.season.setup import PLAIN, TABLES, WITHOUT_EVENT, WORDS, Setup, typed

MOST_BYTES = 50_000_000


def to_xlsx(setup: Setup) -> bytes:
    """The whole set-up as a workbook that `from_xlsx` reads back."""
    book = io.BytesIO()
    told = setup.payload()
    values = [str(told.get(name, "")) for name in PLAIN]
    about = pd.DataFrame({"what": PLAIN, "value": values})
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(book, engine="xlsxwriter", engine_kwargs=options) as writer:
        about.to_excel(writer, sheet_name="season", index=False)
        for table in TABLES:
            rows = getattr(setup, table)
            if table == "waves":
                rows = rows.assign(arrives_on=rows["arrives_on"].dt.strftime("%Y-%m-%d"))
            rows.to_excel(writer, sheet_name=table, index=False, freeze_panes=(1, 1))
            writer.sheets[table].autofit(300)
    return book.getvalue()


def from_sheets(sheets: Mapping[str, pd.DataFrame], beside: Setup) -> Setup:
    """A set-up out of a file's tables; a table or a value that the file lacks stays as it was.

    Raises
    ------
    SeasonError
        A sheet, a column or a cell is not what a set-up holds; the message names it.
    """
    unknown = [name for name in sheets if name not in ("season", *TABLES)]
    if unknown:
        raise SeasonError(f"sheet {unknown[0]!r} is not known (season, {', '.join(TABLES)})")
    changed: dict[str, Any] = {
        table: typed(sheets[table], table) for table in TABLES if table in sheets
    }
    if "season" in sheets:
        season = sheets["season"]
        if list(season.columns) != ["what", "value"]:
            raise SeasonError("sheet 'season': expected the columns what and value")
        changed |= _plain(dict(zip(season["what"], season["value"], strict=True)))
    return replace(beside, **cast(Any, changed))


BLANK: Mapping[str, Any] = {"event": "", "reference": None}
"""What a blank value means; of the others it says nothing."""


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in told.items():
        if name not in PLAIN:
            raise SeasonError(f"sheet 'season': {name} is not known ({', '.join(PLAIN)})")
        text = "" if pd.isna(value) else str(value).strip()
        if text and name != "season_id":
            found[name] = _value(name, text)
        elif name in BLANK:
            found[name] = BLANK[name]
    return found


def _value(name: str, text: str) -> dt.date | bool | str:
    """One value of the sheet 'season' in its type."""
    wrong = f"sheet 'season': {name} is {text} (expected "
    if name in ("start", "end", "reference"):
        try:
            return dt.date.fromisoformat(text[:10])
        except ValueError as fault:
            raise SeasonError(f"{wrong}a date, YYYY-MM-DD)") from fault
    if name in ("counts_stock", "is_fine"):
        if text.lower() not in WORDS:
            raise SeasonError(f"{wrong}yes or no)")
        return WORDS[text.lower()]
    allowed = {"rule": RULES, "event": (WITHOUT_EVENT, *EVENTS)}.get(name)
    if allowed and text not in allowed:
        raise SeasonError(f"{wrong}{', '.join(allowed)})")
    return text


def read(name: str, content: bytes) -> dict[str, pd.DataFrame]:
    """The sheets of an uploaded workbook, or the one table of a CSV, by what they hold.

    A CSV with percent is waves, one with site_id is sites, one with qty_total is items.

    Raises
    ------
    SeasonError
        The file cannot be read, or it is none of these.
    """
    if len(content) > MOST_BYTES:
        raise SeasonError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        if name.lower().endswith(".xlsx"):
            return pd.read_excel(io.BytesIO(content), sheet_name=None, dtype=str, engine="calamine")
        table = pd.read_csv(io.BytesIO(content), dtype=str, encoding="utf-8-sig")
    except Exception as fault:  # each reader has faults of its own
        cause = (str(fault) or type(fault).__name__).splitlines()[0]
        raise SeasonError(f"{name} cannot be read: {cause}") from fault
    for column, sheet in (("percent", "waves"), ("site_id", "sites"), ("qty_total", "items")):
        if column in table.columns:
            return {sheet: table}
    raise SeasonError(f"{name}: expected a column percent (waves), site_id or qty_total (items)")
