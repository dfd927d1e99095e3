"""Two echelons against the closed forms of METRIC, a simulation, and brute force."""

import itertools

import numpy as np
import pytest

from forecasting.stock.backorders import poisson_backorders
from forecasting.stock.echelons import Network, centre_backorders, evaluate, optimise


def network(demand: list[list[float]], **changes: float) -> Network:
    rates = np.array(demand)
    n_items, _ = rates.shape
    return Network(
        rates,
        np.full(n_items, changes.get("dispersion", 1.0)),
        np.full(rates.shape, changes.get("transport", 0.5)),
        np.full(n_items, changes.get("resupply", 2.0)),
        np.ones(n_items),
    )


def test_without_a_centre_a_site_waits_for_the_supplier_and_the_truck() -> None:
    alone = network([[1.2]])
    found = evaluate(alone, np.array([0]), np.array([[4]]))
    assert found.backorders[0, 0] == pytest.approx(float(poisson_backorders(1.2 * 2.5, 4)))


def test_a_full_centre_leaves_only_the_truck() -> None:
    full = network([[1.2, 0.6]])
    found = evaluate(full, np.array([60]), np.array([[2, 1]]))
    expected = poisson_backorders(np.array([0.6, 0.3]), np.array([2, 1]))
    assert found.backorders[0] == pytest.approx(expected, abs=1e-9)


def test_mean_and_variance_of_the_centres_backorders_are_those_of_draws() -> None:
    mean, variance = centre_backorders(network([[1.0, 2.0]]), np.array([5.0]))
    short = np.maximum(np.random.default_rng(3).poisson(6.0, 400_000) - 5, 0)
    assert mean[0] == pytest.approx(short.mean(), rel=0.01)
    assert variance[0] == pytest.approx(short.var(), rel=0.01)


def simulated_backorders(centre: int, site: int, n_sites: int, rate: float) -> float:
    """One-for-one replenishment in continuous time, fixed transport 0.5 and resupply 2.0."""
    rng = np.random.default_rng(11)
    horizon = 40_000.0
    n_orders = rng.poisson(rate * n_sites * horizon)
    at = np.sort(rng.random(n_orders) * horizon)
    # The k-th demand is met from the k-th unit that reaches the centre: the first are in stock.
    released = at.copy()
    released[centre:] = np.maximum(at[centre:], at[: n_orders - centre] + 2.0)
    if centre == 0:
        released = at + 2.0
    owner = rng.integers(0, n_sites, n_orders)
    waits = 0.0
    for one in range(n_sites):
        mine = owner == one
        wanted, arrives = at[mine], released[mine] + 0.5
        met = np.maximum(wanted[site:], arrives[: len(wanted) - site])
        waits += float((met - wanted[site:]).sum())
    return waits / horizon


def test_expected_backorders_come_true_in_a_simulated_network() -> None:
    found = evaluate(network([[0.8, 0.8, 0.8]]), np.array([4]), np.array([[2, 2, 2]]))
    assert found.backorders.sum() == pytest.approx(simulated_backorders(4, 2, 3, 0.8), rel=0.06)


def test_no_split_of_the_same_units_leaves_fewer_backorders() -> None:
    small = network([[0.4, 0.9]])
    found = optimise(small, budget=6)
    n_units = int(found.money)
    others = [
        evaluate(small, np.array([centre]), np.array([[left, right]])).backorders.sum()
        for centre, left, right in itertools.product(range(n_units + 1), repeat=3)
        if centre + left + right == n_units
    ]
    assert found.backorders.sum() == pytest.approx(min(others), abs=1e-9)


def test_more_spread_in_demand_needs_more_stock_for_the_same_backorders() -> None:
    steady, lumpy = (network([[0.7, 0.7]], dispersion=value) for value in (1.0, 3.0))
    levels = np.array([2]), np.array([[2, 2]])
    assert evaluate(lumpy, *levels).backorders.sum() > evaluate(steady, *levels).backorders.sum()


def test_fill_is_the_chance_of_less_than_the_level_on_the_way() -> None:
    golden = network([[1.0]], transport=3.0, resupply=0.0)
    found = evaluate(golden, np.array([0]), np.array([[5]]))
    assert found.fill[0, 0] == pytest.approx(0.8153, abs=5e-5)
