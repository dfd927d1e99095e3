"""Suppliers, purchase orders, their promises and receipts; builds and what they need."""

import numpy as np
import pandas as pd

from sample_data.plant import Plant, requirement_days, ship_days
from sample_data.schedule import PLANT, PRODUCTS, first_build
from sample_data.settings import Settings
from sample_data.supply import PurchaseLine
from sample_data.tables import dates, instants
from sample_data.world import SITES, World

RENAMED_SUFFIX = "A"


def renamed(world: World) -> tuple[str, str, int]:
    """The supplier that changed its id: old id, new id, and the first day of the new one."""
    old = str(world.suppliers["supplier_id"].to_numpy()[3])
    settings = world.settings
    middle = (settings.day_of(settings.first_day) + settings.n_days) // 2
    return old, old + RENAMED_SUFFIX, middle


def suppliers(world: World) -> pd.DataFrame:
    """The suppliers feed; the renamed one stands in it under both ids."""
    feed = world.suppliers[["supplier_id", "supplier_name", "region"]].copy()
    old, new, _ = renamed(world)
    feed["early_window_days"], feed["late_window_days"] = 5, 0
    feed["superseded_by"] = np.where(feed["supplier_id"] == old, new, "")
    again = feed[feed["supplier_id"] == old].assign(supplier_id=new, superseded_by="")
    return pd.concat([feed, again], ignore_index=True)


def numbered(settings: Settings, purchases: list[PurchaseLine]) -> pd.DataFrame:
    """Purchase lines of the feeds with their order numbers: one order per supplier, site, day."""
    first = settings.day_of(settings.first_day)
    own = sorted(
        (one for one in purchases if one.ordered >= first),
        key=lambda one: (one.ordered, one.supplier, one.site),
    )
    lines = pd.DataFrame(
        {
            "purchase": pd.Series(own, dtype=object),
            "ordered": [one.ordered for one in own],
            "supplier": [one.supplier for one in own],
            "site": [one.site for one in own],
        }
    )
    by_order = lines.groupby(["ordered", "supplier", "site"], sort=False)
    lines["po_id"] = [f"PO{40_001 + k}" for k in by_order.ngroup()]
    lines["line_no"] = (by_order.cumcount() + 1) * 10
    return lines


def purchase_order_lines(world: World, lines: pd.DataFrame) -> pd.DataFrame:
    """The purchase_order_lines feed."""
    settings, parts = world.settings, world.parts
    own: list[PurchaseLine] = lines["purchase"].tolist()
    part = np.array([one.part for one in own], dtype=np.int64)
    old, new, switch = renamed(world)
    supplier = world.suppliers["supplier_id"].to_numpy()[lines["supplier"]]
    is_renamed = (supplier == old) & (lines["ordered"] >= switch)
    far = (
        world.suppliers["region"].to_numpy()[lines["supplier"]]
        != (SITES["region"].to_numpy()[lines["site"]])
    )
    is_light = parts["unit_cost"].to_numpy()[part] > 300
    return pd.DataFrame(
        {
            "po_id": lines["po_id"],
            "line_no": lines["line_no"],
            "supplier_id": np.where(is_renamed, new, supplier),
            "item_id": parts["item_id"].to_numpy()[part],
            "site_id": SITES["site_id"].to_numpy()[lines["site"]],
            "order_date": dates(settings, lines["ordered"]),
            "need_date": dates(settings, pd.Series([one.need for one in own])),
            "qty_ordered": [one.qty for one in own],
            "unit_price": parts["unit_cost"].to_numpy()[part],
            "transport_mode": np.where(~far, "road", np.where(is_light, "air", "ocean")),
        }
    )


def supplier_promises(world: World, lines: pd.DataFrame) -> pd.DataFrame:
    """The supplier_promises feed: every version that was recorded by the last day."""
    settings = world.settings
    versions = lines.assign(version=[one.promises for one in lines["purchase"]]).explode("version")
    versions = versions[versions["version"].notna()].reset_index(drop=True)
    made = pd.DataFrame(versions["version"].tolist(), columns=["recorded", "promised", "by", "why"])
    minutes = 8 * 60 + (made["recorded"] * 7919 + made.index * 104_729) % 540
    feed = versions[["po_id", "line_no"]].copy()
    feed["promised_date"] = dates(settings, made["promised"])
    feed["recorded_at"] = instants(settings, made["recorded"], minutes, versions["site"])
    feed["initiated_by"], feed["reason"] = made["by"], made["why"]
    feed = feed[made["recorded"] < settings.n_days]
    return feed.sort_values(["recorded_at", "po_id", "line_no"], kind="stable", ignore_index=True)


def receipts(world: World, lines: pd.DataFrame) -> pd.DataFrame:
    """The receipts feed up to the last day; a rejected quantity is part of the received one."""
    rows = [
        (po_id, line_no, one.day, one.qty, one.rejected)
        for po_id, line_no, purchase in zip(
            lines["po_id"], lines["line_no"], lines["purchase"], strict=True
        )
        for one in purchase.receipts
        if one.day < world.settings.n_days
    ]
    columns = ["po_id", "line_no", "day", "qty_received", "qty_rejected"]
    feed = pd.DataFrame(rows, columns=columns)
    # Two pieces on one day are one receipt: as two rows they could be taken for a copy.
    feed = feed.groupby(["day", "po_id", "line_no"], as_index=False).sum()
    feed = feed[columns]
    feed.insert(2, "received_date", dates(world.settings, feed["day"]).to_numpy())
    return feed.drop(columns="day").reset_index(drop=True)


def builds(plant: Plant) -> pd.DataFrame:
    """The builds feed: the engines of the feeds' time and those planned after it."""
    settings, schedule = plant.settings, plant.schedule
    first = first_build(settings, schedule)
    shipped = ship_days(plant, requirement_days(plant))
    is_gone = shipped < settings.n_days
    feed = pd.DataFrame(
        {
            "build_id": build_names(plant),
            "site_id": SITES["site_id"].to_numpy()[PLANT],
            "product": np.array(PRODUCTS)[schedule.product],
            "planned_start_date": dates(settings, schedule.start),
            "requested_ship_date": dates(settings, schedule.ship),
            "shipped_date": dates(settings, np.where(is_gone, shipped, 0)).where(is_gone),
        }
    )
    return feed.iloc[first:].reset_index(drop=True)


def build_names(plant: Plant) -> list[str]:
    """Serial numbers of the engines."""
    return [f"E{10_001 + k}" for k in range(len(plant.schedule.start))]


def build_requirements(plant: Plant) -> pd.DataFrame:
    """The build_requirements feed as known on the last day."""
    settings, schedule = plant.settings, plant.schedule
    there = requirement_days(plant)
    is_there = there < settings.n_days
    available = np.where(is_there, schedule.qty, 0)
    for flow in plant.flows:
        own = schedule.part == flow.part
        left = flow.usable_by(settings.n_days - 1) - (flow.cumulative - schedule.qty[own])
        available[own] = np.clip(left, 0, schedule.qty[own])
    feed = pd.DataFrame(
        {
            "build_id": np.array(build_names(plant))[schedule.build],
            "item_id": plant.world.parts["item_id"].to_numpy()[schedule.part],
            "qty_required": schedule.qty,
            "need_date": dates(settings, schedule.need).dt.date,
            "qty_available": available,
            "available_date": dates(settings, np.where(is_there, there, 0)).dt.date.where(is_there),
        }
    )
    is_in = schedule.build >= first_build(settings, schedule)
    return feed[is_in].reset_index(drop=True)


def plant_stock(plant: Plant) -> pd.DataFrame:
    """Opening position of the plant's parts on each day, in the form of the stock feed."""
    settings, schedule = plant.settings, plant.schedule
    n_days, first = settings.n_days, settings.day_of(settings.first_day)
    there = requirement_days(plant)
    numbers, days = plant.world.parts["item_id"].to_numpy(), np.arange(first, n_days)
    frames = []
    for flow in plant.flows:
        own = schedule.part == flow.part
        used_on = np.maximum(there[own], flow.need)
        change, ordered = np.zeros(n_days), np.zeros(n_days)
        np.subtract.at(change, used_on[used_on < n_days], schedule.qty[own][used_on < n_days])
        for purchase in flow.purchases:
            ordered[purchase.ordered] += purchase.qty
            for one in purchase.receipts:
                if one.day < n_days:
                    change[one.day] += one.qty - one.rejected
                    ordered[one.day] -= one.qty - one.rejected
        # Opening of a day: what had happened by the evening before.
        on_hand = flow.opening + np.cumsum(change) - change
        on_order = np.cumsum(ordered) - ordered
        frame = pd.DataFrame({"snapshot_date": dates(settings, days).dt.date})
        frame["item_id"] = numbers[flow.part]
        frame["site_id"] = SITES["site_id"].to_numpy()[PLANT]
        frame["qty_on_hand"] = on_hand[first:].astype(np.int32)
        frame["qty_on_order"] = on_order[first:].astype(np.int32)
        frame["qty_reserved"] = frame["qty_backordered"] = np.int32(0)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
