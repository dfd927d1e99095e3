"""Demand distributions against scipy, brute force and their own definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecasting.demand.distribution import Demand, Empirical, NegativeBinomial
from forecasting.demand.mixtures import Assembled, Grid, Mixture, total

LEVELS = [0.001, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99, 0.9999]


def families() -> dict[str, Demand]:
    negative_binomial = NegativeBinomial.of([0.0, 0.3, 4.0, 900.0], [1.0, 0.2, np.inf, 3.0])
    empirical = Empirical.of(
        np.array([[0.0, 0, 3, np.nan], [1, 1, 1, 1], [0, 5, 9, 2], [100, 300, 900, 40]]),
        np.array([[1.0, 2, 1, 5], [1, 1, 1, 1], [0.1, 0.2, 0.3, 0.4], [1, 1, 1, 1]]),
    )
    weights = np.array([[0.5, 0.5], [1.0, 0.0], [0.25, 0.75], [0.9, 0.1]])
    grid = Grid.of(np.random.default_rng(1).random((4, 6)))
    halves = NegativeBinomial.of([0.2, 1.5, 10.0, 0.0], [0.5, 2.0, 40.0, 1.0], 0.25)
    places = [np.array([0, 2]), np.array([1, 3])]
    return {
        "negative binomial": negative_binomial,
        "half steps": halves,
        "empirical": empirical,
        "grid": grid,
        "mixture": Mixture([negative_binomial, empirical], weights),
        "assembled": Assembled([negative_binomial.take(places[0]), grid.take(places[1])], places),
    }


@pytest.fixture(params=list(families()))
def demand(request: pytest.FixtureRequest) -> Demand:
    return families()[request.param]


def test_negative_binomial_agrees_with_scipy() -> None:
    mean, size = np.array([0.4, 3.0, 70.0]), np.array([0.3, 5.0, 0.8])
    ours = NegativeBinomial.of(mean, size)
    theirs = stats.nbinom(size, size / (size + mean))
    counts = np.array([0.0, 1, 2, 10, 200])
    for k in counts:
        np.testing.assert_allclose(ours.cdf(k), theirs.cdf(k), rtol=1e-10)
    for j, level in enumerate(LEVELS[1:]):
        np.testing.assert_array_equal(ours.quantile(LEVELS[1:])[:, j], theirs.ppf(level))
    np.testing.assert_allclose(ours.mean, theirs.mean())
    np.testing.assert_allclose(ours.variance, theirs.var())


def test_infinite_size_is_poisson() -> None:
    ours = NegativeBinomial.of([0.5, 60.0], np.inf)
    np.testing.assert_allclose(ours.cdf(3.0), stats.poisson([0.5, 60.0]).cdf(3), rtol=1e-10)
    np.testing.assert_array_equal(ours.quantile(0.99)[:, 0], stats.poisson([0.5, 60.0]).ppf(0.99))


def test_quantile_is_the_least_amount_that_covers_the_level(demand: Demand) -> None:
    amounts = demand.quantile(LEVELS)
    assert (demand.cdf(amounts) >= np.array(LEVELS) - 1e-9).all()
    below = amounts - demand.step[:, None]
    assert (demand.cdf(below)[amounts > 0] < np.tile(LEVELS, (4, 1))[amounts > 0]).all()


def test_quantiles_rise_with_the_level(demand: Demand) -> None:
    assert (np.diff(demand.quantile(LEVELS), axis=1) >= 0).all()


def test_mean_variance_and_shortage_agree_with_the_probabilities(demand: Demand) -> None:
    step = demand.step
    chances = demand.pmf(20_000, step)
    amounts = step[:, None] * np.arange(20_001)
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-6)
    mean = (chances * amounts).sum(axis=1)
    np.testing.assert_allclose(demand.mean, mean, rtol=1e-4)
    spread = (chances * amounts**2).sum(axis=1) - mean**2
    np.testing.assert_allclose(demand.variance, spread, rtol=1e-3, atol=1e-9)
    for level in (0.0, 1.0, 3.5, 40.0):
        beyond = (chances * np.maximum(amounts - level, 0)).sum(axis=1)
        np.testing.assert_allclose(demand.expected_shortage(level), beyond, rtol=1e-4, atol=1e-6)


def test_one_question_many_questions_and_a_table_of_them_agree(demand: Demand) -> None:
    amounts = np.array([2.0, 3.0, 4.0, 5.0])
    table = np.column_stack([amounts, amounts])
    for ask in (demand.cdf, demand.expected_shortage):
        np.testing.assert_allclose(ask(table)[:, 1], ask(amounts))
        np.testing.assert_allclose(ask(3.0)[1], ask(amounts)[1])


def test_samples_follow_the_distribution(demand: Demand) -> None:
    draws = demand.sample(4000, seed=7)
    error = 5 * np.sqrt(demand.variance / 4000) + 1e-9
    assert (np.abs(draws.mean(axis=1) - demand.mean) <= error).all()
    np.testing.assert_array_equal(draws, demand.sample(4000, seed=7))


def test_taking_series_keeps_their_distribution(demand: Demand) -> None:
    index = np.array([3, 0, 1])
    np.testing.assert_allclose(demand.take(index).mean, demand.mean[index])
    np.testing.assert_array_equal(demand.take(index).quantile(0.9), demand.quantile(0.9)[index])


def test_a_quantile_does_not_depend_on_what_is_searched_beside_it(demand: Demand) -> None:
    together = demand.quantile(LEVELS)
    for row in range(len(demand)):
        alone = demand.take(np.array([row]))
        each = [alone.quantile(level)[0, 0] for level in LEVELS]
        np.testing.assert_array_equal(together[row], each)


def test_sum_of_poissons_is_the_poisson_of_the_sum() -> None:
    summed = total([NegativeBinomial.of(m, np.inf) for m in (1.0, 2.5, 0.5)], 40)
    oracle = stats.poisson(4.0).pmf(np.arange(41))
    np.testing.assert_allclose(summed.chances[0], oracle, atol=1e-12)


def test_sum_keeps_the_tail_on_the_last_amount() -> None:
    summed = total([NegativeBinomial.of(5.0, 1.0)] * 2, 4)
    np.testing.assert_allclose(summed.chances.sum(axis=1), 1)
    assert summed.chances[0, 4] > 0.5


@pytest.mark.parametrize("level", [-0.1, 0.0, 1.0, np.nan])
def test_refuses_levels_that_are_no_probabilities(level: float) -> None:
    with pytest.raises(ValueError, match=r"not all in \(0, 1\)"):
        NegativeBinomial.of(1.0, 1.0).quantile(level)


@settings(max_examples=60, deadline=None)
@given(
    mean=st.floats(0, 1e6),
    size=st.floats(1e-3, 1e5) | st.just(np.inf),
    step=st.sampled_from([0.01, 1.0, 50.0]),
)
def test_any_negative_binomial_answers(mean: float, size: float, step: float) -> None:
    demand = NegativeBinomial.of(mean, size, step)
    amounts = demand.quantile(LEVELS)
    assert np.isfinite(amounts).all()
    assert (np.diff(amounts) >= 0).all()
    scaled = NegativeBinomial.of(mean * 8, size, step * 8).quantile(LEVELS)
    np.testing.assert_allclose(scaled, amounts * 8)
    assert 0 <= demand.expected_shortage(mean)[0] <= mean + 1e-9
