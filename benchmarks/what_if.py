"""How long a what-if takes on generated part-sites: `python -m benchmarks.what_if [N]`."""

import sys
import time

import numpy as np

from forecasting.stock.scenarios import Change, changed, compared, grid, to_buy
from forecasting.stock.wishes import Wish, grant
from tests.forecasting.stock.test_scenarios import many


def main(n: int) -> None:
    """Time each stage of a scenario, to a target and for money with a value share [CPU seconds]."""
    desk = many(n)
    change = Change(lead_days=7.0, demand=0.1, price=0.05, supplier_id="S1", supplier_days=30.0)
    clock = [time.process_time()]
    other = changed(desk, change)
    clock.append(time.process_time())
    curves = other.curves(grid(n))
    clock.append(time.process_time())
    plan = grant(curves, other.items, Wish("lines", target=0.9), 0.0).plan
    clock.append(time.process_time())
    # A share that the plan without it misses, so that the weight of value has to be found.
    wish = Wish("lines", budget=plan.money, floor=0.5, value_share=0.9)
    held = grant(curves, other.items, wish, 0.0).plan
    clock.append(time.process_time())
    compared(desk, (plan, held), (to_buy(other, plan), to_buy(other, held)))
    clock.append(time.process_time())
    names = ("conditions", "curves", "levels to a target", "levels that keep value", "comparison")
    spent = dict(zip(names, np.diff(clock), strict=True))
    for name, seconds in spent.items():
        print(f"{name}: {seconds:.2f} s")
    shared = spent["conditions"] + spent["curves"] + spent["comparison"]
    for name in names[2:4]:
        print(f"{n:,} part-sites, {len(curves.level):,} levels, {name}: "
              f"{shared + spent[name]:.2f} CPU s")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000)
