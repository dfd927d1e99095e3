"""Derived dates and the probability of making the need date."""

import numpy as np
import pandas as pd
import pytest

from forecasting.promises import credibility, outlook
from forecasting.promises.slips import count_slips

T = pd.Timestamp("2026-06-30")


def always_five_days_late() -> credibility.Credibility:
    promised = pd.date_range("2026-01-01", periods=100, freq="D")
    history = pd.DataFrame(
        {
            "supplier_id": "A",
            "site_id": "S1",
            "recorded_date": promised - pd.Timedelta(days=20),
            "promised_date": promised,
            "completed_date": promised + pd.Timedelta(days=5),
        }
    )
    return credibility.fit(count_slips(history, T))


def open_line(promised: str, need: str | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "supplier_id": ["A"],
            "site_id": ["S1"],
            "recorded_date": [pd.Timestamp("2026-06-20")],
            "promised_date": [pd.Timestamp(promised)],
            "need_date": [pd.Timestamp(need) if need else pd.NaT],
        }
    )


@pytest.mark.parametrize(
    ("promised", "need", "derived", "makes_it"),
    [
        ("2026-07-10", "2026-07-15", "2026-07-15", 1.0),
        ("2026-07-10", "2026-07-14", "2026-07-15", 0.0),
        ("2026-06-28", "2026-07-03", "2026-07-03", 1.0),
        ("2026-06-28", "2026-06-30", "2026-07-03", 0.0),
    ],
)
def test_a_supplier_always_five_days_late_comes_five_days_late(
    promised: str, need: str, derived: str, makes_it: float
) -> None:
    seen = outlook.open_lines(always_five_days_late(), open_line(promised, need), T).iloc[0]
    assert [seen["derived_date"], seen["safe_date"]] == [
        pd.Timestamp(derived),
        pd.Timestamp(derived),
    ]
    assert seen["kept_probability"] == pytest.approx(0.0, abs=1e-9)
    assert seen["need_probability"] == pytest.approx(makes_it, abs=1e-9)


def test_a_line_without_a_need_date_has_no_probability_of_making_it() -> None:
    seen = outlook.open_lines(always_five_days_late(), open_line("2026-07-10", None), T)
    assert np.isnan(seen["need_probability"].iloc[0])


def test_a_line_open_longer_than_any_before_comes_tomorrow_at_the_earliest() -> None:
    seen = outlook.open_lines(always_five_days_late(), open_line("2025-01-01", None), T)
    assert seen["derived_date"].iloc[0] == pd.Timestamp("2026-07-01")


def test_chances_of_an_overdue_line_are_those_of_lines_that_were_as_late() -> None:
    # Half on the day, a quarter 2 days late, a quarter 8 days late: a line that is 4 days late
    # can only be one of the last.
    slips = np.tile([0, 0, 2, 8], 50)
    promised = pd.Series(pd.Timestamp("2026-03-01"), index=range(200))
    history = pd.DataFrame(
        {
            "supplier_id": "A",
            "site_id": "S1",
            "recorded_date": promised - pd.Timedelta(days=10),
            "promised_date": promised,
            "completed_date": promised + pd.to_timedelta(slips, unit="D"),
        }
    )
    fitted = credibility.fit(count_slips(history, T))
    lines = pd.concat(
        [open_line("2026-06-26", "2026-07-03"), open_line("2026-06-26", "2026-07-04")]
    )
    seen = outlook.open_lines(fitted, lines.reset_index(drop=True), T)
    assert seen["need_probability"].tolist() == pytest.approx([0.0, 1.0], abs=1e-6)
    assert seen["derived_date"].tolist() == [pd.Timestamp("2026-07-04")] * 2
