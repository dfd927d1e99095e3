"""Rows to panels: what becomes of every oddity."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.demand.panel import without_typos
from forecasting.demand.series import Reading, read_rows


def reading(text: str, freq: str = "MS") -> Reading:
    lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines[1:], columns=lines[0])
    return read_rows(frame, freq)


def row(found: Reading, key: str) -> list[float | None]:
    place = list(found.panel.ids).index(key)
    return [None if np.isnan(v) else float(v) for v in found.panel.y[place]]


def test_absent_periods_are_no_demand_and_those_before_the_first_are_not_known() -> None:
    found = reading("""
        unique_id ds y
        a 2026-01-01 3
        a 2026-05-01 2
        b 2026-04-15 1
    """)
    assert row(found, "a") == [3, 0, 0, 0, 2]
    assert row(found, "b") == [None, None, None, 1, 0]


def test_a_file_that_writes_its_zeros_leaves_other_periods_unknown() -> None:
    found = reading("""
        unique_id ds y
        a 2026-01 3
        a 2026-02 0
        a 2026-04 2
        b 2026-01 0
        b 2026-02 1
        b 2026-03 1
        b 2026-04 5
    """)
    assert row(found, "a") == [3, 0, None, 2]


def test_out_of_stock_is_not_known_rather_than_zero() -> None:
    rows = pd.DataFrame(
        {
            "unique_id": "a",
            "ds": pd.date_range("2026-01-05", periods=3, freq="7D"),
            "y": [4, 0, 6],
            "in_stock": [True, False, True],
        }
    )
    found = read_rows(rows, "W")
    assert row(found, "a") == [4, None, 6]
    assert found.notes["note"].tolist() == ["1 periods out of stock: demand there is not known"]


def test_bad_amounts_have_an_answer_each() -> None:
    found = reading("""
        unique_id ds y
        a 2026-01-01 -5
        a 2026-02-01 inf
        a 2026-03-01 nan
        a 2026-04-01 oops
        a 2026-05-01 7
        b someday 1
        c 2026-01-01 nan
    """)
    assert row(found, "a") == [0, None, None, None, 7]
    assert dict(found.refused.to_numpy().tolist()) == {
        "b": "no row with a readable date and amount",
        "c": "no period with known demand",
    }


def test_copies_count_once_and_other_rows_of_a_period_add_up() -> None:
    found = reading("""
        unique_id ds y
        a 2026-01-03 5
        a 2026-01-03 5
        a 2026-01-20 2
        a 2026-02-01 1
    """)
    assert row(found, "a") == [7, 1]
    assert found.notes["note"].tolist() == [
        "1 rows are copies of another: counted once",
        "1 rows share a period with another: added up",
    ]


def test_a_monthly_series_among_weekly_ones_is_refused_alone() -> None:
    weeks = pd.date_range("2025-01-06", periods=60, freq="7D")
    months = pd.date_range("2025-01-01", periods=12, freq="MS")
    rows = pd.concat(
        [pd.DataFrame({"unique_id": key, "ds": weeks, "y": 3}) for key in ("a", "b", "c")]
        + [pd.DataFrame({"unique_id": "monthly", "ds": months, "y": 12})]
    )
    found = read_rows(rows, "W")
    assert list(found.panel.ids) == ["a", "b", "c"]
    assert found.refused["unique_id"].tolist() == ["monthly"]


def test_weeks_keep_the_weekday_of_the_file() -> None:
    fridays = pd.date_range("2026-01-02", periods=5, freq="7D")
    found = read_rows(pd.DataFrame({"unique_id": "a", "ds": fridays, "y": 1}), "W")
    assert list(found.panel.periods) == list(fridays)


def test_a_date_decades_away_does_not_stretch_the_panel() -> None:
    days = pd.date_range("2026-01-01", periods=150, freq="D")
    rows = pd.DataFrame({"unique_id": "a", "ds": days, "y": 2})
    late = pd.DataFrame({"unique_id": "a", "ds": [pd.Timestamp("2106-01-01")], "y": 2})
    rows = pd.concat([rows, late])
    found = read_rows(rows, "D")
    assert found.panel.n_periods == 150
    assert "over a year apart" in found.notes["note"][0]


def test_parts_of_ids_and_constant_columns_are_attributes() -> None:
    found = reading("""
        unique_id ds y family price
        bolt/east 2026-01-01 1 iron 3
        bolt/east 2026-02-01 1 iron 4
        nut/west 2026-01-01 1 brass 3
    """)
    assert found.panel.attributes.to_dict("list") == {
        "family": ["iron", "brass"],
        "id_1": ["bolt", "nut"],
        "id_2": ["east", "west"],
    }


def test_a_million_unit_typo_is_not_demand() -> None:
    found = reading("unique_id ds y\n" + "\n".join(f"a 2026-{m:02}-01 {m}" for m in range(1, 12)))
    y = found.panel.y.copy()
    y[0, 4] = 5_000_000
    mended, notes = without_typos(type(found.panel)(found.panel.ids, y, found.panel.periods, "MS"))
    assert np.isnan(mended.y[0, 4])
    assert np.isfinite(mended.y[0]).sum() == 10
    assert "5,000,000 is over 200 times the next amount (11)" in notes[0]


def test_a_large_order_among_few_is_demand() -> None:
    found = reading("unique_id ds y\na 2026-01-01 1\na 2026-03-01 900\na 2026-06-01 2")
    assert without_typos(found.panel)[0] is found.panel


@pytest.mark.parametrize(
    ("text", "freq", "said"),
    [
        ("unique_id ds\na 2026-01-01", "MS", "column y is missing"),
        ("unique_id ds y\na 2026-01-01 1", "Q", "freq 'Q' is unknown"),
        ("unique_id ds y\na never 1", "MS", "no row has a unique_id, a readable date"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, freq: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        reading(text, freq)


AMOUNTS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.integers(-5, 10**9), st.just("x"), st.none()
)
DATES = st.one_of(
    st.dates().map(str), st.sampled_from(["2026-01-01", "2026-02-01", "2026-03-15", "", "32/1"])
)
ROWS = st.lists(st.tuples(st.sampled_from("abc"), DATES, AMOUNTS), min_size=1, max_size=25)


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_any_garbage_gives_each_series_a_row_or_a_reason(
    rows: list[tuple[str, str, object]],
) -> None:
    frame = pd.DataFrame(rows, columns=["unique_id", "ds", "y"])
    try:
        found = read_rows(frame, "MS")
    except ValueError as refusal:
        assert "no row has" in str(refusal)
        return
    answered = set(found.panel.ids) | set(found.refused["unique_id"])
    assert answered == set(frame["unique_id"])
    known = found.panel.y[np.isfinite(found.panel.y)]
    assert (known >= 0).all()
