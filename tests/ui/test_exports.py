"""Exports open safely in a spreadsheet and carry what they are."""

import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest

from ui import exports

PROVENANCE = exports.Provenance(
    "line_fill_rate v1", dt.date(2026, 6, 14), "20260614-1", "Site: LYO"
)


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-cmd|x", "@SUM(A1)", "\t=1", "  =HYPERLINK(1)", "\uff1d1+1"]
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert exports.neutralise(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-5", "+1,204.50", "00123", "a=b", -5, 2.5, None])
def test_numbers_and_harmless_text_stay_as_they_are(value: object) -> None:
    assert exports.neutralise(value) == value


def test_csv_repeats_definition_as_of_build_and_filters_on_each_row() -> None:
    frame = pd.DataFrame({"item_id": ["00123", "=1+1"], "n": [4, 5]})
    read = pd.read_csv(io.BytesIO(exports.to_csv(frame, PROVENANCE)), dtype=str)
    assert read.to_dict("list") == {
        "item_id": ["00123", "'=1+1"],
        "n": ["4", "5"],
        "definition": ["line_fill_rate v1"] * 2,
        "as_of_date": ["2026-06-14"] * 2,
        "build_id": ["20260614-1"] * 2,
        "filters": ["Site: LYO"] * 2,
    }


def test_a_column_named_like_a_formula_is_neutralised_too() -> None:
    header = exports.to_csv(pd.DataFrame({"=x": [1]}), PROVENANCE).decode("utf-8-sig")
    assert header.startswith("'=x,")


def test_xlsx_keeps_text_as_text_and_tells_its_provenance_on_a_second_sheet() -> None:
    frame = pd.DataFrame({"item_id": ["00123", "=1+1", "http://x.example"], "n": [4, 5, 6]})
    book = openpyxl.load_workbook(io.BytesIO(exports.to_xlsx(frame, PROVENANCE)))
    cells = [(cell.value, cell.data_type, cell.hyperlink) for cell in book["Rows"]["A"][1:]]
    assert cells == [("00123", "s", None), ("=1+1", "s", None), ("http://x.example", "s", None)]
    assert [[cell.value for cell in line] for line in book["About"].iter_rows(min_row=2)] == [
        ["definition", "line_fill_rate v1"],
        ["as_of_date", "2026-06-14"],
        ["build_id", "20260614-1"],
        ["filters", "Site: LYO"],
    ]
