"""The metrics of suppliers, recomputed in plain Python over generated purchases, agree exactly."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.metrics import measure
from tests.data.generated import Feeds
from tests.data.workshop import make, open_empty

START, AS_OF = date(2026, 1, 5), date(2026, 4, 30)
WINDOWS = {"S0": (5, 0), "S1": (0, 2), "S2": (5, 0)}
PARTS, SITES, LEAD_TIME = ("P1", "P2", "P3"), ("DC1", "DC2"), 21
HOLIDAYS = {date(2026, 2, 16), date(2026, 3, 13)}
SUMS = ["numerator", "denominator", "pending"]
Figures = dict[str, list[tuple[str, date, float, float, bool]]]


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def shift(day: date, working_days: int) -> date:
    """The working day so many working days away; a day off rolls forward first."""
    while not works(day):
        day += timedelta(days=1)
    step = 1 if working_days > 0 else -1
    while working_days:
        day += timedelta(days=step)
        working_days -= step if works(day) else 0
    return day


def worked_by(day: date) -> date:
    """The last working day on or before a day."""
    while not works(day):
        day -= timedelta(days=1)
    return day


def generate(seed: int) -> Feeds:
    """Purchases with moved, late, early and missing promises, rejections and reversals."""
    rng = random.Random(seed)
    feeds = Feeds()
    feeds.add("suppliers", supplier_id="S1", early_window_days=0, late_window_days=2)
    for part in PARTS:
        feeds.add("items", item_id=part, is_stocked=True, lead_time_days=LEAD_TIME)
    for holiday in sorted(HOLIDAYS):
        feeds.add("calendar", calendar_id="default", day=holiday, is_working=False)
    for number in range(150):
        _line(feeds, rng, f"PO{number}")
    return feeds


def _line(feeds: Feeds, rng: random.Random, po_id: str) -> None:
    ordered = START + timedelta(days=rng.randrange(100))
    needed = ordered + timedelta(days=rng.randrange(-2, 40))
    qty = rng.choice([1, 5, 10])
    key = {"po_id": po_id, "line_no": "1"}
    row = {
        "supplier_id": rng.choice(["S0", "S1", "S2"]),
        "item_id": rng.choice(PARTS),
        "site_id": rng.choice(SITES),
    }
    need = needed if rng.random() < 0.8 else None
    feeds.add(
        "purchase_order_lines", **key, **row, order_date=ordered, need_date=need, qty_ordered=qty
    )
    promised = ordered + timedelta(days=rng.randrange(5, 40))
    recorded = datetime.combine(ordered, datetime.min.time()) + timedelta(
        days=rng.choice([0, 1, 6, 7, 8, 12]), hours=12
    )
    for version in range(rng.choice([0, 1, 1, 2, 3])):
        feeds.add(
            "supplier_promises",
            **key,
            promised_date=promised,
            recorded_at=recorded,
            initiated_by="supplier"
            if version == 0
            else rng.choice(["supplier", "provider", "client"]),
        )
        promised += timedelta(days=rng.randrange(-6, 15))
        recorded += timedelta(days=rng.randrange(1, 15))
    received = ordered + timedelta(days=rng.randrange(3, 60))
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        taken = rng.choice([qty, qty, max(1, qty // 2), -1])
        rejected = rng.choice([0, 0, 0, 1]) if taken > 0 else 0
        feeds.add(
            "receipts", **key, received_date=received, qty_received=taken, qty_rejected=rejected
        )
        received += timedelta(days=rng.randrange(1, 8))


class Oracle:
    """The same figures, line by line, in the words of the definitions."""

    def __init__(self, feeds: Feeds, as_of: date) -> None:
        self.as_of = as_of
        self.figures: Figures = defaultdict(list)
        self.rows = {name: feeds.rows.get(name, []) for name in feeds.rows}
        lines = [r for r in self.rows["purchase_order_lines"] if r["order_date"] <= as_of]
        self.promises = {line["po_id"]: self._promises(line) for line in lines}
        self.lines: dict[str, dict[str, Any]] = {}
        self.observed: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.collected_since: dict[str, date] = {}
        for line in lines:
            for recorded, _, _ in self.promises[line["po_id"]][:1]:
                known = self.collected_since.get(line["site_id"], recorded)
                self.collected_since[line["site_id"]] = min(known, recorded)
        for line in lines:
            self._judge(line)
        for receipt in self.rows.get("receipts", []):
            self._accept(receipt)

    def _standing(self, line: dict[str, Any]) -> list[tuple[date, float]]:
        """Day and accepted quantity that still stands: reversals take back the latest first."""
        stack: list[list[Any]] = []
        receipts = [
            (r["received_date"], r["qty_received"] - r["qty_rejected"])
            for r in self.rows.get("receipts", [])
            if r["po_id"] == line["po_id"] and r["received_date"] <= self.as_of
        ]
        owed = 0.0
        for day, qty in sorted(receipts, key=lambda r: (r[0], -r[1])):
            if qty >= 0:
                settled = min(owed, qty)
                owed -= settled
                stack.append([day, qty - settled])
                continue
            back = -qty
            while back and stack:
                taken = min(back, stack[-1][1])
                stack[-1][1] -= taken
                back -= taken
                if not stack[-1][1]:
                    stack.pop()
            owed += back
        return [(day, qty) for day, qty in stack]

    def _promises(self, line: dict[str, Any]) -> list[tuple[date, date, bool]]:
        """(recorded, promised, asked for by the buyer), in order, as far as they count."""
        received, complete = 0.0, None
        for day, qty in self._standing(line):
            received += qty
            if received >= line["qty_ordered"] and complete is None:
                complete = day
        found = [
            (p["recorded_at"].date(), p["promised_date"], p["initiated_by"] == "client")
            for p in self.rows.get("supplier_promises", [])
            if p["po_id"] == line["po_id"] and p["recorded_at"].date() <= self.as_of
        ]
        return [p for p in sorted(found) if complete is None or p[0] <= complete]

    def _first_and_last(self, po_id: str) -> tuple[date | None, date | None, date | None, int]:
        """First, last and newest promise in the running epoch, and the late edits."""
        first = last = previous = None
        late = 0
        too_late = False
        for recorded, promised, asked in self.promises[po_id]:
            if first is None or asked:
                too_late = too_late or (first is not None and recorded > first)
                if first is None or not too_late:
                    first, last, previous, late = promised, promised, promised, 0
                    continue
            if promised != previous:
                frozen = previous is not None and self._working(recorded, previous) < 5
                late += 1 if late or frozen else 0
                last = promised if not late else last
                previous = promised
        return first, last, previous, late

    @staticmethod
    def _working(start: date, end: date) -> int:
        """Working days after start, up to end; negative where end is before."""
        if end < start:
            return -Oracle._working(end, start)
        return sum(works(start + timedelta(days=k)) for k in range(1, (end - start).days + 1))

    def _judge(self, line: dict[str, Any]) -> None:
        first, last, newest, late = self._first_and_last(line["po_id"])
        supplier, qty, ordered = line["supplier_id"], line["qty_ordered"], line["order_date"]
        standing = self._standing(line)
        expected = line["need_date"] or ordered + timedelta(days=LEAD_TIME)
        is_due = ordered >= self.collected_since.get(line["site_id"], date.max)

        def inside(reference: date | None) -> tuple[date, date, float]:
            early, tolerated = WINDOWS[supplier]
            due = shift(reference or expected, 0)
            opens, closes = shift(due, -early - 1), shift(due, tolerated)
            by = min(sum(q for day, q in standing if day <= closes), qty)
            before = min(sum(q for day, q in standing if day <= opens), qty)
            return due, closes, by - before if reference else 0.0

        def put(metric: str, day: date, top: float, bottom: float, judged_on: date) -> None:
            judged = judged_on <= self.as_of
            row = (supplier, day, top * judged, bottom * judged, not judged)
            self.figures[metric].append(row)

        self.lines[line["po_id"]] = self._stand(line, standing, newest, shift(first or expected, 0))
        nearly = self._reached(standing, 0.95 * qty)
        if nearly:
            taken = (nearly - ordered).days
            self._observe("lead_time_days measured", supplier, shift(first or expected, 0), taken)
            self._observe("lead_time_days stated", supplier, shift(first or expected, 0), LEAD_TIME)
        if first and last and newest:
            due, closes, _ = inside(first)
            put("promise_slip_rate", due, newest > first, 1, closes)
            put("promise_pull_in_rate", due, newest < first, 1, closes)
            if closes <= self.as_of:
                ended = self._reached(standing, qty) or self.as_of
                late_by = self._working(due, shift(ended, 0)) if ended > due else 0
                self._observe("days_late", supplier, due, late_by)
                slip = self._working(due, shift(last, 0))
                self._observe("promise_slip_days", supplier, due, max(slip, 0))
        if first or is_due:
            due, closes, on_time = inside(first)
            put("promise_adherence_first", due, on_time >= qty, 1, closes)
            put("unit_on_time_rate", due, on_time, qty, closes)
            last_due, last_closes, kept = inside(last)
            put("promise_adherence_last", last_due, kept >= qty, 1, last_closes)
            if self.promises[line["po_id"]]:
                put("late_edit_rate", due, late > 0, 1, closes)
        if is_due:
            recorded = next((made[0] for made in self.promises[line["po_id"]]), None)
            is_soon = recorded is not None and shift(recorded, 0) <= shift(ordered, 5)
            put("promise_coverage_rate", ordered, is_soon, 1, shift(ordered, 5))
        if line["need_date"] and line["need_date"] >= ordered:
            needed = worked_by(line["need_date"])
            is_there = sum(q for day, q in standing if day <= needed) >= qty
            put("need_date_rate", needed, is_there, 1, needed)
            if first:
                put("promise_to_need_rate", ordered, first <= line["need_date"], 1, ordered)

    def _observe(self, metric: str, supplier: str, day: date, days: int) -> None:
        """One row of a distribution."""
        self.figures[metric].append((supplier, day, days, 1, False))
        self.observed[metric, supplier].append(days)

    @staticmethod
    def _reached(standing: list[tuple[date, float]], qty: float) -> date | None:
        """Day on which so much of what still stands had come."""
        received = 0.0
        for day, taken in standing:
            received += taken
            if received >= qty:
                return day
        return None

    def _stand(
        self,
        line: dict[str, Any],
        standing: list[tuple[date, float]],
        newest: date | None,
        due: date,
    ) -> dict[str, Any]:
        """What the engine line asks of a PO line."""
        came = sum(qty for _, qty in standing)
        expected = line["need_date"] or line["order_date"] + timedelta(days=LEAD_TIME)
        return {
            **line,
            "due": due,
            "standing": standing,
            "open": max(line["qty_ordered"] - came, 0),
            "completed": self._reached(standing, line["qty_ordered"]),
            "promised": newest or expected,
        }

    def _accept(self, receipt: dict[str, Any]) -> None:
        """The quantity accepted of a receipt, in the period of its day."""
        day, received = receipt["received_date"], receipt["qty_received"]
        line = self.lines.get(receipt["po_id"])
        if line and day <= self.as_of:
            accepted = received - receipt["qty_rejected"]
            row = (line["supplier_id"], day, accepted, received, False)
            self.figures["acceptance_rate"].append(row)


def summed(rows: list[tuple[str, date, float, float, bool]], split: str) -> pd.DataFrame:
    """Sums by month and the dimension that the first of each row names."""
    names = [split, "day", "numerator", "denominator", "pending"]
    wanted = pd.DataFrame(rows, columns=names).astype(
        {"numerator": float, "denominator": float, "pending": int}
    )
    wanted["period"] = [pd.Timestamp(day.replace(day=1)) for day in wanted["day"]]
    return wanted.groupby(["period", split])[SUMS].sum().reset_index()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 3, 6)])
def test_every_metric_of_suppliers_agrees_with_plain_python(seed: int, as_of: date) -> None:
    feeds = generate(seed)
    con = open_empty()
    feeds.load(con)
    outcomes = make(con, as_of.isoformat())
    assert [outcome.check for outcome in outcomes if outcome.n_rows] == []
    oracle = Oracle(feeds, as_of)
    assert len(oracle.figures) == 14
    for name, rows in oracle.figures.items():
        metric, *basis = name.split()
        where = {"lead_time_basis": basis} if basis else {}
        found = measure(con, metric, every="month", by=["supplier_id"], where=where)
        found = found.sort_values(["period", "supplier_id"])[["period", "supplier_id", *SUMS]]
        assert found.to_dict("records") == summed(rows, "supplier_id").to_dict("records"), name
    for (name, supplier), days in oracle.observed.items():
        metric, *basis = name.split()
        where = {"supplier_id": [supplier]} | ({"lead_time_basis": basis} if basis else {})
        (row,) = measure(con, metric, where=where).to_dict("records")
        spread = [row["p50"], row["p90"], row["maximum"]]
        assert spread == pytest.approx([*np.quantile(days, [0.5, 0.9]), max(days)]), name
