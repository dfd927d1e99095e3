"""Losses against plain loops."""

import math
from itertools import pairwise

import numpy as np
import pytest

from forecasting.demand import losses

RNG = np.random.default_rng(5)
HISTORY = RNG.poisson(3.0, (4, 20)).astype(float)
ACTUAL = RNG.poisson(3.0, (4, 6)).astype(float)
EXPECTED = RNG.random((4, 6)) * 5
AMOUNTS = np.sort(RNG.random((4, 6, 5)) * 9, axis=2)
ACTUAL[1, 2] = np.nan
HISTORY[2, 4] = np.nan
HISTORY[3] = 7.0


def steps(series: list[float]) -> list[float]:
    return [b - a for a, b in pairwise(series) if not (math.isnan(a) or math.isnan(b))]


def test_scaled_pinball_is_what_a_loop_makes_it() -> None:
    found = losses.scaled_pinball(ACTUAL, AMOUNTS, HISTORY)
    for i in range(3):
        change = steps(HISTORY[i].tolist())
        scale = sum(abs(step) for step in change) / len(change)
        total, count = 0.0, 0
        for h in range(6):
            if math.isnan(ACTUAL[i, h]):
                continue
            for j, level in enumerate((0.5, 0.8, 0.9, 0.95, 0.99)):
                error = ACTUAL[i, h] - AMOUNTS[i, h, j]
                total += level * error if error > 0 else (level - 1) * error
                count += 1
        assert found[i] == pytest.approx(total / count / scale)


def test_rmsse_is_what_a_loop_makes_it() -> None:
    found = losses.rmsse(ACTUAL, EXPECTED, HISTORY)
    for i in range(3):
        change = steps(HISTORY[i].tolist())
        scale = sum(step**2 for step in change) / len(change)
        errors = [
            (a - e) ** 2 for a, e in zip(ACTUAL[i], EXPECTED[i], strict=True) if not math.isnan(a)
        ]
        assert found[i] == pytest.approx(math.sqrt(sum(errors) / len(errors) / scale))


def test_a_history_that_never_moved_has_no_scale() -> None:
    assert np.isnan(losses.scaled_pinball(ACTUAL, AMOUNTS, HISTORY)[3])
    assert np.isnan(losses.rmsse(ACTUAL, EXPECTED, HISTORY)[3])


def test_wape_and_bias_of_a_drawn_case() -> None:
    actual = np.array([[10.0, np.nan], [0.0, 30.0]])
    expected = np.array([[14.0, 99.0], [1.0, 25.0]])
    assert losses.wape(actual, expected) == pytest.approx(10 / 40)
    assert losses.bias(actual, expected) == pytest.approx(0 / 40)
    assert math.isnan(losses.wape(np.zeros((1, 2)), np.ones((1, 2))))


def test_coverage_counts_periods_at_or_under_the_amount() -> None:
    actual = np.array([[1.0, 2.0, np.nan, 4.0]])
    amounts = np.array([[[1.0], [1.0], [0.0], [9.0]]])
    assert losses.coverage(actual, amounts).tolist() == [pytest.approx(2 / 3)]


def test_paired_interval_holds_a_difference_that_is_there() -> None:
    base = RNG.random(400)
    noise = np.resize([0.01, -0.01], 400)
    mean, low, high = losses.paired_difference(base + 0.1 + noise, base)
    assert mean == pytest.approx(0.1)
    # Standard error .0005: the interval is about twice that to each side.
    assert low == pytest.approx(0.099, abs=2e-4)
    assert high == pytest.approx(0.101, abs=2e-4)
    assert losses.paired_difference(base, base) == (0.0, 0.0, 0.0)


def test_no_series_gives_no_interval() -> None:
    assert all(math.isnan(value) for value in losses.paired_difference(np.array([]), np.array([])))


def test_the_steadied_mean_is_not_decided_by_a_series_that_hardly_moved() -> None:
    history = np.vstack([np.tile([0.0, 1.0], 10)] * 9 + [np.r_[np.zeros(19), 0.01][None, :]])
    loss = np.r_[np.ones(9), 500.0]
    assert losses.steadied(loss, history) < 1.0 < loss.mean()
