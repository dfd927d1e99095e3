"""A small warehouse of purchases and builds: one supplier keeps its word, one does not."""

import datetime as dt
from pathlib import Path

from data.build import build
from data.ingest import ingest
from tests.small import HOSTILE, write

LAST_DAY = dt.date(2026, 6, 14)
FIRST_DAY = dt.date(2025, 6, 2)


def write_feeds(folder: Path) -> None:
    """Two lines a week, one of each supplier, promised in 28 days; GOOD keeps it, BAD is 6 late."""
    folder.mkdir(parents=True, exist_ok=True)
    write(
        folder / "suppliers.csv",
        "supplier_id supplier_name region",
        [("GOOD", "Bolts", "EMEA"), ("BAD", HOSTILE, "EMEA")],
    )
    items = [("bolt", "a bolt"), ("pump", HOSTILE)]
    write(
        folder / "items.csv",
        "item_id description item_family business_unit uom unit_cost lead_time_days is_stocked",
        [(*item, "parts", "engines", "EA", 10, 28, "true") for item in items],
    )
    site = ("PLT", "Plant", "plant", "EMEA", "UTC", "true")
    write(folder / "sites.csv", "site_id site_name site_type region timezone in_contract", [site])
    lines: list[tuple[object, ...]] = []
    promises: list[tuple[object, ...]] = []
    receipts: list[tuple[object, ...]] = []
    for week in range((LAST_DAY - FIRST_DAY).days // 7):
        ordered = FIRST_DAY + dt.timedelta(weeks=week)
        due = ordered + dt.timedelta(days=28)
        for supplier, item, late in (("GOOD", "bolt", 0), ("BAD", "pump", 6)):
            po_id = f"{supplier}{week:03d}"
            lines.append((po_id, "10", supplier, item, "PLT", ordered, due, 10, 5))
            promises.append((po_id, "10", due, f"{ordered} 09:00:00", "supplier", ""))
            came = due + dt.timedelta(days=late)
            if late and week % 2:
                moved = due - dt.timedelta(days=1)
                promises.append((po_id, "10", came, f"{moved} 09:00:00", "supplier", "=late()"))
            if came <= LAST_DAY:
                receipts.append((po_id, "10", came, 10, 0))
    write(
        folder / "purchase_order_lines.csv",
        "po_id line_no supplier_id item_id site_id order_date need_date qty_ordered unit_price",
        lines,
    )
    known = [row for row in promises if str(row[3])[:10] <= LAST_DAY.isoformat()]
    write(
        folder / "supplier_promises.csv",
        "po_id line_no promised_date recorded_at initiated_by reason",
        known,
    )
    write(
        folder / "receipts.csv", "po_id line_no received_date qty_received qty_rejected", receipts
    )
    write(
        folder / "stock.csv",
        "snapshot_date item_id site_id qty_on_hand",
        [(LAST_DAY, "bolt", "PLT", 20), (LAST_DAY, "pump", "PLT", 0)],
    )
    builds: list[tuple[object, ...]] = []
    needs: list[tuple[object, ...]] = []
    for number in range(30):
        start = dt.date(2025, 12, 1) + dt.timedelta(weeks=number)
        is_done = start < LAST_DAY - dt.timedelta(days=14)
        shipped = start + dt.timedelta(days=10) if is_done else ""
        builds.append(
            (f"E{number:03d}", "PLT", "engine", start, start + dt.timedelta(days=11), shipped)
        )
        for item, late in (("bolt", 0), ("pump", number % 3)):
            there = start + dt.timedelta(days=late) if is_done else ""
            needs.append((f"E{number:03d}", item, 5, start, there))
    write(
        folder / "builds.csv",
        "build_id site_id product planned_start_date requested_ship_date shipped_date",
        builds,
    )
    write(
        folder / "build_requirements.csv",
        "build_id item_id qty_required need_date available_date",
        needs,
    )


def make(folder: Path) -> Path:
    """Write the feeds, load and build them; return the warehouse."""
    write_feeds(folder / "feeds")
    warehouse = folder / "warehouse"
    ingest([folder / "feeds"], warehouse)
    report = build(warehouse)
    assert report.build is not None, report.failed
    return warehouse
