"""What planning centres and sites together is worth: `python -m benchmarks.two_echelons [ITEMS]`.

Generated items with skewed prices and rates, each at a centre and four sites that it supplies in a
week. The peers keep one protection at all centres and spend the same money; the money is what a
fill of 90 % takes with centres at 90 %.
"""

import sys
import time

import numpy as np

from forecasting.stock import echelons
from forecasting.stock.desk import Desk
from forecasting.stock.wishes import Granted, Wish, grant
from tests.forecasting.stock.test_desk import opened, orders
from tests.forecasting.stock.test_echelons import demand_of, positions_of

SITES = ("D", "E", "F", "G")


def network(n: int) -> Desk:
    """Items at a centre C and the sites that it supplies."""
    rng = np.random.default_rng(1)
    parts: list[tuple[str, str, dict[str, object]]] = []
    rates: dict[tuple[str, str], float] = {}
    for name in (f"I{i}" for i in range(n)):
        cost, rate = float(np.exp(rng.normal(4, 1.6))), float(np.exp(rng.normal(-1.5, 1.3)))
        told = {"unit_cost": cost, "unit_price": 1.4 * cost, "criticality": None,
                "qty_reserved": 0.0, "lead_time_days": 7 * int(rng.integers(3, 13))}  # fmt: skip
        way = {"parent_site_id": "C", "days_from_parent": 7.0}
        parts += [(name, "C", told), *((name, site, told | way) for site in SITES)]
        shares = rng.dirichlet(np.full(len(SITES), 3.0))
        rates |= {(name, site): rate * part for site, part in zip(SITES, shares, strict=True)}
    return opened(positions_of(*parts), demand_of(rates, reach=26), orders())


def filled(desk: Desk, wish: Wish) -> Granted:
    """Levels for a wish."""
    return grant(desk.curves(), desk.items, wish, 0.0)


def main(n: int) -> None:
    """Print the fill at equal money of every protection and of the planned one."""
    raw = network(n)
    for objective in ("units", "lines"):
        full = echelons.supplied(raw, np.full(len(raw), 0.9))
        money = filled(full, Wish(objective, target=0.9)).plan.money
        wish = Wish(objective, budget=money)
        for cover in echelons.COVERS:
            one = filled(echelons.supplied(raw, np.full(len(raw), cover)), wish)
            over = " (over the money)" if one.notes else ""
            print(f"{objective}, all centres at {cover:.0%}: {one.plan.fill(objective):.2%}{over}")
        start = time.process_time()
        chosen = echelons.planned(raw, wish, 0.0)
        spent = time.process_time() - start
        plan = filled(chosen, wish).plan
        print(f"{objective}, planned: {plan.fill(objective):.2%} of {len(raw):,} part-sites, "
              f"{spent:.1f} CPU s")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6_000)
