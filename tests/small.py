"""A small warehouse for tests of pages: three sites, a year of lines, and names that mean harm."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from data.build import build
from data.ingest import ingest

HOSTILE = "![x](http://evil.example/a.png) <img src=x> [a](javascript:alert(1)) $x^2$ :red[y]"
HOSTILE_FAMILY = "*bold* | <b>family</b>"
LAST_DAY = dt.date(2026, 6, 14)
SITES = {"LYO": "EMEA", "DER": "EMEA", "MEM": "AMER"}
LATE_EVERY = {"LYO": 10, "DER": 4, "MEM": 2}
"""Every so-manieth line of a site ships three days after its due date."""


def write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    """Write one feed as CSV."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split())
        writer.writerows(rows)


def write_feeds(folder: Path) -> None:
    """Write five feeds: a line a day and site from 2025-04-01 on, due four days after the order."""
    folder.mkdir(parents=True, exist_ok=True)
    items = [("A1", "blade", "blades"), ("00123", HOSTILE, HOSTILE_FAMILY)]
    write(
        folder / "items.csv",
        "item_id description item_family business_unit uom unit_cost unit_price is_stocked",
        [(*item, "engines", "EA", 70, 100, "true") for item in items],
    )
    write(
        folder / "sites.csv",
        "site_id site_name site_type region timezone in_contract",
        [(site, site, "dc", region, "UTC", "true") for site, region in SITES.items()],
    )
    write(
        folder / "customers.csv",
        "customer_id customer_name region segment",
        [("C1", "Air", "EMEA", "airline"), ("C2", HOSTILE, "AMER", HOSTILE_FAMILY)],
    )
    lines: list[tuple[object, ...]] = []
    shipments: list[tuple[object, ...]] = []
    days = (LAST_DAY - dt.date(2025, 4, 1)).days + 1
    for number in range(days):
        day = dt.date(2025, 4, 1) + dt.timedelta(days=number)
        for place, site in enumerate(SITES):
            order, due = f"O{number:04d}{place}", day + dt.timedelta(days=4)
            item, customer = items[number % 3 % 2][0], f"C{1 + number % 2}"
            lines.append((order, "10", customer, item, site, day, due, due, 10, 100))
            shipped = due + dt.timedelta(days=3 if number % LATE_EVERY[site] == 0 else -1)
            if shipped <= LAST_DAY:
                shipments.append((order, "10", shipped, 10, site))
    lines.append(("O-BAD", "10", "C1", "A1", "LYO", "2026-06-31", "", "", 1, 1))
    write(
        folder / "order_lines.csv",
        "order_id line_no customer_id item_id site_id order_date requested_date promised_date "
        "qty_ordered unit_price",
        lines,
    )
    write(folder / "shipments.csv", "order_id line_no shipped_date qty_shipped site_id", shipments)


def make(folder: Path) -> Path:
    """Write the feeds, load and build them and set targets; return the warehouse."""
    write_feeds(folder / "feeds")
    warehouse = folder / "warehouse"
    ingest([folder / "feeds"], warehouse)
    report = build(warehouse)
    assert report.build is not None, report.failed
    (warehouse / "settings.toml").write_text(
        'client = "Engine maker"\ncurrency = "EUR"\ngo_live_date = 2026-01-05\n'
        "[targets]\nline_fill_rate = 0.9\norder_on_time_rate = 0.6\n",
        encoding="utf-8",
    )
    return warehouse
