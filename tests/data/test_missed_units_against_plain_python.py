"""Missed units by cause, recomputed unit by unit in plain Python over generated feeds."""

import random
from collections import Counter, defaultdict, deque
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from data.metrics import measure
from tests.data.generated import Feeds, Row
from tests.data.workshop import make, open_empty

START, AS_OF = date(2026, 1, 5), date(2026, 3, 31)
PARTS, SITES, SUPPLIERS = ("P1", "P2"), ("DC1", "DC2"), ("S0", "S1", "S2")
Posted = Counter[tuple[str, str, str]]


def generate(seed: int) -> Feeds:
    """Orders that are short, late and refused; purchases that come late, in parts, or never."""
    rng = random.Random(seed)
    feeds = Feeds()
    for number in range(160):
        ordered = START + timedelta(days=rng.randrange(70))
        due = ordered + timedelta(days=rng.randrange(1, 12))
        qty = rng.choice([1, 3, 8, 20])
        row: Row = {
            "order_id": f"O{number:03d}",
            "line_no": "1",
            "customer_id": "C1",
            "item_id": rng.choice(PARTS),
            "site_id": rng.choice(SITES),
            "order_date": ordered,
            "requested_date": due,
            "qty_ordered": qty,
            "order_type": rng.choices(["stock", "drop_ship"], [9, 1])[0],
        }
        if rng.random() < 0.2:
            gone = datetime.combine(due + timedelta(days=rng.randrange(-2, 3)), datetime.min.time())
            row |= {
                "qty_cancelled": rng.choice([1, qty]),
                "cancelled_at": gone + timedelta(hours=12),
                "cancelled_by": rng.choice(["customer", "supplier", "provider"]),
            }
        feeds.add("order_lines", **row)
        if rng.random() < 0.5:
            feeds.add(
                "shipments",
                order_id=row["order_id"],
                line_no="1",
                shipped_date=due + timedelta(days=rng.choice([-1, 0, 0, 3])),
                qty_shipped=rng.choice([qty, max(1, qty // 2)]),
            )
    for number in range(40):
        _purchase(feeds, rng, f"PO{number}")
    for offset in range(0, 70, 2):
        for item_id in PARTS:
            for site_id in SITES:
                feeds.add(
                    "stock",
                    snapshot_date=START + timedelta(days=offset),
                    item_id=item_id,
                    site_id=site_id,
                    qty_on_hand=rng.choice([0, 0, 4, 12, 30]),
                )
    return feeds


def _purchase(feeds: Feeds, rng: random.Random, po_id: str) -> None:
    due = START + timedelta(days=rng.randrange(80))
    qty = rng.choice([5, 12, 30])
    feeds.add(
        "purchase_order_lines",
        po_id=po_id,
        line_no="1",
        supplier_id=rng.choice(SUPPLIERS),
        item_id=rng.choice(PARTS),
        site_id=rng.choice(SITES),
        order_date=START - timedelta(days=30),
        promised_date=due,
        qty_ordered=qty,
    )
    came = due + timedelta(days=rng.randrange(-5, 10))
    for part in rng.choice([[], [qty], [qty], [qty // 2, qty - qty // 2], [qty // 3]]):
        feeds.add("receipts", po_id=po_id, line_no="1", received_date=came, qty_received=part)
        came += timedelta(days=rng.randrange(1, 12))


class Oracle:
    """The causes of every missed unit, asked one unit at a time."""

    def __init__(self, feeds: Feeds) -> None:
        self.rows = feeds.rows
        self.posted: Posted = Counter()
        self.shipped: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows["shipments"]:
            self.shipped[row["order_id"]].append(row)
        self.lines = sorted(
            (row for row in self.rows["order_lines"] if row["order_type"] == "stock"),
            key=lambda row: (row["requested_date"], row["order_date"], row["order_id"]),
        )
        self.free: dict[tuple[date, str, str], int] = {
            (row["snapshot_date"], row["item_id"], row["site_id"]): row["qty_on_hand"]
            for row in self.rows["stock"]
        }
        self.shelf: dict[str, tuple[bool, bool, int]] = {}
        self._read_shelves()
        self.backlogs = {
            (supplier, item, site): self._backlog(supplier, item, site)
            for supplier in SUPPLIERS
            for item in PARTS
            for site in SITES
        }
        for line in self.lines:
            self._post(line)

    def missed(self, line: Row) -> int:
        """Units of a line that had not shipped by its due date."""
        due, qty = line["requested_date"], line["qty_ordered"]
        if due > AS_OF:
            return 0
        if line.get("cancelled_by") == "customer" and line["cancelled_at"].date() <= due:
            qty -= line["qty_cancelled"]
        came = sum(
            row["qty_shipped"]
            for row in self.shipped[line["order_id"]]
            if row["shipped_date"] <= due
        )
        return int(max(qty - came, 0))

    def _read_shelves(self) -> None:
        """Who finds the whole line here or elsewhere, and what the shelf lacks for the others."""
        days: dict[tuple[date, str], list[Row]] = defaultdict(list)
        for line in sorted(self.lines, key=lambda row: row["order_id"]):
            days[line["order_date"], line["item_id"]].append(line)
        for (day, item), lines in days.items():
            if (day, item, "DC1") not in self.free:
                continue
            drawn: Counter[str] = Counter()
            used: Counter[str] = Counter()
            unmet = []
            for line in lines:
                qty, site = self._demanded(line), line["site_id"]
                if not qty:
                    continue
                free = self.free[day, item, site]
                lacked = min(qty, max(qty - free + drawn[site], 0))
                drawn[site] += qty if qty <= free else 0
                if qty <= free and drawn[site] <= free:
                    used[site] += qty
                    self.shelf[line["order_id"]] = (True, False, lacked)
                else:
                    unmet.append((line, qty, lacked))
            left = [self.free[day, item, site] - used[site] for site in SITES]
            asked = 0
            for line, qty, lacked in unmet:
                asked += qty if qty <= max(left) else 0
                has = qty <= max(left) and asked <= sum(left)
                self.shelf[line["order_id"]] = (False, has, lacked)

    def _demanded(self, line: Row) -> int:
        """What was wanted until the pick window closed, one working day after the order."""
        closes = line["order_date"] + timedelta(days=1)
        while closes.weekday() > 4:
            closes += timedelta(days=1)
        is_gone = line.get("cancelled_by") == "customer" and line["cancelled_at"].date() <= closes
        return int(line["qty_ordered"] - (line["qty_cancelled"] if is_gone else 0))

    def _backlog(self, supplier: str, item: str, site: str) -> list[tuple[date, date]]:
        """Every late unit: the day from which it was overdue, and the day on which it came."""
        units = []
        for line in self.rows["purchase_order_lines"]:
            if (line["supplier_id"], line["item_id"], line["site_id"]) != (supplier, item, site):
                continue
            came = [
                row["received_date"]
                for row in self.rows.get("receipts", [])
                if row["po_id"] == line["po_id"] and row["received_date"] <= AS_OF
                for _ in range(row["qty_received"])
            ]
            came += [date.max] * (line["qty_ordered"] - len(came))
            due = _roll(line["promised_date"])
            units += [(due, day) for day in came if due <= AS_OF and day > due]
        return units

    def repeated(self) -> tuple[int, int]:
        """Missed lines whose customer missed the part within 90 days before, and judged lines."""
        judged = [line for line in self.lines if self._is_judged(line)]
        missed = [line for line in judged if self.missed(line)]
        again = sum(
            any(
                one["item_id"] == line["item_id"]
                and 1 <= (line["requested_date"] - one["requested_date"]).days <= 90
                for one in missed
            )
            for line in missed
        )
        return again, len(judged)

    def _is_judged(self, line: Row) -> bool:
        due, by = line["requested_date"], line.get("cancelled_by")
        is_gone = by == "customer" and line["cancelled_at"].date() <= due
        return due <= AS_OF and not (is_gone and line["qty_cancelled"] >= line["qty_ordered"])

    def _post(self, line: Row) -> None:
        left, key = self.missed(line), line["order_id"] + "/1"
        if not left:
            return
        is_refused = line.get("cancelled_by") in ("supplier", "provider")
        if is_refused and line["cancelled_at"].date() <= line["requested_date"]:
            left -= self._say(key, "refused", "none", min(left, line["qty_cancelled"]))
        on_shelf, elsewhere, lacked = self.shelf.get(line["order_id"], (False, False, 0))
        if on_shelf:
            left -= self._say(key, "shelf", "none", left)
        explained = 0
        for supplier, claimed in self._shares(line, left):
            explained += self._say(key, "supplier", supplier, self._draw(line, supplier, claimed))
        if elsewhere:
            explained += self._say(key, "transfer", "none", left - explained)
        lacked = min(lacked, self.missed(line)) - explained
        explained += self._say(key, "planning", "none", max(min(left - explained, lacked), 0))
        self._say(key, "unproven", "none", left - explained)

    def _say(self, key: str, cause: str, supplier: str, qty: int) -> int:
        if qty:
            self.posted[key, cause, supplier] += qty
        return qty

    def _shares(self, line: Row, left: int) -> list[tuple[str, int]]:
        """What a line claims of each supplier that is overdue, in whole units."""
        day = line["requested_date"]
        overdue = {
            supplier: sum(
                due <= day < came
                for due, came in self.backlogs[supplier, line["item_id"], line["site_id"]]
            )
            for supplier in SUPPLIERS
        }
        total, until, before, shares = sum(overdue.values()), 0, 0, []
        for supplier in SUPPLIERS if left and total else ():
            until += overdue[supplier]
            now = left if until == total else _half_up(left * until / total)
            if overdue[supplier]:
                shares.append((supplier, now - before))
                before = now
        return shares

    def _draw(self, line: Row, supplier: str, claimed: int) -> int:
        """Take units that are overdue and not yet taken, the oldest first.

        What a supplier delivers is taken against the oldest of its overdue units.
        """
        backlog = self.backlogs[supplier, line["item_id"], line["site_id"]]
        taken = self.__dict__.setdefault("taken", defaultdict(int))
        place = (supplier, line["item_id"], line["site_id"])
        day = line["requested_date"]
        queue = deque(range(sum(due <= day for due, _ in backlog)))
        for _ in range(sum(came <= day for _, came in backlog)):
            queue.popleft()
        got = [unit for unit in queue if unit >= taken[place]][:claimed]
        if got:
            taken[place] = got[-1] + 1
        return len(got)


def _roll(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def _half_up(value: float) -> int:
    return int(value + 0.5)


@pytest.mark.parametrize("seed", range(8))
def test_every_missed_unit_has_the_cause_that_plain_python_finds(seed: int) -> None:
    feeds = generate(seed)
    con = open_empty()
    feeds.load(con)
    assert [check.check for check in make(con, AS_OF.isoformat()) if not check.is_passed] == []
    found: dict[Any, int] = {
        (line, cause, supplier): int(qty)
        for line, cause, supplier, qty in con.execute(
            "SELECT order_line_id, cause, supplier_id, sum(qty_missed) FROM marts.missed_units"
            " GROUP BY order_line_id, cause, supplier_id"
        ).fetchall()
    }
    oracle = Oracle(feeds)
    assert found == dict(oracle.posted)
    row = measure(con, "repeat_miss_rate").iloc[0]
    assert (row["numerator"], row["n"]) == oracle.repeated()
    assert len({cause for _, cause, _ in found}) == 6
