"""From what happened to the columns of the feeds."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.demand import Demand
from sample_data.events import STOCK_KINDS, History
from sample_data.operations import substitutes
from sample_data.settings import Settings
from sample_data.world import SITES, World, free_days

ORDER_LINE_COLUMNS = [
    "order_id",
    "line_no",
    "customer_id",
    "item_id",
    "site_id",
    "order_date",
    "requested_date",
    "qty_ordered",
    "unit_price",
    "order_type",
    "qty_cancelled",
    "cancelled_at",
    "cancelled_by",
]


def dates(settings: Settings, days: NDArray[np.int64] | pd.Series) -> pd.Series:
    """Day indices as dates."""
    start = pd.Timestamp(settings.warm_up_start)
    return pd.Series(start + pd.to_timedelta(np.asarray(days), unit="D"))


def instants(
    settings: Settings, days: pd.Series, minutes: pd.Series, sites: pd.Series
) -> pd.Series:
    """Local minute of a day at a site as a UTC time without zone."""
    local = dates(settings, days) + pd.to_timedelta(np.asarray(minutes), unit="min")
    utc = local.copy()
    for site, zone in enumerate(SITES["timezone"]):
        here = np.asarray(sites) == site
        zoned = local[here].dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
        utc[here] = zoned.dt.tz_convert("UTC").dt.tz_localize(None)
    return utc.astype("datetime64[s]")


def items(world: World) -> pd.DataFrame:
    """The items feed."""
    parts = world.parts
    numbers = parts["item_id"].to_numpy()
    feed = parts[["item_id", "description", "item_family", "business_unit"]].copy()
    feed["uom"] = "EA"
    columns = ["unit_cost", "unit_price", "criticality", "lead_time_days", "moq", "order_multiple"]
    feed[columns] = parts[columns]
    has_successor = parts["successor"] >= 0
    feed["superseded_by"] = np.where(has_successor, numbers[parts["successor"]], "")
    feed["is_stocked"] = parts["is_stocked"]
    return feed


def sites() -> pd.DataFrame:
    """The sites feed."""
    feed = SITES[["site_id", "site_name", "site_type", "region", "timezone"]].copy()
    return feed.assign(parent_site_id="", business_unit="", in_contract=True)


def customers(world: World) -> pd.DataFrame:
    """The customers feed."""
    return world.customers[["customer_id", "customer_name", "region", "segment"]]


def interchanges(world: World) -> pd.DataFrame:
    """The interchanges feed; a successor is approved from the day it takes over."""
    parts, settings = world.parts, world.settings
    successor, switch_day = parts["successor"].to_numpy(), parts["switch_day"].to_numpy()
    rows = []
    for item, other in substitutes(world):
        starts = settings.first_day
        if successor[item] == other:
            starts = max(starts, settings.date_of(int(switch_day[item])))
        rows.append((parts["item_id"].iat[item], parts["item_id"].iat[other], starts.isoformat()))
    return pd.DataFrame(rows, columns=["item_id", "substitute_item_id", "valid_from"])


def calendar(settings: Settings) -> pd.DataFrame:
    """The calendar feed: public holidays, as each country has them."""
    feed = pd.DataFrame(free_days(settings), columns=["calendar_id", "day", "event"])
    feed["is_working"] = False
    return feed[["calendar_id", "day", "is_working", "event"]]


def line_names(settings: Settings, demand: Demand) -> pd.DataFrame:
    """Order and line number of each line, and whether the feeds hold it."""
    number = np.char.mod("SO%06d", demand.order + 100_000)
    is_in = demand.day >= settings.day_of(settings.first_day)
    return pd.DataFrame({"order_id": number, "line_no": demand.line * 10, "is_in": is_in})


def order_lines(world: World, demand: Demand, history: History) -> pd.DataFrame:
    """The order_lines feed as known on the last day, cancellations included."""
    settings = world.settings
    site = world.part_sites["site"].to_numpy()[demand.part_site]
    part = world.part_sites["part"].to_numpy()[demand.part_site]
    feed = line_names(settings, demand)
    feed["customer_id"] = world.customers["customer_id"].to_numpy()[demand.customer]
    feed["item_id"] = world.parts["item_id"].to_numpy()[part]
    feed["site_id"] = SITES["site_id"].to_numpy()[site]
    feed["order_date"] = dates(settings, demand.day)
    feed["requested_date"] = dates(settings, demand.requested)
    feed["qty_ordered"] = demand.qty
    feed["unit_price"] = world.parts["unit_price"].to_numpy()[part]
    feed["order_type"] = "stock"
    ended = pd.DataFrame(history.cancellations, columns=["line", "day", "qty", "by"])
    minutes = pd.Series(9 * 60 + (ended["line"] * 37) % 480)
    feed.loc[ended["line"], "qty_cancelled"] = ended["qty"].to_numpy(dtype=float)
    feed.loc[ended["line"], "cancelled_at"] = instants(
        settings, ended["day"], minutes, pd.Series(site[ended["line"]])
    ).to_numpy()
    feed.loc[ended["line"], "cancelled_by"] = ended["by"].to_numpy()
    return feed.loc[feed["is_in"], ORDER_LINE_COLUMNS].reset_index(drop=True)


def order_promises(world: World, demand: Demand, history: History) -> pd.DataFrame:
    """The order_promises feed: every version, in the order of recording."""
    settings = world.settings
    made = pd.DataFrame(history.promises)
    site = pd.Series(world.part_sites["site"].to_numpy()[demand.part_site[made["line"]]])
    names = line_names(settings, demand).iloc[made["line"]].reset_index(drop=True)
    feed = names[["order_id", "line_no"]].copy()
    feed["promised_date"] = dates(settings, made["promised"])
    feed["qty"] = made["qty"].where(made["qty"] > 0)
    feed["recorded_at"] = instants(settings, made["recorded"], made["minute"], site)
    feed["initiated_by"] = made["by"]
    feed["reason"] = made["reason"]
    feed = feed[names["is_in"]].sort_values(["recorded_at", "order_id", "line_no"], kind="stable")
    return feed.reset_index(drop=True)


def shipments(world: World, demand: Demand, history: History) -> pd.DataFrame:
    """The shipments feed up to the last day; damage and papers from the day they are recorded."""
    settings, rng = world.settings, world.settings.stream("transport")
    sent = pd.DataFrame(history.shipments)
    names = line_names(settings, demand).iloc[sent["line"]].reset_index(drop=True)
    facing = world.part_sites["site"].to_numpy()[demand.part_site[sent["line"]]]
    ordered = world.part_sites["part"].to_numpy()[demand.part_site[sent["line"]]]
    numbers = world.parts["item_id"].to_numpy()
    n = len(sent)
    transit = np.where(demand.priority[sent["line"]] == 0, 1, rng.integers(1, 6, n))
    transit = transit + np.where(facing == sent["site"], 0, 2)
    is_handled = sent["day"] >= settings.day_of(settings.handling_start)
    feed = names[["order_id", "line_no"]].copy()
    feed["shipped_date"] = dates(settings, sent["day"])
    arrives = sent["day"] + transit
    feed["delivered_date"] = dates(settings, arrives).where(arrives < settings.n_days)
    feed["qty_shipped"] = sent["qty"]
    feed["site_id"] = SITES["site_id"].to_numpy()[sent["site"]]
    feed["item_id"] = np.where(sent["part"] == ordered, "", numbers[sent["part"]])
    feed["is_damaged"] = pd.Series(rng.random(n) < 0.008, dtype="boolean").where(is_handled)
    feed["has_correct_documents"] = pd.Series(rng.random(n) < 0.975, dtype="boolean").where(
        is_handled
    )
    feed = feed[names["is_in"] & (sent["day"] < settings.n_days)]
    feed = feed.sort_values(["shipped_date", "order_id", "line_no"], kind="stable")
    feed.insert(0, "shipment_id", [f"D{200_001 + k}" for k in range(len(feed))])
    return feed.reset_index(drop=True)


def stock(world: World, history: History) -> pd.DataFrame:
    """The stock feed: the position of each part-site at the opening of each day."""
    settings = world.settings
    first, n_sites = settings.day_of(settings.first_day), len(world.part_sites)
    n_days = settings.n_days - first
    part, site = world.part_sites["part"].to_numpy(), world.part_sites["site"].to_numpy()
    days = dates(settings, np.arange(first, settings.n_days)).dt.date.to_numpy()
    # Part-sites outside, days inside: equal neighbours make the file a third of the size.
    feed = pd.DataFrame({"snapshot_date": np.tile(days, n_sites)})
    feed["item_id"] = np.repeat(world.parts["item_id"].to_numpy()[part], n_days)
    feed["site_id"] = np.repeat(SITES["site_id"].to_numpy()[site], n_days)
    for kind, name in enumerate(STOCK_KINDS):
        feed[name] = history.stock[kind, first:].T.ravel()
    return feed
