"""What came out of a run, counted straight from its events: to tune causes and to test against."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.demand import Demand
from sample_data.events import History
from sample_data.plant import Plant, requirement_days, ship_days
from sample_data.world import World

Ints = NDArray[np.int64]


def lines_served(world: World, demand: Demand, history: History) -> pd.DataFrame:
    """One row per delivered order line with what the shelf, the shipments and promises did for it.

    `is_available`: free stock at the opening of the order day covers the line. `is_whole`: all of
    it, less what the customer cancelled on or before that day, had shipped by the requested day.
    `is_judged`: the requested day is not after the last day.
    """
    settings = world.settings
    free = history.stock[0] - history.stock[2]
    lines = pd.DataFrame(
        {
            "day": demand.day,
            "order": demand.order,
            "qty": demand.qty,
            "requested": demand.requested,
            "is_available": free[demand.day, demand.part_site] >= demand.qty,
        }
    )
    sent = pd.DataFrame(history.shipments)
    by_requested = sent[sent["day"].to_numpy() <= demand.requested[sent["line"]]]
    ended = pd.DataFrame(history.cancellations, columns=["line", "day", "qty", "by"])
    by_customer = (ended["by"] == "customer") & (
        ended["day"].to_numpy() <= demand.requested[ended["line"]]
    )
    dropped = ended[by_customer].groupby("line")["qty"].sum()
    lines["qty_shipped"] = by_requested.groupby("line")["qty"].sum()
    lines = lines.fillna({"qty_shipped": 0})
    due = lines["qty"] - dropped.reindex(lines.index, fill_value=0)
    price = world.parts["unit_price"].to_numpy()[world.part_sites["part"]][demand.part_site]
    lines["value_due"] = due * price
    lines["value_shipped"] = np.minimum(lines["qty_shipped"], due) * price
    lines["is_whole"] = lines["qty_shipped"] >= due
    lines["is_out"] = due <= 0
    lines["is_judged"] = lines["requested"] < settings.n_days
    is_in = lines["day"] >= settings.day_of(settings.first_day)
    months = pd.to_datetime([settings.date_of(day) for day in lines["day"]]).to_period("M")
    return lines.assign(month=months)[is_in]


def monthly(world: World, demand: Demand, history: History) -> pd.DataFrame:
    """Availability, on-time orders, value fill and mean value of free stock by month of the order.

    Columns: n_lines, availability [share of lines], n_orders, on_time [share of orders complete by
    the requested day], value_fill [share of the value shipped by the requested day], stock_value
    [EUR].
    """
    lines = lines_served(world, demand, history)
    by_month = lines.groupby("month")
    judged = lines[lines["is_judged"] & ~lines["is_out"]]
    value = judged.groupby("month")[["value_shipped", "value_due"]].sum()
    orders = judged.groupby("order").agg(month=("month", "first"), whole=("is_whole", "all"))
    cost = world.parts["unit_cost"].to_numpy()[world.part_sites["part"]]
    stock = pd.Series((history.stock[0] - history.stock[2]) @ cost)
    months = pd.to_datetime([world.settings.date_of(day) for day in stock.index]).to_period("M")
    return pd.DataFrame(
        {
            "n_lines": by_month.size(),
            "availability": by_month["is_available"].mean(),
            "n_orders": orders.groupby("month").size(),
            "on_time": orders.groupby("month")["whole"].mean(),
            "value_fill": value["value_shipped"] / value["value_due"],
            "stock_value": stock.groupby(months).mean().reindex(by_month.size().index),
        }
    )


def monthly_line_side(plant: Plant) -> pd.DataFrame:
    """Line-side on time by month of the need date, engines on time by requested ship month.

    Columns: n_requirements, line_side_on_time [share of requirements wholly there by their need
    date], n_engines, engines_on_time [engines shipped by their requested day].
    """
    settings, schedule = plant.settings, plant.schedule
    there = requirement_days(plant)
    first, last = settings.day_of(settings.first_day), settings.n_days

    def by_month(days: Ints, is_good: NDArray[np.bool_]) -> pd.DataFrame:
        is_in = (days >= first) & (days < last)
        months = pd.to_datetime([settings.date_of(day) for day in days[is_in]]).to_period("M")
        return pd.Series(is_good[is_in]).groupby(months).agg(["size", "sum", "mean"])

    parts = by_month(schedule.need, there <= schedule.need)
    engines = by_month(schedule.ship, ship_days(plant, there) <= schedule.ship)
    return pd.DataFrame(
        {
            "n_requirements": parts["size"],
            "line_side_on_time": parts["mean"],
            "n_engines": engines["size"],
            "engines_on_time": engines["sum"],
        }
    )


def natural_events(
    lines: pd.DataFrame, promises: pd.DataFrame, sent: pd.DataFrame
) -> dict[str, int]:
    """Order lines in the feeds that went wrong by themselves, before any fault was planted."""
    key = ["order_id", "line_no"]
    stock = lines[lines["order_type"] == "stock"].set_index(key)
    pieces = sent.groupby(key)["shipped_date"].agg(["size", "max"])
    served = stock.join(pieces, how="inner")
    agreed = promises[promises["qty"].notna()].drop_duplicates(key).set_index(key).index
    split = served.index[served["size"] > 1]
    ended = stock["cancelled_by"].value_counts()
    versions = promises[promises["qty"].isna()]
    moved = versions[versions.duplicated(key)]["initiated_by"].value_counts()
    by_customer = stock[stock["cancelled_by"] == "customer"]
    before_due = by_customer["cancelled_at"].dt.normalize() <= by_customer["requested_date"]
    return {
        "late: last shipment after the requested date": int(
            (served["max"] > served["requested_date"]).sum()
        ),
        "split as agreed: the first promise names quantities": len(agreed),
        "split without agreement": len(split.difference(agreed)),
        "cancelled by the customer on or before the requested date": int(before_due.sum()),
        "cancelled by the customer later": int((~before_due).sum()),
        "cancelled by the provider": int(ended.get("provider", 0)),
        "cancelled by a supplier": int(ended.get("supplier", 0)),
        "promise moved by the provider": int(moved.get("provider", 0)),
        "promise moved by the customer": int(moved.get("customer", 0)),
        "shipped from another site than the line's": int(
            (sent.merge(lines, on=key)[["site_id_x", "site_id_y"]].nunique(axis=1) > 1).sum()
        ),
        "approved substitute shipped": int((sent["item_id"].fillna("") != "").sum()),
    }
