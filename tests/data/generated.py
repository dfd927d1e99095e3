"""Feeds drawn at random with everything that bites: splits, cancellations by all parties, promises
moved early and late, substitutes, returns, holidays, time zones, over-delivery, open lines."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import duckdb

START = date(2026, 1, 5)
AS_OF = date(2026, 3, 31)
Row = dict[str, Any]


@dataclass
class Feeds:
    """Rows by feed."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, feed: str, **row: Any) -> None:
        """Add one row."""
        rows = self.rows.setdefault(feed, [])
        rows.append({**row, "_file": f"{feed}.csv", "_line": len(rows) + 2, "_load_id": feed})

    def load(self, con: duckdb.DuckDBPyConnection) -> None:
        """Put everything into the lake."""
        for feed, rows in self.rows.items():
            for row in rows:
                names = ", ".join(row)
                marks = ", ".join("?" for _ in row)
                con.execute(
                    f"INSERT INTO lake.{feed} ({names}, _seq) VALUES ({marks}, 1)",
                    list(row.values()),
                )

    def known_by(self, day: date) -> "Feeds":
        """Return what had been recorded by a day (timestamps of UTC sites and others alike)."""
        kept = Feeds()
        for feed, rows in self.rows.items():
            kept.rows[feed] = [
                known for row in rows if (known := _known(feed, row, day, self)) is not None
            ]
        return kept


def local_day(instant: datetime, site_id: str) -> date:
    """Return the local day of a UTC instant at one of the generated sites (no summer time)."""
    return (instant + timedelta(hours=HOURS.get(site_id, 0))).date()


HOURS = {"TYO": 9, "PHX": -7}
ZONES = {"TYO": "Asia/Tokyo", "PHX": "America/Phoenix", "LON": "Etc/UTC"}
SITES = ("TYO", "PHX", "LON", "NEW")
ITEMS = tuple(f"P{number}" for number in range(8))


def generate(seed: int, n_lines: int = 300) -> Feeds:
    """Return feeds drawn from a seed."""
    rng = random.Random(seed)
    feeds = Feeds()
    _partners(feeds, rng)
    for number in range(n_lines):
        _order_line(feeds, rng, f"O{number // 3}", str(10 + number % 3))
    for offset in range(0, 80, 2):
        for item_id in ITEMS:
            for site_id in ("TYO", "LON"):
                if rng.random() < 0.6:
                    feeds.add(
                        "stock",
                        snapshot_date=START + timedelta(days=offset),
                        item_id=item_id,
                        site_id=site_id,
                        qty_on_hand=rng.choice([0, 0, 5, 10, 40]),
                        qty_reserved=rng.choice([None, 0, 3]),
                    )
    return feeds


def _partners(feeds: Feeds, rng: random.Random) -> None:
    for site_id, zone in ZONES.items():
        feeds.add(
            "sites",
            site_id=site_id,
            site_name=site_id,
            site_type="dc",
            region="east" if site_id == "TYO" else "west",
            timezone=zone,
            in_contract=True,
        )
    for number, item_id in enumerate(ITEMS[:-1]):
        feeds.add(
            "items",
            item_id=item_id,
            description=item_id,
            item_family=("bolts", "pumps")[number % 2],
            business_unit=("spares", "retail")[number % 3 == 0],
            uom="EA",
            unit_cost=1,
            unit_price=None if number == 2 else number + 1,
            is_stocked=number != 5,
        )
    for number in range(5):
        feeds.add("customers", customer_id=f"C{number}", segment=("dealer", "fleet")[number % 2])
    feeds.add(
        "interchanges",
        item_id="P0",
        substitute_item_id="P1",
        valid_from=START + timedelta(days=30),
        valid_to=None,
    )
    for _ in range(6):
        feeds.add(
            "calendar",
            calendar_id=rng.choice(["TYO", "west", "default"]),
            day=START + timedelta(days=rng.randrange(85)),
            is_working=rng.random() < 0.2,
        )


def _order_line(feeds: Feeds, rng: random.Random, order_id: str, line_no: str) -> None:
    ordered = START + timedelta(days=rng.randrange(84))
    requested = ordered + timedelta(days=rng.randrange(1, 15))
    site_id = rng.choice(SITES)
    qty = rng.choice([1, 2, 5, 10, 20])
    order_type = rng.choices(["stock", "drop_ship", "return"], [12, 1, 1])[0]
    row: Row = {
        "order_id": order_id,
        "line_no": line_no,
        "customer_id": f"C{rng.randrange(6)}",
        "item_id": rng.choice(ITEMS),
        "site_id": site_id,
        "order_date": ordered,
        "requested_date": requested,
        "promised_date": requested + timedelta(days=rng.randrange(4))
        if rng.random() < 0.5
        else None,
        "qty_ordered": -qty if order_type == "return" else qty,
        "unit_price": rng.choice([None, 7]),
        "order_type": order_type,
    }
    if rng.random() < 0.2 and order_type != "return":
        row |= {
            "qty_cancelled": rng.choice([None, 1, qty]),
            "cancelled_at": _instant(rng, ordered + timedelta(days=rng.randrange(14))),
            "cancelled_by": rng.choice(["customer", "customer", "supplier", None]),
        }
    feeds.add("order_lines", **row)
    if rng.random() < 0.6:
        _promises(feeds, rng, row)
    _shipments(feeds, rng, row)


def _promises(feeds: Feeds, rng: random.Random, row: Row) -> None:
    recorded = row["order_date"]
    if rng.random() < 0.1:
        recorded = row["requested_date"] + timedelta(days=rng.randrange(-1, 4))
    promised = row["requested_date"] + timedelta(days=rng.randrange(-1, 4))
    for version in range(rng.choice([1, 1, 2, 3, 4])):
        instant = _instant(rng, recorded)
        who = "provider" if version == 0 else rng.choice(["provider", "supplier", "customer"])
        parts: list[tuple[date, int | None]] = [(promised, None)]
        if rng.random() < 0.25:
            half = abs(row["qty_ordered"]) // 2 or 1
            parts = [(promised, half), (promised + timedelta(days=rng.randrange(1, 25)), half)]
        elif rng.random() < 0.1:
            parts = [(promised, None), (promised + timedelta(days=2), None)]
        for day, qty in parts:
            feeds.add(
                "order_promises",
                order_id=row["order_id"],
                line_no=row["line_no"],
                promised_date=day,
                qty=qty,
                recorded_at=instant,
                initiated_by=who,
            )
        recorded += timedelta(days=rng.randrange(1, 9))
        promised += timedelta(days=rng.choice([-2, 0, 3, 7]))


def _shipments(feeds: Feeds, rng: random.Random, row: Row) -> None:
    shipped = row["order_date"]
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
        shipped += timedelta(days=rng.randrange(8))
        substitute = {"P0": "P1", "P3": "P4"}.get(row["item_id"])
        assessed = rng.random() < 0.8
        feeds.add(
            "shipments",
            order_id=row["order_id"] if rng.random() < 0.98 else "stray",
            line_no=row["line_no"],
            shipped_date=shipped,
            delivered_date=(
                shipped + timedelta(days=rng.randrange(5))
                if row["site_id"] == "PHX" and rng.random() < 0.8
                else None
            ),
            qty_shipped=rng.choice([1, 5, 10, 20, abs(row["qty_ordered"])]),
            site_id=rng.choice([None, None, None, "LON"]),
            item_id=substitute if rng.random() < 0.3 else None,
            is_damaged=rng.random() < 0.1 if assessed else None,
            has_correct_documents=rng.random() < 0.9 if assessed else None,
        )


def _instant(rng: random.Random, day: date) -> datetime:
    return datetime.combine(day, time.min) + timedelta(minutes=rng.randrange(24 * 60))


def _known(feed: str, row: Row, day: date, feeds: Feeds) -> Row | None:
    """Return a row as it stood on a day, None where it was not known yet."""
    dated = {"order_lines": "order_date", "shipments": "shipped_date", "stock": "snapshot_date"}
    if feed in dated and row[dated[feed]] > day:
        return None
    if feed == "order_promises":
        site_id = next(
            line["site_id"]
            for line in feeds.rows["order_lines"]
            if (line["order_id"], line["line_no"]) == (row["order_id"], row["line_no"])
        )
        return row if local_day(row["recorded_at"], site_id) <= day else None
    if feed == "order_lines" and row["promised_date"]:
        key = (row["order_id"], row["line_no"])
        if any(
            (one["order_id"], one["line_no"]) == key for one in feeds.rows.get("order_promises", [])
        ):
            # It stands for a history that is known, now or later.
            row = {**row, "promised_date": None}
    if row.get("cancelled_at") and local_day(row["cancelled_at"], row["site_id"]) > day:
        return {**row, "qty_cancelled": None, "cancelled_at": None, "cancelled_by": None}
    if row.get("delivered_date") and row["delivered_date"] > day:
        return {**row, "delivered_date": None}
    return row
