"""Two echelons: the wait at a centre by Little's law and played, and the choice by brute force."""

import itertools

import numpy as np
import pandas as pd
import pytest

from forecasting.stock import echelons
from forecasting.stock.backorders import poisson_backorders
from forecasting.stock.curves import Floats, Supply, fixed_lead_times
from forecasting.stock.desk import Desk, SummedDemand
from forecasting.stock.wishes import Wish, grant
from tests.forecasting.stock.test_desk import PART, opened, orders

WEEK = 7


def positions_of(*parts: tuple[str, str, dict[str, object]]) -> pd.DataFrame:
    """Parts: item, site, and what is otherwise than usual."""
    return pd.DataFrame(
        [PART | {"item_id": item, "site_id": site} | more for item, site, more in parts]
    )


def demand_of(rates: dict[tuple[str, str], float], reach: int = 16) -> pd.DataFrame:
    """Poisson demand of so much a week, by item and site."""
    return pd.DataFrame(
        [
            (*key, k, rate * k, rate * k, 1.0)
            for key, rate in rates.items()
            for k in range(1, reach + 1)
        ],
        columns=["item_id", "site_id", "periods", "qty_mean", "qty_variance", "qty_step"],
    )


def summed(rate: float, reach: int = 8) -> SummedDemand:
    """Poisson demand of so much a period."""
    ahead = rate * np.arange(1.0, reach + 1)[None, :].astype(np.float64)
    return SummedDemand(ahead, ahead, np.ones(1))


def network(
    rates: dict[str, float],
    *,
    items: tuple[str, ...] = ("A",),
    lead_days: int = 3 * WEEK,
    way_days: int = WEEK,
    **changes: object,
) -> Desk:
    """Items at a centre C and the sites that it supplies, with Poisson demand a week."""
    parts = [
        (
            name, site, {
                "parent_site_id": None if site == "C" else "C",
                "days_from_parent": np.nan if site == "C" else way_days,
                "lead_time_days": lead_days, "qty_reserved": 0.0, **changes,
            },
        )
        for name in items
        for site in ("C", *rates)
    ]  # fmt: skip
    table = demand_of({(name, site): rate for name in items for site, rate in rates.items()})
    return opened(positions_of(*parts), table, orders())


def at(desk: Desk, site: str) -> int:
    return int(np.flatnonzero(desk.parts["site_id"] == site)[0])


def wait(rate: float, lead: int, level: float, *, review: int = 1, lot: float = 1.0) -> Floats:
    supply = Supply(
        fixed_lead_times(np.array([lead])), np.array([review]), np.array([lot]), np.ones(1)
    )
    return np.asarray(echelons.waits(summed(rate), supply, np.array([level]))[0])


def test_a_centre_that_keeps_nothing_lets_everything_wait_for_the_supplier() -> None:
    assert wait(1.2, 2, 0.0).tolist() == pytest.approx([0, 0, 1])


def test_a_full_centre_sends_at_once() -> None:
    assert wait(1.2, 2, 60.0).tolist() == pytest.approx([1, 0, 0])


@pytest.mark.parametrize(("rate", "lead", "level"), [(1.0, 3, 2.0), (4.0, 2, 9.0), (0.2, 5, 1.0)])
def test_the_mean_wait_is_backorders_over_demand(rate: float, lead: int, level: float) -> None:
    chances = wait(rate, lead, level)
    mean = float(chances @ np.arange(len(chances)))
    assert mean == pytest.approx(float(poisson_backorders(rate * lead, level)) / rate, rel=1e-6)
    assert chances.sum() == pytest.approx(1)


def test_longer_reviews_and_larger_lots_make_sites_wait_longer() -> None:
    def mean(**how: float) -> float:
        chances = wait(2.0, 2, 6.0, **how)  # type: ignore[arg-type]
        return float(chances @ np.arange(len(chances)))

    assert mean() < mean(review=3)
    assert mean() < mean(lot=4.0)


def played(
    centre: int, levels: list[int], rates: list[float], *, lead: int, way: int
) -> tuple[float, float]:
    """Unit fill at the sites and mean stock of all places: every order one period's demand."""
    rng = np.random.default_rng(5)
    n, n_sites = 12_000, len(rates)
    demand = rng.poisson(rates, (n, n_sites))
    shelf, owed = np.array(levels, float), np.zeros(n_sites)
    stock, queue = float(centre), np.zeros(n_sites)
    supply = np.zeros(n + lead + 1)
    coming = np.zeros((n + way + 1, n_sites))
    filled = held = 0.0
    asked = np.zeros(n_sites)
    for t in range(n):
        stock += supply[t]
        queue += asked
        supply[t + lead] += asked.sum()
        if lead == 0:
            stock += asked.sum()
        for _ in range(int(min(stock, queue.sum()))):
            site = rng.choice(n_sites, p=queue / queue.sum())
            queue[site] -= 1
            stock -= 1
            coming[t + way, site] += 1
        shelf += coming[t]
        served = np.minimum(shelf, owed)
        shelf, owed = shelf - served, owed - served
        now = np.minimum(shelf, demand[t])
        shelf, owed = shelf - now, owed + demand[t] - now
        filled += now.sum()
        held += shelf.sum() + stock
        asked = demand[t].astype(float)
    return filled / demand.sum(), held / n


@pytest.mark.parametrize("cover", [0.0, 0.7, 0.95])
def test_expected_fill_and_stock_come_true_in_a_played_network(cover: float) -> None:
    rates = [0.8, 1.6]
    raw = network({"D": rates[0], "E": rates[1]})
    desk = echelons.supplied(raw, np.full(len(raw), cover))
    plan = grant(desk.curves(), desk.items, Wish("units", target=0.85), 0.0).plan
    rows = [at(desk, site) for site in ("C", "D", "E")]
    levels = [int(plan.level[row]) for row in rows]
    fill, held = played(levels[0], levels[1:], rates, lead=3, way=1)
    assert plan.fill("units") == pytest.approx(fill, abs=0.02)
    expected = plan.curves.on_hand[plan.rows]
    assert float(expected.sum()) == pytest.approx(held, rel=0.05)


def test_no_protection_and_no_split_of_the_money_fills_more() -> None:
    raw = network({"D": 0.5, "E": 1.5}, lead_days=2 * WEEK)
    budget = 60.0
    wish = Wish("units", budget=budget)
    chosen = echelons.planned(raw, wish, budget)
    found = grant(chosen.curves(), chosen.items, wish, budget).plan.fill("units")
    best = 0.0
    for cover in echelons.COVERS:
        desk = echelons.supplied(raw, np.full(len(raw), cover))
        curves = desk.curves()
        centre = grant(curves, desk.items, wish, budget).plan.rows[at(desk, "C")]
        left = budget - curves.on_hand[centre] * 10.0
        rows = [at(desk, site) for site in "DE"]
        sites = [range(curves.start[row], curves.start[row + 1]) for row in rows]
        fills = [
            1 - (curves.unfilled[one] + curves.unfilled[other]) / 2.0
            for one, other in itertools.product(*sites)
            if 10.0 * (curves.on_hand[one] + curves.on_hand[other]) <= left
        ]
        best = max([best, *fills])
    assert found == pytest.approx(best, abs=1e-9)


def test_at_equal_money_the_chosen_protection_fills_no_less_than_a_full_or_an_empty_centre() -> (
    None
):
    rates = [1.0, 1.0, 1.0, 1.0]
    raw = network(dict(zip("DEFG", rates, strict=True)), lead_days=6 * WEEK)
    wish = Wish("units", budget=90.0)
    fills = {}
    for name, desk in (
        ("chosen", echelons.planned(raw, wish, 90.0)),
        ("full", echelons.supplied(raw, np.full(len(raw), 0.98))),
        ("empty", echelons.supplied(raw, np.full(len(raw), 0.0))),
    ):
        try:
            plan = grant(desk.curves(), desk.items, wish, 90.0).plan
        except ValueError:
            continue
        levels = [int(plan.level[at(desk, site)]) for site in ("C", *"DEFG")]
        fills[name] = played(levels[0], levels[1:], rates, lead=6, way=1)[0]
    assert fills["chosen"] >= max(fills.values()) - 0.01
    assert fills["chosen"] > fills["full"] + 0.02 or fills["chosen"] > fills["empty"] + 0.02


def test_each_item_gets_a_centre_of_its_own_kind() -> None:
    """A dear part that few ask for and a cheap fast one are not protected alike."""
    raw = network({"D": 0.05, "E": 0.05}, items=("dear",), lead_days=6 * WEEK)
    both = pd.concat(
        [raw.parts, network({"D": 9.0, "E": 9.0}, items=("fast",)).parts], ignore_index=True
    )
    both.loc[both["item_id"] == "dear", ["unit_cost", "unit_price"]] = 4000.0
    table = demand_of(
        {(name, site): rate for name, rate in (("dear", 0.05), ("fast", 9.0)) for site in "DE"}
    )
    desk = opened(both.drop(columns=["lead_days", "unique_id"]), table, orders())
    wish = Wish("units", budget=2000.0)
    chosen = echelons.planned(desk, wish, 2000.0)
    assert chosen.network is not None
    cover = dict(zip(chosen.parts["item_id"], chosen.network.cover, strict=False))
    single = max(
        grant(one.curves(), one.items, wish, 2000.0).plan.fill("units")
        for one in (echelons.supplied(desk, np.full(len(desk), c)) for c in echelons.COVERS)
    )
    fill = grant(chosen.curves(), chosen.items, wish, 2000.0).plan.fill("units")
    assert fill >= single - 1e-12
    assert set(cover) == {"dear", "fast"}


def test_a_centres_own_customers_count_and_its_sites_orders_do_not() -> None:
    raw = network({"D": 1.0, "E": 1.0})
    desk = echelons.supplied(raw, np.full(len(raw), 0.9))
    curves = desk.curves()
    assert curves.demand[at(desk, "C")] == 0
    assert curves.demand.sum() == pytest.approx(2.0)
    assert curves.lines.sum() == pytest.approx(2 * (1 - np.exp(-1)))
    table = demand_of({("A", "C"): 3.0, ("A", "D"): 1.0})
    parts = positions_of(
        ("A", "C", {}), ("A", "D", {"parent_site_id": "C", "days_from_parent": 3.0})
    )
    mixed = echelons.supplied(opened(parts, table), np.full(2, 0.9))
    assert mixed.curves().demand == pytest.approx([3.0, 1.0])


def test_limits_set_by_people_bind_a_centre() -> None:
    raw = network({"D": 4.0, "E": 4.0}, max_level=5.0)
    desk = echelons.planned(raw, Wish("units", target=0.95), 0.0)
    assert desk.items.max_level[at(desk, "C")] <= 5.0


def test_a_suppliers_smallest_order_is_none_of_the_centres() -> None:
    raw = network({"D": 1.0}, moq=25.0)
    desk = echelons.planned(raw, Wish("units", target=0.9), 0.0)
    assert desk.items.lot[at(desk, "D")] == 1
    assert desk.items.lot[at(desk, "C")] == 25


def test_without_days_on_the_way_a_parent_changes_nothing() -> None:
    plain = positions_of(("A", "C", {}), ("A", "D", {}))
    named = plain.assign(parent_site_id=["", "C"], days_from_parent=[np.nan, np.nan])
    table = demand_of({("A", "C"): 1.0, ("A", "D"): 2.0})
    one, other = opened(plain, table), opened(named, table)
    assert other.network is None
    assert echelons.planned(other, Wish(), 100.0) is other
    assert np.array_equal(one.lead_weights, other.lead_weights)
    assert np.array_equal(one.curves().unfilled, other.curves().unfilled)
    assert np.array_equal(one.inventory.arrivals, other.inventory.arrivals)


def test_a_site_buys_where_its_centre_does_not_keep_the_item_or_has_a_centre_itself() -> None:
    way = {"days_from_parent": 3.0}
    table = demand_of({("A", "D"): 1.0, ("A", "E"): 1.0, ("A", "F"): 1.0})
    parts = positions_of(
        ("A", "D", {"parent_site_id": "nowhere", **way}),
        ("A", "E", {"parent_site_id": "F", **way}),
        ("A", "F", {"parent_site_id": "E", **way}),
    )
    assert opened(parts, table).network is None
    chain = parts.assign(parent_site_id=["E", "F", ""])
    found = opened(chain, table)
    assert found.network is not None
    named = found.parts["site_id"].tolist()
    assert found.network.parent.tolist() == [
        {"D": -1, "E": named.index("F"), "F": -1}[site] for site in named
    ]
