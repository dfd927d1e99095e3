"""What suppliers promise, and when they admit that it will be later."""

import numpy as np

from sample_data.settings import Settings
from sample_data.supply import PurchaseLine, SupplierPromise
from sample_data.world import World

# Behaviour -> days until the first promise [from, to), days of notice before a move [from, to),
# chance that a supplier who is late says so
MANNERS = {
    "honest": ((1, 4), (8, 21), 0.95),
    "optimistic": ((1, 5), (-2, 8), 0.75),
    "slipping": ((3, 14), (1, 14), 0.9),
    "short-shipping": ((2, 7), (-3, 6), 0.35),
}
# Behaviour -> chance that a promise comes from the supplier's own production plan and not from
# wishes: when promises begin to be collected, and after their first year of reviews
REALISM = {
    "honest": (1.0, 1.0),
    "optimistic": (0.5, 0.8),
    "slipping": (0.2, 0.45),
    "short-shipping": (0.65, 0.95),
}
REVIEWED_DAYS = 300
REASONS = ("capacity", "material late", "quality hold", "transport")
COVERAGE_AT_START, COVERAGE_AT_MOST, RAMP_DAYS = 0.7, 0.97, 330
MOST_MOVES = 6
CLIENT_MOVES_CHANCE = 0.04


def has_promise(settings: Settings, purchase: PurchaseLine, luck: float) -> bool:
    """Whether a promise was collected: none before the start, then more from month to month."""
    since = purchase.ordered - settings.day_of(settings.promise_start)
    share = COVERAGE_AT_START + (COVERAGE_AT_MOST - COVERAGE_AT_START) * since / RAMP_DAYS
    return since >= 0 and luck < min(share, COVERAGE_AT_MOST)


def is_realistic(settings: Settings, purchase: PurchaseLine, behaviour: str, luck: float) -> bool:
    """Whether the promise comes from the supplier's own plan: more often after each review."""
    since = purchase.ordered - settings.day_of(settings.promise_start)
    start, end = REALISM[behaviour]
    return luck < start + (end - start) * min(since / REVIEWED_DAYS, 1.0)


def first_promise(
    purchase: PurchaseLine, behaviour: str, rng: np.random.Generator, *, realistic: bool
) -> int:
    """Day first promised: from the plan, else the stated lead time, which the slipping undercut.

    The plan of a short shipper is the day of its first piece.
    """
    if realistic:
        is_short = behaviour == "short-shipping"
        planned = purchase.receipts[0].day if is_short else purchase.last_day
        return planned + int(rng.integers(-1, 7))
    if behaviour == "slipping":
        return purchase.due - int(rng.integers(0, 11))
    return purchase.due + int(rng.integers(0, 3))


def next_promise(purchase: PurchaseLine, behaviour: str, rng: np.random.Generator, old: int) -> int:
    """Day promised after a move: the honest say the truth, the others hope again."""
    if behaviour == "honest":
        return max(old + 1, purchase.last_day + int(rng.integers(-1, 4)))
    return old + int(rng.integers(5, 19))


def promise(world: World, purchase: PurchaseLine, rng: np.random.Generator) -> None:
    """Write all promises that the supplier will make for a line, if nobody intervenes."""
    if not has_promise(world.settings, purchase, rng.random()):
        return
    behaviour = str(world.suppliers["behaviour"].to_numpy()[purchase.supplier])
    response, notice, frankness = MANNERS[behaviour]
    on_dock = world.next_working[purchase.site]
    recorded = int(on_dock[purchase.ordered + rng.integers(*response)])
    realistic = is_realistic(world.settings, purchase, behaviour, rng.random())
    first = first_promise(purchase, behaviour, rng, realistic=realistic)
    promised = int(on_dock[max(recorded + 1, first)])
    purchase.promises.append(SupplierPromise(recorded, promised, "supplier", "first promise"))
    if rng.random() < CLIENT_MOVES_CHANCE:
        recorded += int(rng.integers(2, 10))
        promised = int(on_dock[promised + rng.integers(5, 25)])
        purchase.promises.append(
            SupplierPromise(recorded, promised, "client", "need date moved by the plan")
        )
    for _ in range(MOST_MOVES):
        if promised >= purchase.last_day or rng.random() > frankness:
            break
        recorded = max(recorded + 2, promised - int(rng.integers(*notice)))
        if recorded >= purchase.last_day:
            break
        promised = int(on_dock[max(recorded + 1, next_promise(purchase, behaviour, rng, promised))])
        reason = REASONS[int(rng.integers(0, len(REASONS)))]
        purchase.promises.append(SupplierPromise(recorded, promised, "supplier", reason))


def promised_by(purchase: PurchaseLine, day: int) -> int:
    """The day promised last as known on a day, or the day by the stated lead time."""
    known = [one.promised for one in purchase.promises if one.recorded <= day]
    return known[-1] if known else purchase.due


def pull_in(world: World, purchase: PurchaseLine, day: int, rng: np.random.Generator) -> None:
    """Expedite a line: what is still to come takes a part of the time that is left.

    The supplier answers with a new promise that the client asked for; what it would have said
    later is void.
    """
    share, on_dock = rng.uniform(0.25, 0.65), world.next_working[purchase.site]
    for receipt in purchase.receipts:
        left = receipt.day - day
        if left > 0:
            receipt.day = int(on_dock[day + max(3, round(left * share))])
    purchase.expedited_on = day
    if purchase.promises:
        purchase.promises = [one for one in purchase.promises if one.recorded <= day]
        promised = int(on_dock[purchase.last_day + rng.integers(0, 3)])
        purchase.promises.append(SupplierPromise(day + 1, promised, "client", "expedited"))
