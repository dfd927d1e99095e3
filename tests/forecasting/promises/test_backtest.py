"""The back-test uses nothing that was not known, and its scores are those of a plain loop."""

import numpy as np
import pandas as pd
import pytest

from forecasting.promises import backtest, scores
from tests.forecasting.promises.test_credibility import simulated

START = pd.Timestamp("2026-03-01")


def three_suppliers() -> pd.DataFrame:
    return simulated(7, {"good": (0.95, 300), "bad": (0.4, 300), "fair": (0.8, 300)})


def test_each_promise_is_predicted_once_in_the_month_it_falls_due() -> None:
    history = three_suppliers()
    predicted = backtest.rolling(history, START)
    assert (predicted["recorded_date"] <= predicted["cutoff"]).all()
    assert (predicted["promised_date"] > predicted["cutoff"]).all()
    ahead = (predicted["promised_date"] - predicted["cutoff"]).dt.days
    assert ahead.max() <= 31
    assert not predicted.drop(columns="cutoff").index.has_duplicates


def test_what_happens_after_the_cutoff_changes_no_prediction() -> None:
    history = three_suppliers()
    before = backtest.rolling(history, START)
    first = before["cutoff"].min()
    later = history["completed_date"] > first
    changed = history.assign(
        completed_date=history["completed_date"].mask(later, pd.Timestamp("2026-12-31"))
    )
    after = backtest.rolling(changed, START)
    columns = ["credibility", "supplier", "pool"]
    pd.testing.assert_frame_equal(
        before.loc[before["cutoff"] == first, columns],
        after.loc[after["cutoff"] == first, columns],
    )


def test_the_suppliers_share_counts_overdue_lines_as_broken() -> None:
    dates = pd.to_datetime(["2026-01-10", "2026-02-10", "2026-03-10"])
    history = pd.DataFrame(
        {
            "supplier_id": "A",
            "site_id": "S1",
            "line_id": ["1", "2", "3"],
            "recorded_date": pd.Timestamp("2026-01-01"),
            "promised_date": dates,
            "completed_date": [pd.Timestamp("2026-01-10"), pd.NaT, pd.Timestamp("2026-03-11")],
        }
    )
    predicted = backtest.rolling(history, START)
    assert predicted[["supplier", "pool", "kept"]].to_numpy().tolist() == [[0.5, 0.5, 0.0]]


def test_of_a_promise_that_was_moved_only_the_one_in_force_is_predicted() -> None:
    history = pd.DataFrame(
        {
            "supplier_id": "A",
            "site_id": "S1",
            "line_id": ["0", "1", "1", "2", "2"],
            "recorded_date": pd.to_datetime(
                ["2026-01-01", "2026-01-01", "2026-02-01", "2026-01-01", "2026-02-01"]
            ),
            "promised_date": pd.to_datetime(
                ["2026-01-10", "2026-03-05", "2026-03-20", "2026-03-06", "2026-05-06"]
            ),
            "completed_date": pd.to_datetime(
                ["2026-01-10", "2026-03-20", "2026-03-20", "2026-05-06", "2026-05-06"]
            ),
        }
    )
    march = backtest.rolling(history, START)
    march = march[march["promised_date"] < "2026-04-01"]
    assert march[["line_id", "promised_date", "kept"]].to_numpy().tolist() == [
        ["1", pd.Timestamp("2026-03-20"), 1.0]
    ]


def test_credibility_beats_the_pool_where_suppliers_differ() -> None:
    predicted = backtest.rolling(three_suppliers(), START)
    gain, low, _ = scores.brier_gain(predicted, "credibility", "pool", ["supplier_id", "cutoff"])
    assert gain > 0.1
    assert low > 0


def test_brier_is_the_mean_square_of_a_plain_loop() -> None:
    stated, came = [0.9, 0.2, 0.5], [1.0, 0.0, 0.0]
    by_hand = sum((p - o) ** 2 for p, o in zip(stated, came, strict=True)) / 3
    assert scores.brier(np.array(stated), np.array(came)) == pytest.approx(by_hand)


def test_reliability_of_true_probabilities_lies_on_the_diagonal() -> None:
    rng = np.random.default_rng(1)
    stated = rng.random(5000)
    table = scores.reliability(stated, (rng.random(5000) < stated).astype(float))
    assert table["n"].tolist() == [500] * 10
    assert (
        (table["lower"] < table["predicted"]) & (table["predicted"] < table["upper"])
    ).sum() >= 8


def test_lines_of_one_probability_stay_in_one_class() -> None:
    table = scores.reliability(np.array([0.5] * 30 + [0.9] * 70), np.array([0.0] * 20 + [1.0] * 80))
    assert table["n"].tolist() == [30, 70]
    assert table["observed"].tolist() == pytest.approx([1 / 3, 1.0])
