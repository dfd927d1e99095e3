"""The distribution centres, day by day: sell, receive, ship what waits, look around, review."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from sample_data import promising
from sample_data.demand import Demand
from sample_data.events import STOCK_KINDS, Cancellation, History, Shipment
from sample_data.policies import Policy, ReviewState, months_of_cover
from sample_data.supply import PurchaseLine, draw_receipts
from sample_data.world import FAMILIES, SITES, World

LOOK_DAYS = (0, 2, 4)
SUBSTITUTE_CHANCE = 0.3
KEPT_MONTHS = 0.5


class Operations:
    """State of the distribution centres and the steps that change it.

    Stock that customers' lines have taken but that has not left yet is `reserved`; `free` is the
    rest of the shelf. Lines that wait stand in `queues`, the urgent ones first, then by age.
    """

    def __init__(self, world: World, demand: Demand, policy: Policy | None = None) -> None:
        n_sites, settings = len(world.part_sites), world.settings
        self.world, self.demand, self.settings = world, demand, settings
        self.old_policy, self.new_policy = months_of_cover(settings.cover_months), policy
        self.part = world.part_sites["part"].to_numpy()
        self.site = world.part_sites["site"].to_numpy()
        self.lead = world.parts["lead_time_days"].to_numpy()
        self.supplier = world.parts["supplier"].to_numpy()
        self.switch_day = world.parts["switch_day"].to_numpy()
        has_successor = world.parts["successor"].to_numpy() >= 0
        self.approved_from = np.where(has_successor, self.switch_day, 0)
        self.mean_daily = demand.daily[:, :420].mean(axis=1)
        self.free = np.rint(self.mean_daily * 30.4 * settings.cover_months).astype(np.int64) + 1
        self.reserved = np.zeros(n_sites, dtype=np.int64)
        self.on_order = np.zeros(n_sites, dtype=np.int64)
        self.backordered = np.zeros(n_sites, dtype=np.int64)
        self.open_qty = np.zeros(demand.n, dtype=np.int64)
        self.promised = np.full(demand.n, -1)
        self.n_moves = np.zeros(demand.n, dtype=np.int64)
        self.queues: list[list[int]] = [[] for _ in range(n_sites)]
        self.coming: list[list[PurchaseLine]] = [[] for _ in range(n_sites)]
        self.took: list[list[int]] = [[] for _ in range(n_sites)]
        self.arrivals: dict[int, list[tuple[PurchaseLine, int]]] = defaultdict(list)
        self.leaving: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.agenda: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self.rng = settings.stream("operations")
        self.siblings = siblings(world)
        self.substitutes = {(a, s): b for a, b in substitutes(world) for s in range(4)}
        self.at = {(p, s): k for k, (p, s) in enumerate(zip(self.part, self.site, strict=True))}
        self.history = History(
            np.zeros((len(STOCK_KINDS), settings.n_days, n_sites), dtype=np.int32)
        )

    def run(self) -> History:
        """Live through all days and return what was recorded."""
        days = self.demand.day
        bounds = np.searchsorted(days, np.arange(self.settings.n_days + 1))
        for day in range(self.settings.n_days):
            self.open_day(day)
            for line in range(bounds[day], bounds[day + 1]):
                self.sell(line, day)
            for line, what in self.agenda.pop(day, []):
                if self.open_qty[line]:
                    self.act(line, what, day)
            self.receive(day)
            if self.settings.date_of(day).weekday() in LOOK_DAYS:
                self.look_elsewhere(day)
            self.review(day)
        return self.history

    def open_day(self, day: int) -> None:
        """Let yesterday's shipments go and record the opening position."""
        for part_site, qty in self.leaving.pop(day - 1, []):
            self.reserved[part_site] -= qty
        stock = self.history.stock
        stock[0, day] = self.free + self.reserved
        stock[1, day] = self.on_order
        stock[2, day] = self.reserved
        stock[3, day] = self.backordered

    def sell(self, line: int, day: int) -> None:
        """Serve a new line from the shelf as far as it goes; what is short waits."""
        demand = self.demand
        part_site, qty = demand.part_site[line], int(demand.qty[line])
        self.open_qty[line] = qty
        self.backordered[part_site] += qty
        on_shelf = int(self.free[part_site])
        taken = qty if on_shelf >= qty else on_shelf if demand.takes_part[line] else 0
        promising.promise_new_line(self, line, day, taken)
        if taken:
            self.ship(line, taken, part_site, day)
        if self.open_qty[line]:
            self.wait(line, part_site, day)

    def wait(self, line: int, part_site: int, day: int) -> None:
        """Put a short line into the queue and note what its customer and planner will do."""
        demand = self.demand
        queue = self.queues[part_site]
        queue.append(line)
        queue.sort(key=lambda k: (demand.priority[k] > 0, k))
        self.agenda[int(demand.drops_on[line])].append((line, "drop"))
        self.agenda[int(demand.moves_on[line])].append((line, "move"))
        given_up = int(demand.requested[line] + demand.patience[line])
        self.agenda[given_up].append((line, "give up"))
        self.agenda[day + 3 + int(demand.luck[line, 1] * 9)].append((line, "first look"))

    def ship(self, line: int, qty: int, part_site: int, day: int) -> None:
        """Take stock for a line; it leaves today or on the next working day of the site."""
        site = int(self.site[part_site])
        at_once = self.demand.priority[line] == 0 or self.demand.luck[line, 0] < 0.4
        leaves = int(self.world.next_working[site, day if at_once else day + 1])
        self.free[part_site] -= qty
        self.reserved[part_site] += qty
        self.open_qty[line] -= qty
        self.backordered[self.demand.part_site[line]] -= qty
        self.leaving[leaves].append((part_site, qty))
        part = int(self.part[part_site])
        self.history.shipments.append(Shipment(line, leaves, qty, site, part))

    def act(self, line: int, what: str, day: int) -> None:
        """Do what the agenda says about a line that is still open."""
        if what in ("drop", "give up"):
            self.cancel(line, day, "customer")
        elif what == "move":
            promising.customer_moves(self, line, day)
        else:
            luck = self.demand.luck[line, 2]
            gone = day > self.switch_day[self.part[self.demand.part_site[line]]]
            if what == "first look" and luck < (0.4 if gone else 0.012):
                self.cancel(line, day, "supplier" if luck < 0.004 else "provider")
            else:
                promising.planner_looks(self, line, day)

    def cancel(self, line: int, day: int, by: str) -> None:
        """Cancel what is open of a line."""
        qty = int(self.open_qty[line])
        self.open_qty[line] = 0
        part_site = self.demand.part_site[line]
        self.backordered[part_site] -= qty
        self.queues[part_site].remove(line)
        self.history.cancellations.append(Cancellation(line, day, qty, by))

    def receive(self, day: int) -> None:
        """Put away what arrived today and ship to the lines that wait for it."""
        for purchase, qty in self.arrivals.pop(day, []):
            part_site = purchase.part_site
            self.free[part_site] += qty
            self.on_order[part_site] -= qty
            purchase.open_qty -= qty
            if purchase.open_qty == 0:
                self.coming[part_site].remove(purchase)
                self.took[part_site].append(day - purchase.ordered)
            self.fill_waiting(part_site, day)

    def fill_waiting(self, part_site: int, day: int) -> None:
        """Ship to the queue in its order; a line that takes no part delivery may be passed."""
        for line in list(self.queues[part_site]):
            on_shelf, short = int(self.free[part_site]), int(self.open_qty[line])
            if not on_shelf:
                break
            if on_shelf >= short or self.demand.takes_part[line]:
                self.ship(line, min(short, on_shelf), part_site, day)
                if not self.open_qty[line]:
                    self.queues[part_site].remove(line)

    def look_elsewhere(self, day: int) -> None:
        """Ship short lines from another site or with an approved substitute, where approved."""
        for part_site in np.flatnonzero(self.backordered).tolist():
            for line in list(self.queues[part_site]):
                other = self.source_elsewhere(line, part_site, day)
                if other >= 0:
                    self.ship(line, int(self.open_qty[line]), other, day)
                    self.queues[part_site].remove(line)

    def source_elsewhere(self, line: int, part_site: int, day: int) -> int:
        """Another part-site that can spare the whole open quantity of a line, or -1."""
        draw, short = self.rng.random(2), int(self.open_qty[line])
        if draw[0] < self.settings.transfer_chance:
            for other in self.siblings[part_site]:
                kept = self.mean_daily[other] * 30.4 * KEPT_MONTHS
                if self.free[other] - short >= kept:
                    return other
        key = (int(self.part[part_site]), int(self.site[part_site]))
        other = self.at.get((self.substitutes.get(key, -1), key[1]), -1)
        is_approved = other >= 0 and day >= self.approved_from[key[0]]
        if is_approved and draw[1] < SUBSTITUTE_CHANCE and self.free[other] >= short:
            return other
        return -1

    def review(self, day: int) -> None:
        """Ask the policy in force and place its orders."""
        settings = self.settings
        is_new = self.new_policy is not None and settings.date_of(day) >= settings.go_live
        policy = self.new_policy if is_new and self.new_policy else self.old_policy
        every = settings.new_review_days if is_new else settings.review_days
        turn = np.arange(len(self.part)) % every
        turn -= np.where(turn % 7 > 4, 2, 0)
        is_due = turn == day % every
        if is_due.any():
            orders = np.where(is_due, policy(self.state(day, is_due)), 0)
            for part_site in np.flatnonzero(orders > 0):
                self.buy(int(part_site), int(orders[part_site]), day)

    def buy(self, part_site: int, qty: int, day: int) -> None:
        """Place a purchase order line with the supplier of the part."""
        part, site = int(self.part[part_site]), int(self.site[part_site])
        supplier, lead = int(self.supplier[part]), int(self.lead[part])
        number = len(self.history.purchases)
        purchase = PurchaseLine(number, part, site, supplier, day, qty, day + lead, part_site)
        rate = max(float(self.mean_daily[part_site]), 1e-3)
        position = self.free[part_site] + self.on_order[part_site] - self.backordered[part_site]
        purchase.need = day + int(np.clip(position / rate, 5, lead + 60))
        purchase.open_qty = qty
        purchase.receipts = draw_receipts(
            self.world, supplier, site, day, lead=lead, qty=qty, rng=self.rng
        )
        for receipt in purchase.receipts:
            self.arrivals[receipt.day].append((purchase, receipt.qty - receipt.rejected))
        self.on_order[part_site] += qty
        self.coming[part_site].append(purchase)
        self.history.purchases.append(purchase)

    def state(self, day: int, is_due: NDArray[np.bool_]) -> ReviewState:
        """What planners see at the end of a day."""
        parts = self.world.parts.iloc[self.part]
        pipeline = np.zeros((len(self.part), 27), dtype=np.int64)
        for part_site, purchases in enumerate(self.coming):
            for purchase in purchases:
                weeks = min(26, max(0, (purchase.due - day - 1) // 7))
                pipeline[part_site, weeks] += purchase.open_qty
        return ReviewState(
            today=self.settings.date_of(day),
            item_ids=parts["item_id"].to_numpy(str),
            site_ids=SITES["site_id"].to_numpy(str)[self.site],
            suppliers=self.supplier[self.part],
            is_due=is_due,
            on_hand=self.free.copy(),
            on_order=self.on_order.copy(),
            backordered=self.backordered.copy(),
            pipeline=pipeline,
            daily_demand=self.demand.daily[:, : day + 1],
            unit_cost=parts["unit_cost"].to_numpy(float),
            lead_time_days=parts["lead_time_days"].to_numpy(np.int64),
            moq=parts["moq"].to_numpy(np.int64),
            order_multiple=parts["order_multiple"].to_numpy(np.int64),
            measured_lead_times=[took[-20:] for took in self.took],
        )


def siblings(world: World) -> list[list[int]]:
    """For each part-site the same part at the other sites."""
    part = world.part_sites["part"].to_numpy()
    return [[int(k) for k in np.flatnonzero(part == p) if k != own] for own, p in enumerate(part)]


def substitutes(world: World) -> list[tuple[int, int]]:
    """Approved substitutes: a successor for its predecessor, and some like parts both ways."""
    parts, successor = world.parts, world.parts["successor"].to_numpy()
    pairs = [(int(old), int(successor[old])) for old in np.flatnonzero(successor >= 0)]
    known = {part for pair in pairs for part in pair}
    stocked, family = parts["is_stocked"].to_numpy(), parts["family"].to_numpy()
    for one in range(len(FAMILIES)):
        members = np.flatnonzero(stocked & (family == one)).tolist()
        spare = [part for part in members if part not in known]
        pairs.extend([(spare[0], spare[1]), (spare[1], spare[0])] if len(spare) > 3 else [])
    return pairs
