"""Orders that are not served from the shelf: drop shipments, special orders, returns."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.settings import Settings
from sample_data.tables import dates
from sample_data.world import SITES, World

SIDE_ORDERS_PER_DAY = 2.2


def side_orders(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Order lines and shipments of parts that no distribution centre stocks, and returns.

    They stay out of customer fill; the supplier ships at its lead time, so their own dates hold or
    slip as the lead time does.
    """
    settings, rng = world.settings, world.settings.stream("side orders")
    first, n_days = settings.day_of(settings.first_day), settings.n_days
    n = rng.poisson(SIDE_ORDERS_PER_DAY * (n_days - first) * 5 / 7)
    day = np.sort(world.next_working[0, rng.integers(first, n_days, n)])
    unstocked = np.flatnonzero(~world.parts["is_stocked"].to_numpy())
    kind = rng.choice(["drop_ship", "special_order", "return"], n, p=[0.5, 0.4, 0.1])
    everything = np.arange(len(world.parts))
    part = np.where(kind == "return", rng.choice(everything, n), rng.choice(unstocked, n))
    customer = rng.integers(0, len(world.customers), n)
    lead = world.parts["lead_time_days"].to_numpy()[part]
    qty = rng.geometric(0.4, n)
    requested = day + np.where(kind == "return", 10, lead)
    lines = pd.DataFrame(
        {
            "order_id": [f"XO{50_001 + k}" for k in range(n)],
            "line_no": 10,
            "customer_id": world.customers["customer_id"].to_numpy()[customer],
            "item_id": world.parts["item_id"].to_numpy()[part],
            "site_id": SITES["site_id"].to_numpy()[world.customers["home"].to_numpy()[customer]],
            "order_date": dates(settings, day),
            "requested_date": dates(settings, requested),
            "qty_ordered": np.where(kind == "return", -qty, qty),
            "unit_price": world.parts["unit_price"].to_numpy()[part],
            "order_type": kind,
        }
    )
    shipped = day + np.rint(lead * rng.lognormal(0.0, 0.25, n)).astype(int)
    is_sent = (kind != "return") & (shipped < n_days) & (day < n_days)
    keep = day < n_days
    return lines[keep].reset_index(drop=True), sent_lines(settings, lines, shipped, is_sent)


def sent_lines(
    settings: Settings,
    lines: pd.DataFrame,
    shipped: NDArray[np.int64],
    is_sent: NDArray[np.bool_],
) -> pd.DataFrame:
    """Shipments of the lines that have left by the last day."""
    sent = lines.loc[is_sent, ["order_id", "line_no", "site_id"]].copy()
    sent["shipped_date"] = dates(settings, shipped).to_numpy()[is_sent]
    sent["qty_shipped"] = lines.loc[is_sent, "qty_ordered"]
    sent["shipment_id"] = [f"X{70_001 + k}" for k in range(len(sent))]
    return sent.reset_index(drop=True)
