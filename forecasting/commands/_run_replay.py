"""The step that replays the past: the client's rule of months of cover against this plan."""

from typing import Any

import numpy as np
import pandas as pd

from data import forecasts
from data import settings as agreed
from forecasting.commands import _demand
from forecasting.commands._steps import Work, empty, shaped
from forecasting.demand.panel import Panel
from forecasting.promises.credibility import Credibility
from forecasting.promises.slips import count_slips
from forecasting.stock import before_after, lead_times
from forecasting.stock.desk import PERIOD_DAYS, SEPARATOR
from forecasting.stock.items import read_items
from forecasting.stock.wishes import Wish

MOST_PARTS = 4000
"""Parts that are replayed; of more, so many at even distances: the intervals say what it costs."""

TABLES = tuple(forecasts.REPLAYED)

_PARTS = """
SELECT
    position.item_id, position.site_id, position.supplier_id,
    CAST(position.unit_cost AS DOUBLE) AS unit_cost,
    CAST(position.unit_price AS DOUBLE) AS unit_price, CAST(position.moq AS DOUBLE) AS moq,
    CAST(position.order_multiple AS DOUBLE) AS order_multiple,
    CAST(position.lead_time_days AS DOUBLE) AS lead_time_days
FROM marts.stock_positions AS position
JOIN marts.sites AS site ON site.site_id = position.site_id
WHERE position.is_stocked AND site.is_known AND site.site_type <> 'plant' AND NOT position.is_old
    AND site.days_from_parent IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM marts.sites AS supplied
        WHERE supplied.parent_site_id = site.site_id AND supplied.days_from_parent IS NOT NULL
    )
ORDER BY position.site_id, position.item_id
"""
_HELD = """
SELECT heir.heir_item_id AS item_id, stock.site_id,
    CAST(avg(greatest(stock.qty_on_hand, 0)) AS DOUBLE) AS qty
FROM marts.stock AS stock
JOIN marts.item_heirs AS heir ON heir.item_id = stock.item_id
WHERE stock.snapshot_date >= CAST($since AS DATE) AND stock.snapshot_date < CAST($until AS DATE)
GROUP BY heir.heir_item_id, stock.site_id
"""


_LINES = """
SELECT supplier_id, site_id, order_date,
    CAST(order_date + CAST(coalesce(stated_lead_time_days, 0) AS INTEGER) AS TIMESTAMP)
        AS promised_date,
    CASE WHEN stated_lead_time_days IS NULL THEN NULL ELSE CAST(order_date AS TIMESTAMP) END
        AS recorded_date,
    CAST(order_date + CAST(lead_time_days AS INTEGER) AS TIMESTAMP) AS completed_date
FROM marts.purchase_order_lines
WHERE is_counted AND order_date <= CAST($known AS DATE)
    AND (lead_time_days >= 0 OR (lead_time_days IS NULL AND qty_open > 0))
"""


def step(work: Work) -> dict[str, pd.DataFrame]:
    """Play both rules in both windows at the money really held; without a past, no rows."""
    told = []
    parts = work.con.execute(_PARTS).df()
    if len(parts):
        days = _demand.read(work.con, work.as_of, ["regular", *work.options.include])
        panel = _demand.panel(days, work.needed.freq)
        for window in before_after.BACK:
            past = _past(work, parts, before_after.ending(panel, window))
            if past is not None:
                told.append((window, before_after.compare(past, work.options.seed)))
    if not told:
        return {name: empty(name) for name in TABLES}
    replays = pd.concat([one.replays.assign(window_name=window) for window, one in told])
    gains = pd.concat([one.gains.assign(window_name=window) for window, one in told])
    return {
        "replays": shaped(replays, "replays"),
        "replay_gains": shaped(gains, "replay_gains"),
    }


def _past(work: Work, parts: pd.DataFrame, panel: Panel | None) -> before_after.Past | None:
    """Parts that are planned and were asked for, with the money that they really held."""
    if panel is None:
        return None
    eve = panel.periods[before_after.first_played(panel)] - pd.Timedelta(days=1)
    leads = _known_leads(work, eve)
    weights = lead_times.lead_weights(leads, parts, PERIOD_DAYS[panel.freq])
    timed = parts.assign(
        unique_id=parts["item_id"] + SEPARATOR + parts["site_id"],
        lead_time=np.rint(weights @ np.arange(weights.shape[1])),
    )
    items, _ = read_items(timed, panel.ids)
    if not len(items):
        return None
    if len(items) > MOST_PARTS:
        items = items.take(np.linspace(0, len(items) - 1, MOST_PARTS).astype(np.intp))
    rows = pd.Index(panel.ids.astype(str)).get_indexer(pd.Index(items.ids.astype(str)))
    money = float(_held(work, panel, items.ids) @ items.unit_cost)
    planning = agreed.read(agreed.settings_path(work.warehouse)).planning
    wish = Wish(planning.objective, floor=planning.floor, value_share=planning.value_share)
    if money <= 0:
        return None
    return before_after.Past(panel.take(np.asarray(rows)), items, wish, money)


def _known_leads(work: Work, day: pd.Timestamp) -> Credibility | None:
    """Lead times as they were known on a day: what was received later was open then."""
    lines = work.con.execute(_LINES, {"known": day.date()}).df()
    return lead_times.learn(count_slips(lines, day))


def _held(work: Work, panel: Panel, ids: Any) -> Any:
    """Mean stock of each part over the periods that are measured [units]."""
    measured = before_after.MEASURED[panel.freq]
    days = {"since": panel.periods[-measured].date(), "until": panel.future(1)[0].date()}
    rows = work.con.execute(_HELD, days).df()
    keyed = rows.set_index(rows["item_id"] + SEPARATOR + rows["site_id"])["qty"]
    return keyed.reindex(ids).fillna(0.0).to_numpy(dtype=float)
