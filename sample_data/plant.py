"""The plant, week by week: order what the schedule asks for, expedite what would block engines."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.commitments import promise, promised_by, pull_in
from sample_data.schedule import FLOAT_DAYS, PLANT, Schedule
from sample_data.supply import PurchaseLine, draw_receipts
from sample_data.world import World

Ints = NDArray[np.int64]

LOT_DAYS = 14
LOOK_AHEAD_DAYS = 42
EXPEDITE_AGAIN_DAYS = 14
NOT_YET = 1_000_000


@dataclass
class PartFlow:
    """One part at the plant: what its builds need, in their order, and what is on its way."""

    part: int
    build: Ints
    need: Ints
    cumulative: Ints
    opening: int
    ordered: int
    purchases: list[PurchaseLine] = field(default_factory=list)

    def usable_by(self, day: int) -> int:
        """Accepted quantity that had come by a day, opening stock included [units]."""
        return self.opening + sum(
            receipt.qty - receipt.rejected
            for purchase in self.purchases
            for receipt in purchase.receipts
            if receipt.day <= day
        )

    def covered_on(self) -> Ints:
        """Day on which each requirement is wholly covered, `NOT_YET` where no order covers it."""
        receipts = [one for purchase in self.purchases for one in purchase.receipts]
        receipts.sort(key=lambda one: one.day)
        days = np.array([0, *(one.day for one in receipts), NOT_YET], dtype=np.int64)
        usable = np.cumsum([self.opening, *(one.qty - one.rejected for one in receipts)])
        covered: Ints = days[np.searchsorted(usable, self.cumulative)]
        return covered


class Plant:
    """The plant's purchasing: a requirements run each Monday, and expediting from go-live."""

    def __init__(self, world: World, schedule: Schedule) -> None:
        self.world, self.schedule, self.settings = world, schedule, world.settings
        self.rng = world.settings.stream("plant")
        self.promises = world.settings.stream("plant promises")
        self.lead = world.parts["lead_time_days"].to_numpy()
        self.supplier = world.parts["supplier"].to_numpy()
        self.flows = [self.open_flow(part) for part in np.unique(schedule.part).tolist()]
        self.measured: dict[int, list[int]] = {}

    def open_flow(self, part: int) -> PartFlow:
        """Requirements of a part, with enough stock for the first lead time."""
        schedule = self.schedule
        own = schedule.part == part
        cumulative = np.cumsum(schedule.qty[own])
        horizon = int(self.lead[part]) + self.settings.plant_buffer_days + LOT_DAYS
        early = cumulative[schedule.need[own] <= horizon]
        opening = int(early[-1]) if len(early) else 0
        build, need = schedule.build[own], schedule.need[own]
        return PartFlow(part, build, need, cumulative, opening, opening)

    def run(self) -> "Plant":
        """Live through all weeks."""
        go_live = self.settings.day_of(self.settings.go_live)
        mondays = range(-self.settings.warm_up_start.weekday() % 7, self.settings.n_days, 7)
        for monday in mondays:
            for flow in self.flows:
                self.order(flow, monday)
            if monday >= go_live and self.settings.expedites_per_week:
                self.expedite(monday)
        return self

    def order(self, flow: PartFlow, day: int) -> None:
        """Order a lot when the next requirement within the lead time is not covered."""
        lead = int(self.lead[flow.part])
        reach = day + lead + self.settings.plant_buffer_days
        n_due = int(np.searchsorted(flow.need, reach, side="right"))
        if n_due == 0 or flow.cumulative[n_due - 1] <= flow.ordered:
            return
        n_lot = int(np.searchsorted(flow.need, reach + LOT_DAYS, side="right"))
        qty = int(flow.cumulative[n_lot - 1]) - flow.ordered
        supplier = int(self.supplier[flow.part])
        purchase = PurchaseLine(0, flow.part, PLANT, supplier, day, qty, day + lead)
        purchase.need = int(flow.need[np.searchsorted(flow.cumulative, flow.ordered + 1)])
        purchase.receipts = draw_receipts(
            self.world, supplier, PLANT, day, lead=lead, qty=qty, rng=self.rng
        )
        promise(self.world, purchase, self.promises)
        flow.ordered += qty
        flow.purchases.append(purchase)

    def expedite(self, day: int) -> None:
        """Pull in the purchase lines that hold most engines up per day to be gained."""
        ranked = rank_blockers(self.flows, day, self.supplier_slips(day))
        for blocker in ranked[: self.settings.expedites_per_week]:
            pull_in(self.world, blocker.purchase, day, self.rng)

    def supplier_slips(self, day: int) -> dict[int, float]:
        """Mean days by which each supplier's finished lines missed the last promise [days]."""
        slips: dict[int, list[int]] = {}
        for flow in self.flows:
            for purchase in flow.purchases:
                if purchase.last_day <= day and purchase.expedited_on < 0:
                    slip = purchase.last_day - promised_by(purchase, purchase.ordered + 21)
                    slips.setdefault(purchase.supplier, []).append(max(0, slip))
        return {supplier: float(np.mean(days[-40:])) for supplier, days in slips.items()}


@dataclass(frozen=True)
class Blocker:
    """A purchase line that holds engines up, and how much pulling it in by a day is worth."""

    purchase: PurchaseLine
    engines_per_day: float


def rank_blockers(flows: list[PartFlow], day: int, slips: dict[int, float]) -> list[Blocker]:
    """Rank open purchase lines by the engines they would unblock per day pulled in.

    A requirement is held up when the derived day (the last promise plus the mean slip of the
    supplier) of the purchase line that covers it is after its need date. An engine that waits for
    k parts counts 1/k for each of them.
    """
    held: list[tuple[int, PurchaseLine, int]] = []
    for flow in flows:
        have = flow.usable_by(day)
        first = int(np.searchsorted(flow.cumulative, have, side="right"))
        last = int(np.searchsorted(flow.need, day + LOOK_AHEAD_DAYS, side="right"))
        coming = expected(flow, day, slips)
        reached = have + np.cumsum([qty for _, _, qty in coming])
        for requirement in range(first, last):
            place = int(np.searchsorted(reached, flow.cumulative[requirement]))
            if place < len(coming):
                derived, purchase, _ = coming[place]
                late = derived - max(day, int(flow.need[requirement]))
                if late > 0:
                    held.append((int(flow.build[requirement]), purchase, late))
    waits = pd.Series([build for build, _, _ in held]).value_counts()
    worth: dict[int, float] = {}
    longest: dict[int, int] = {}
    lines = {id(purchase): purchase for _, purchase, _ in held}
    for build, purchase, late in held:
        worth[id(purchase)] = worth.get(id(purchase), 0.0) + 1.0 / int(waits[build])
        longest[id(purchase)] = max(longest.get(id(purchase), 0), late)
    ranked = [Blocker(lines[key], worth[key] / longest[key]) for key in worth]
    fresh = [
        blocker
        for blocker in ranked
        if blocker.purchase.expedited_on < 0
        or day - blocker.purchase.expedited_on >= EXPEDITE_AGAIN_DAYS
    ]
    return sorted(fresh, key=lambda one: -one.engines_per_day)


def expected(
    flow: PartFlow, day: int, slips: dict[int, float]
) -> list[tuple[int, PurchaseLine, int]]:
    """Open purchase lines by derived day: (day, line, quantity still to come)."""
    coming = []
    for purchase in flow.purchases:
        missing = sum(one.qty - one.rejected for one in purchase.receipts if one.day > day)
        if missing:
            derived = promised_by(purchase, day) + round(slips.get(purchase.supplier, 0.0))
            coming.append((max(derived, day + 3), purchase, missing))
    return sorted(coming, key=lambda one: one[0])


def requirement_days(plant: Plant) -> Ints:
    """Day on which each requirement of the schedule was wholly there, or `NOT_YET`."""
    days = np.full(len(plant.schedule.part), NOT_YET, dtype=np.int64)
    for flow in plant.flows:
        days[plant.schedule.part == flow.part] = flow.covered_on()
    return days


def ship_days(plant: Plant, there: Ints) -> Ints:
    """Day on which each engine leaves.

    Assembly works around a missing part for `FLOAT_DAYS`; from then on the end moves with it.
    """
    schedule = plant.schedule
    delay = np.zeros(len(schedule.start), dtype=np.int64)
    late = np.maximum(0, there - schedule.need - FLOAT_DAYS)
    np.maximum.at(delay, schedule.build, late)
    done = schedule.finish + delay
    is_known = done < plant.settings.n_days
    shipped = np.full(len(done), NOT_YET, dtype=np.int64)
    shipped[is_known] = plant.world.next_working[PLANT][done[is_known]]
    return shipped
