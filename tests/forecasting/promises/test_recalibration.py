"""The shift of the odds: what was said lately against what came, and nothing later."""

import numpy as np
import pandas as pd
import pytest

from forecasting.promises import backtest, credibility, outlook, recalibration
from forecasting.promises.slips import count_slips
from tests.forecasting.promises.test_credibility import simulated
from tests.forecasting.promises.test_outlook import T, open_line


def test_three_in_four_kept_of_even_odds_is_a_shift_of_ln_3() -> None:
    kept = np.tile([1.0, 1.0, 1.0, 0.0], 1000)
    shift = recalibration.log_odds_shift(np.full(4000, 0.5), kept)
    assert shift == pytest.approx(np.log(3), abs=0.02)
    assert recalibration.shifted(np.array([0.5]), np.log(3)).tolist() == pytest.approx([0.75])


def test_a_few_promises_move_the_odds_little_and_none_not_at_all() -> None:
    assert 0 < recalibration.log_odds_shift(np.full(4, 0.5), np.ones(4)) < 0.2
    assert recalibration.log_odds_shift(np.array([]), np.array([])) == 0.0


def test_certainties_and_unknowns_stay() -> None:
    moved = recalibration.shifted(np.array([0.0, 1.0, np.nan]), 1.5)
    assert moved[:2].tolist() == [0.0, 1.0]
    assert np.isnan(moved[2])


def improving() -> pd.DataFrame:
    """Two suppliers that kept four in ten until March and eight in ten since."""
    old = simulated(1, {"A": (0.4, 300), "B": (0.4, 300)})
    new = simulated(2, {"A": (0.8, 300), "B": (0.8, 300)})
    since = pd.Timestamp("2026-03-01")
    history = pd.concat([old[old["promised_date"] < since], new[new["promised_date"] >= since]])
    return history.reset_index(drop=True).assign(line_id=lambda rows: rows.index.astype(str))


def test_what_is_said_of_suppliers_that_improve_follows_them() -> None:
    said = backtest.rolling(improving(), pd.Timestamp("2026-05-01"))
    kept, learned, put_right = (said[name].mean() for name in ("kept", "as_learned", "credibility"))
    assert learned < kept - 0.1
    assert abs(put_right - kept) < (kept - learned) / 2


def test_facts_after_the_cutoff_do_not_move_the_shift() -> None:
    history = improving()
    cutoff = pd.Timestamp("2026-04-30")
    later = history["completed_date"] > cutoff
    changed = history.assign(
        completed_date=history["completed_date"].mask(later, pd.Timestamp("2026-12-31"))
    )
    shift = backtest.shift_now(history, cutoff)
    assert shift > 0.2
    assert backtest.shift_now(changed, cutoff) == pytest.approx(shift, abs=1e-12)


def test_the_derived_date_is_the_day_of_even_chance_after_the_shift() -> None:
    history = simulated(3, {"A": (0.3, 400)})
    fitted = credibility.fit(count_slips(history, T))
    plain = outlook.open_lines(fitted, open_line("2026-07-10", None), T)["derived_date"].iloc[0]
    line = open_line("2026-07-10", None)
    sooner = outlook.open_lines(fitted, line, T, 1.0)["derived_date"].iloc[0]
    assert sooner < plain
    chances = [
        outlook.open_lines(fitted, line.assign(need_date=day), T, 1.0)["need_probability"].iloc[0]
        for day in (sooner - pd.Timedelta(days=1), sooner)
    ]
    assert chances[0] < 0.5 <= chances[1] + 1e-9
