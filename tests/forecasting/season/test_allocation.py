"""Allocation of a fixed total: exact on small cases, and what must hold on every case."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.demand.distribution import NegativeBinomial
from forecasting.season.allocation import RULES, Request, Rule, allocate
from forecasting.season.faults import SeasonError
from forecasting.season.fill import Floats, water_fill


def splits(packs: int, sites: int, most: list[int]) -> Iterator[tuple[int, ...]]:
    """Every way to hand out the packs within the limits."""
    ranges = [range(min(packs, limit) + 1) for limit in most]
    return (split for split in itertools.product(*ranges) if sum(split) == packs)


def expected_sales(mean: Floats, size: float, stock: Floats) -> float:
    demand = NegativeBinomial.of(mean, size)
    return float((mean - demand.expected_shortage(stock)).sum())


def one(total: float, mean: list[float], rule: Rule = "probability", **rest: object) -> list[float]:
    """Allocate one item; the quantities by site."""
    request = Request(np.array([float(total)]), np.array([mean]), **rest)  # type: ignore[arg-type]
    return [float(qty) for qty in allocate(request, rule).qty[0]]


@pytest.mark.parametrize("seed", range(40))
def test_no_split_sells_more_than_equal_probability(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mean = rng.gamma(1.0, 3.0, 4)
    size = float(rng.choice([0.5, 3.0, np.inf]))
    pack = int(rng.choice([1, 1, 3]))
    on_hand = rng.integers(0, 5, 4) * 1.0
    most = [int(limit) for limit in rng.choice([2, 9], 4)]
    packs = min(int(rng.integers(0, 9)), sum(most))
    found = allocate(
        Request(
            np.array([packs * pack * 1.0]),
            mean[None],
            size,
            on_hand=on_hand[None],
            pack=pack,
            most=np.array([most]) * pack,
        )
    )
    best = max(
        expected_sales(mean, size, on_hand + pack * np.array(split))
        for split in splits(packs, 4, most)
    )
    assert found.qty.sum() == packs * pack
    assert expected_sales(mean, size, on_hand + found.qty[0]) == pytest.approx(best, abs=1e-7)


@pytest.mark.parametrize("seed", range(20))
def test_proportional_is_websters_apportionment(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mean = rng.gamma(1.0, 3.0, 5)
    total = int(rng.integers(0, 30))
    seats = np.zeros(5)
    for _ in range(total):
        seats[np.argmax(mean / (seats + 0.5))] += 1
    assert one(total, mean.tolist(), "proportional") == seats.tolist()


@pytest.mark.parametrize(
    ("rule", "options", "expected"),
    [
        ("proportional", {}, [6, 3, 1]),
        ("proportional", {"on_hand": np.array([[8.0, 0, 0]])}, [3, 5, 2]),
        ("probability", {}, [7, 3, 0]),
        ("percent", {"need": np.array([[10.0, 20, 20]])}, [2, 4, 4]),
        ("quota", {"quota": np.array([[0.2, 0.3, 0.5]]), "need": np.full((1, 3), 9.0)}, [2, 3, 5]),
        (
            "quota",
            {"quota": np.array([[0.2, 0.3, 0.5]]), "need": np.array([[9.0, 9, 1]])},
            [4, 5, 1],
        ),
        ("priority", {"rank": np.array([[3, 1, 2]]), "need": np.array([[9.0, 4, 3]])}, [3, 4, 3]),
        ("proportional", {"is_open": np.array([[False, True, True]])}, [0, 8, 2]),
        ("proportional", {"presentation": np.array([[0.0, 0, 3]])}, [5, 2, 3]),
        ("proportional", {"most": np.array([[4.0, 9, 9]])}, [4, 5, 1]),
        ("proportional", {"pack": 4}, [4, 4, 0]),
        ("percent", {"need": np.array([[1.0, 2, 2]])}, [5, 3, 2]),
    ],
)
def test_ten_units_over_three_stores_that_expect_60_30_and_10(
    rule: Rule, options: dict[str, object], expected: list[float]
) -> None:
    assert one(10, [60.0, 30.0, 10.0], rule, **options) == expected


def test_what_does_not_fill_a_pack_stays_behind_unless_it_may_be_split() -> None:
    request = Request(np.array([10.0]), np.array([[60.0, 30.0, 10.0]]), pack=4)
    assert allocate(request).rest.tolist() == [2.0]
    split = Request(np.array([10.5]), np.array([[60.0, 30.0, 10.0]]), splits_last=True)
    found = allocate(split, "proportional")
    assert (found.qty.tolist(), found.rest.tolist()) == ([[6.5, 3.0, 1.0]], [0.0])


def test_a_total_below_the_minimums_serves_whole_minimums_by_demand() -> None:
    request = Request(np.array([10.0]), np.array([[60.0, 30.0, 10.0]]), presentation=4.0)
    found = allocate(request, "proportional")
    assert found.is_short_of_minimum.tolist() == [True]
    assert found.qty.tolist() == [[5.0, 4.0, 1.0]]


def test_nowhere_to_send_it_keeps_it_all_behind() -> None:
    request = Request(np.array([10.0]), np.array([[1.0, 2.0]]), is_open=np.array([[False, False]]))
    found = allocate(request)
    assert (found.qty.sum(), found.rest[0], found.is_capped[0]) == (0.0, 10.0, True)


def test_an_item_without_any_demand_is_split_evenly() -> None:
    assert one(7, [0.0, 0.0, 0.0]) == [3.0, 2.0, 2.0]


def test_more_than_can_ever_sell_is_spread_by_demand_not_heaped_on_one_store() -> None:
    assert one(3000, [2.0, 1.0]) == pytest.approx([2000.0, 1000.0], abs=1)


def test_a_least_quantity_above_the_most_is_refused() -> None:
    with pytest.raises(SeasonError, match="item row 0, site column 1: the least quantity exceeds"):
        one(5, [1.0, 1.0], least=np.array([[0.0, 4]]), most=np.array([[9.0, 3]]))


sites = st.integers(1, 6)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (3, draw(sites))
    return Request(
        np.floor(rng.gamma(1.0, 40.0, 3)),
        rng.gamma(0.7, 10.0, shape) * (rng.random(shape) > 0.2),
        rng.choice([0.3, 5.0, np.inf], shape),
        on_hand=np.floor(rng.gamma(0.5, 10.0, shape)) * (rng.random() > 0.5),
        pack=rng.choice([1.0, 1.0, 6.0], 3),
        most=rng.choice([5.0, 1000.0], shape),
        is_open=rng.random(shape) > 0.15,
        quota=rng.random(shape),
        rank=rng.integers(1, 3, shape),
    )


@settings(max_examples=60, deadline=None)
@given(requests(), st.sampled_from(RULES))
def test_total_is_kept_nothing_is_negative_and_more_supply_takes_from_no_one(
    request: Request, rule: Rule
) -> None:
    found = allocate(request, rule)
    assert found.qty.sum(axis=1) + found.rest == pytest.approx(request.total)
    assert (found.qty >= 0).all()
    assert (found.qty % np.asarray(request.pack)[:, None] == 0).all()
    assert not found.qty[~np.asarray(request.is_open)].any()
    assert (found.qty <= np.asarray(request.most)).all()
    more = Request(**{**request.__dict__, "total": request.total + np.asarray(request.pack)})
    assert (allocate(more, rule).qty >= found.qty).all()


def test_water_fill_lifts_the_lowest_first() -> None:
    poured = water_fill(
        np.array([6.0]),
        np.ones((1, 3)),
        np.array([[5.0, 2.0, 0.0]]),
        np.zeros((1, 3)),
        np.full((1, 3), np.inf),
    )
    assert poured.tolist() == [[0.0, 2.0, 4.0]]
