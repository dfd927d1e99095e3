"""From tables to the files of a client: monthly and quarterly deliveries, a workbook, Parquet."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sample_data import supply_tables, tables
from sample_data.demand import Demand
from sample_data.events import History
from sample_data.faults import Deliveries, Fault
from sample_data.faults import plant as plant_faults
from sample_data.files import as_text, by_year, write_csv, write_parquet, write_workbook
from sample_data.outcome import natural_events
from sample_data.plant import Plant
from sample_data.side_orders import side_orders
from sample_data.supply_faults import SupplyFeeds, plant_supply
from sample_data.world import World

SHIPMENT_COLUMNS = [
    "shipment_id",
    "order_id",
    "line_no",
    "shipped_date",
    "delivered_date",
    "qty_shipped",
    "site_id",
    "item_id",
    "is_damaged",
    "has_correct_documents",
]


@dataclass(frozen=True)
class Written:
    """What was written: rows per feed, planted faults, and what went wrong by itself."""

    rows: dict[str, int]
    faults: list[Fault]
    events: dict[str, int]

    def joined(self, rows: dict[str, int], faults: list[Fault]) -> "Written":
        """With the rows and faults of another business in the same folder."""
        names = self.rows.keys() | rows.keys()
        summed = {name: self.rows.get(name, 0) + rows.get(name, 0) for name in names}
        return Written(summed, self.faults + faults, self.events)


def deliveries_of_lines(lines: pd.DataFrame) -> Deliveries:
    """Monthly deliveries; a line cancelled in a later month is delivered again in that month."""
    entered = lines["order_date"].dt.strftime("%Y-%m")
    cancelled = lines["cancelled_at"].dt.strftime("%Y-%m")
    ending = ["qty_cancelled", "cancelled_at", "cancelled_by"]
    text = as_text(lines)
    files = {}
    for month in sorted(entered.unique()):
        is_new, is_changed = entered == month, (cancelled == month) & (entered < month)
        rows = text[is_new | is_changed].copy()
        rows.loc[is_new & (cancelled > month), ending] = ""
        files[f"order_lines_{month}.csv"] = rows.reset_index(drop=True)
    return files


def by_quarter(rows: pd.DataFrame, column: str, feed: str) -> Deliveries:
    """Quarterly deliveries by a date column."""
    quarter = rows[column].dt.to_period("Q").astype(str)
    return {
        f"{feed}_{name.replace('Q', '-Q')}.csv": as_text(rows[quarter == name])
        for name in sorted(quarter.unique())
    }


def write_feeds(
    world: World, demand: Demand, history: History, plant: Plant, folder: Path
) -> Written:
    """Write all feeds into a folder, made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    masters = {
        "sites": tables.sites(),
        "customers": tables.customers(world),
        "interchanges": tables.interchanges(world),
        "calendar": tables.calendar(world.settings),
        "suppliers": supply_tables.suppliers(world),
    }
    for name, rows in masters.items():
        write_csv(as_text(rows), folder / f"{name}.csv")
    write_workbook(tables.items(world), folder / "items.xlsx")
    positions = pd.concat(
        [tables.stock(world, history), supply_tables.plant_stock(plant)], ignore_index=True
    )
    by_year(positions, "snapshot_date", "stock", folder)
    sold = write_customer_feeds(world, demand, history, folder)
    bought = write_supply_feeds(world, history, plant, folder)
    rows_of = {name: len(rows) for name, rows in masters.items()}
    rows_of |= {"items": len(world.parts), "stock": len(positions)}
    faults = sold.faults + bought.faults
    return Written(rows_of | sold.rows | bought.rows, faults, sold.events | bought.events)


def write_customer_feeds(world: World, demand: Demand, history: History, folder: Path) -> Written:
    """Write order lines, their promises and shipments, with faults planted into them."""
    side_lines, side_sent = side_orders(world)
    lines = pd.concat([tables.order_lines(world, demand, history), side_lines])
    lines = lines.sort_values(["order_date", "order_id", "line_no"], kind="stable")
    sent = pd.concat([tables.shipments(world, demand, history), side_sent])
    sent = sent.sort_values(["shipped_date", "shipment_id"], kind="stable")[SHIPMENT_COLUMNS]
    deliveries = deliveries_of_lines(lines.reset_index(drop=True))
    deliveries |= by_quarter(sent.reset_index(drop=True), "shipped_date", "shipments")
    approved = tables.interchanges(world)[["item_id", "substitute_item_id"]]
    pairs = set(approved.itertuples(index=False, name=None))
    faults = plant_faults(deliveries, world.settings, pairs)
    for name, rows in deliveries.items():
        write_csv(rows, folder / name)
    promises = tables.order_promises(world, demand, history)
    by_year(promises, "recorded_at", "order_promises", folder)
    rows_of = {"order_promises": len(promises)}
    for feed in ("order_lines", "shipments"):
        rows_of[feed] = sum(len(rows) for name, rows in deliveries.items() if name.startswith(feed))
    return Written(rows_of, faults, natural_events(lines, promises, sent))


def write_supply_feeds(world: World, history: History, plant: Plant, folder: Path) -> Written:
    """Write purchase orders, supplier promises and receipts, faults included, and the builds."""
    purchases = [*history.purchases, *(one for flow in plant.flows for one in flow.purchases)]
    lines = supply_tables.numbered(world.settings, purchases)
    feeds = SupplyFeeds(
        supply_tables.purchase_order_lines(world, lines),
        supply_tables.supplier_promises(world, lines),
        supply_tables.receipts(world, lines),
    )
    plant_supply(feeds, world.settings)
    deliveries = by_quarter(feeds.lines, "order_date", "purchase_order_lines")
    deliveries |= by_quarter(feeds.receipts, "received_date", "receipts")
    for name, rows in deliveries.items():
        write_csv(rows, folder / name)
    by_year(feeds.promises, "recorded_at", "supplier_promises", folder)
    builds, needs = supply_tables.builds(plant), supply_tables.build_requirements(plant)
    write_csv(as_text(builds), folder / "builds.csv")
    write_parquet(needs, folder / "build_requirements.parquet")
    rows_of = {
        "purchase_order_lines": len(feeds.lines),
        "supplier_promises": len(feeds.promises),
        "receipts": len(feeds.receipts),
        "builds": len(builds),
        "build_requirements": len(needs),
    }
    return Written(rows_of, feeds.faults, {})
