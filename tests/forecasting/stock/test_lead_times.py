"""Measured lead times: learned from days waited, put into whole periods, used for arrivals."""

import numpy as np
import pandas as pd
import pytest

from forecasting.promises.slips import count_slips
from forecasting.stock.lead_times import expected_arrivals, lead_weights, learn

TODAY = pd.Timestamp("2026-06-14")


def slips(days_late: list[int], supplier: str = "S1", stated: int = 21) -> pd.DataFrame:
    """Lines ordered a year ago with a stated lead time, each so many days later than that."""
    ordered = TODAY - pd.Timedelta(days=365)
    due = ordered + pd.Timedelta(days=stated)
    return pd.DataFrame(
        {
            "supplier_id": supplier,
            "site_id": "LYO",
            "recorded_date": ordered,
            "promised_date": due,
            "completed_date": [due + pd.Timedelta(days=days) for days in days_late],
        }
    )


def part(stated: float = 21.0, supplier: str = "S1") -> pd.DataFrame:
    return pd.DataFrame({"supplier_id": [supplier], "site_id": ["LYO"], "lead_time_days": [stated]})


def test_a_stated_lead_time_counts_as_whole_periods_while_nothing_was_measured() -> None:
    assert lead_weights(None, part(21.0), 7.0).tolist() == [[0, 0, 0, 1]]
    assert lead_weights(None, part(22.0), 7.0).tolist() == [[0, 0, 0, 0, 1]]
    assert lead_weights(None, part(0.0), 7.0).tolist() == [[1]]
    assert lead_weights(None, part(21.0), 7.0, more_days=8.0).tolist() == [[0, 0, 0, 0, 0, 1]]


def test_a_supplier_that_is_late_every_other_time_has_two_lead_times() -> None:
    learned = learn(count_slips(slips([0] * 200 + [14] * 200), TODAY))
    weights = lead_weights(learned, part(), 7.0)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    assert weights[0, 3] == pytest.approx(0.5, abs=0.05)
    assert weights[0, 5] == pytest.approx(0.5, abs=0.05)


def test_an_unknown_supplier_takes_what_all_suppliers_take() -> None:
    learned = learn(count_slips(slips([7] * 100), TODAY))
    weights = lead_weights(learned, part(supplier="new"), 7.0)
    assert weights[0, 4] == pytest.approx(1.0, abs=0.05)


def test_nothing_is_learned_before_the_first_receipt() -> None:
    lines = slips([0])
    lines["completed_date"] = pd.Series([pd.NaT], dtype="datetime64[ns]")
    counts = count_slips(lines, TODAY)
    assert len(counts) == 1
    assert learn(counts) is None
    assert learn(counts.iloc[:0]) is None


def line(**given: object) -> pd.DataFrame:
    row = {
        "supplier_id": "S1", "site_id": "LYO", "order_date": TODAY - pd.Timedelta(days=7),
        "recorded_date": TODAY - pd.Timedelta(days=7), "promised_date": pd.NaT,
        "need_date": pd.NaT, "lead_time_days": 21.0,
    }  # fmt: skip
    frame = pd.DataFrame([row | given])
    for name in ("order_date", "recorded_date", "promised_date", "need_date"):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def test_a_line_arrives_when_its_suppliers_lines_do() -> None:
    learned = learn(count_slips(slips([7] * 200), TODAY))
    promised = line(promised_date=TODAY + pd.Timedelta(days=14))
    kept = expected_arrivals(promised, learned, None, TODAY).iloc[0]
    assert (kept["arrival_date"], kept["arrival_basis"]) == (
        TODAY + pd.Timedelta(days=21), "promise",
    )  # fmt: skip
    stated = expected_arrivals(line(), None, learned, TODAY).iloc[0]
    assert (stated["arrival_date"], stated["arrival_basis"]) == (
        TODAY + pd.Timedelta(days=21), "lead time",
    )  # fmt: skip


def test_an_overdue_line_of_which_nothing_is_known_comes_tomorrow_at_the_earliest() -> None:
    row = expected_arrivals(line(lead_time_days=2.0), None, None, TODAY).iloc[0]
    assert (row["arrival_date"], row["arrival_basis"]) == (
        TODAY + pd.Timedelta(days=1), "stated",
    )  # fmt: skip
