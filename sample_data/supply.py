"""Suppliers: how long they really take, in how many pieces, and what of it is rejected."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sample_data.world import World


@dataclass
class Receipt:
    """One receipt of a purchase order line: day, received and rejected quantity [units]."""

    day: int
    qty: int
    rejected: int = 0


class SupplierPromise(NamedTuple):
    """One version of a supplier's promise for a whole line."""

    recorded: int
    promised: int
    by: str
    reason: str


@dataclass
class PurchaseLine:
    """A purchase order line.

    `due` is the day by the lead time that the supplier states, which is what planners believe
    until they hear better; `receipts` is what will really happen, `need` the day on which the
    shelf or the build needs it.
    """

    number: int
    part: int
    site: int
    supplier: int
    ordered: int
    qty: int
    due: int
    part_site: int = -1
    need: int = -1
    open_qty: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    promises: list[SupplierPromise] = field(default_factory=list)
    expedited_on: int = -1

    @property
    def last_day(self) -> int:
        """Day of the last planned receipt."""
        return max(receipt.day for receipt in self.receipts)


# Behaviour -> (mean of real over stated lead time, its coefficient of variation, chance of a
# delivery in two pieces, chance that a piece is partly rejected)
HABITS = {
    "honest": (1.00, 0.14, 0.05, 0.02),
    "optimistic": (1.30, 0.25, 0.10, 0.03),
    "slipping": (1.45, 0.35, 0.15, 0.05),
    "short-shipping": (1.05, 0.18, 0.45, 0.04),
}


def draw_receipts(
    world: World,
    supplier: int,
    site: int,
    ordered: int,
    *,
    lead: int,
    qty: int,
    rng: np.random.Generator,
) -> list[Receipt]:
    """When and in which pieces an order of `qty` will come in.

    The real lead time is log-normal around the stated one; a short shipper sends the rest two to
    seven weeks later; a rejected quantity is replaced three to six weeks later.
    """
    mean, spread, short, reject = HABITS[str(world.suppliers["behaviour"].iat[supplier])]
    sigma = np.sqrt(np.log1p(spread**2))
    takes = lead * mean * rng.lognormal(-(sigma**2) / 2, sigma)
    on_dock = world.next_working[site]
    first = on_dock[ordered + max(3, round(takes))] if takes < 700 else on_dock[ordered + 700]
    pieces = [(int(first), qty)]
    if qty > 1 and rng.random() < short:
        early = min(qty - 1, max(1, round(qty * rng.uniform(0.5, 0.9))))
        later = int(on_dock[min(first + rng.integers(14, 50), len(on_dock) - 1)])
        pieces = [(int(first), early), (later, qty - early)]
    receipts = []
    for day, amount in pieces:
        bad = max(1, round(amount * rng.uniform(0.1, 1.0))) if rng.random() < reject else 0
        receipts.append(Receipt(day, amount, bad))
        if bad:
            replaced = int(on_dock[min(day + rng.integers(20, 45), len(on_dock) - 1)])
            receipts.append(Receipt(replaced, bad))
    return receipts
