"""A small warehouse with a plan in its build: purchases and a transfer to decide about."""

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from data import forecasts
from data.build import build
from data.ingest import ingest
from tests import small

AS_OF = small.LAST_DAY
COMES = AS_OF + dt.timedelta(days=50)


def purchase(number: int, **more: object) -> dict[str, object]:
    """A purchase of ten at 70, the more at stake the smaller its number."""
    return {
        "proposal_id": f"P{number:03d}", "kind": "purchase", "item_id": "A1", "site_id": "LYO",
        "from_site_id": None, "supplier_id": "S-1", "qty": 10.0, "lot_qty": 1.0,
        "multiple_qty": 1.0, "unit_cost": 70.0, "unit_price": 100.0, "cost": 700.0,
        "proposed_since": AS_OF, "order_by_date": AS_OF, "expected_date": COMES,
        "safe_date": COMES + dt.timedelta(days=20), "arrival_basis": "lead time",
        "position_qty": 4.0, "gain_rate": 0.002, "fill_before_rate": 0.41,
        "fill_after_rate": 0.93, "shortage_before_rate": 0.8, "shortage_after_rate": 0.1,
        "value_at_stake": 1000.0 - number, "used_rate": 0.99, "lead_days": 49.0, "review_days": 7,
        "confidence": "high", "confidence_reason": "14 months of smooth demand",
        "why": "demand 2.1 a month, lead time 7 weeks, floor 0.50; 4 free: order at 5, up to 14",
    } | more  # fmt: skip


def transfer(number: int) -> dict[str, object]:
    """Three from Memphis to Derby."""
    return purchase(
        number, kind="transfer", site_id="DER", from_site_id="MEM", supplier_id=None, qty=3.0,
        cost=0.0, arrival_basis="transfer",
    )  # fmt: skip


def policy(site: str, today: float, after: float) -> dict[str, object]:
    """A1 at a site: fill to expect today, and once all is done."""
    return {
        "item_id": "A1", "site_id": site, "is_stocked": True, "supplier_id": "S-1",
        "reorder_point_qty": 5.0, "order_up_to_qty": 14.0, "lot_qty": 1.0,
        "expected_fill_rate": 0.95, "expected_on_hand_qty": 8.0, "expected_on_hand_value": 560.0,
        "objective": "lines", "floor_rate": 0.5, "set_by": "floor 0.50",
        "demand_month_qty": 2.0, "lead_days": 49.0, "review_days": 7, "lead_days_sd": 0.0,
        "lead_basis": "measured", "n_lead_times": 20, "on_hand_qty": 4.0,
        "backordered_qty": 0.0, "in_time_qty": 0.0, "later_qty": 0.0, "position_qty": 4.0,
        "shortage_rate": 0.8, "fill_today_rate": today, "fill_after_rate": after, "why": "why",
    }  # fmt: skip


def tables(n_purchases: int) -> dict[str, pd.DataFrame]:
    """Every table of a run; only the plan has rows."""
    choice = dict.fromkeys(forecasts.TABLES["forecast_choices"])
    rows: dict[str, list[dict[str, Any]]] = {
        "forecast_choices": [choice | {"item_id": "A1", "site_id": "LYO", "lead_periods": 2}],
        "policies": [policy("LYO", 0.5, 0.9), policy("DER", 0.7, 0.8)],
        "proposals": [*(purchase(n) for n in range(n_purchases)), transfer(900)],
        "excess_stock": [
            {
                "item_id": "00123", "on_hand_qty": 30.0, "on_order_qty": 5.0,
                "year_demand_qty": 8.0, "probable_demand_qty": 15.0, "excess_qty": 20.0,
                "excess_on_order_qty": 5.0, "excess_value": 1400.0, "is_obsolete": False,
                "idle_days": 12.0,
            }
        ],
        "plan_notes": [{"item_id": "00123", "site_id": "MEM", "note": "has no unit_cost"}],
    }  # fmt: skip
    return {
        name: pd.DataFrame(rows.get(name, []), columns=list(columns))
        for name, columns in forecasts.TABLES.items()
    }


def make(folder: Path, n_purchases: int = 3) -> Path:
    """The small warehouse, planned and built."""
    warehouse = small.make(folder)
    forecasts.keep(
        warehouse, tables(n_purchases), build_id="20260614-1", as_of=AS_OF, freq="W", horizon=2,
        freq_reason="asked for",
    )  # fmt: skip
    assert build(warehouse).build is not None
    return warehouse


def _replayed(window: str, since: dt.date, fills: tuple[float, float]) -> list[dict[str, Any]]:
    """Both rules at equal money in a window: two points."""
    shared = {
        "window_name": window, "is_at_equal_money": True, "money": 1000.0, "n_items": 3,
        "value_fill_rate": 0.5, "line_fill_rate": 0.5, "since_date": since, "n_periods": 26,
        "until_date": since + dt.timedelta(weeks=25), "n_known": 30,
    }  # fmt: skip
    rules = (("months of cover", 4.25, None), ("this plan", 900.0, 0.9))
    return [
        shared
        | {"rule": rule, "knob": knob, "unit_fill_rate": fill, "expected_unit_fill_rate": hope}
        for (rule, knob, hope), fill in zip(rules, fills, strict=True)
    ]


def _gain(window: str, before: float, after: float, low: float, high: float) -> dict[str, Any]:
    return {
        "window_name": window, "measure": "units", "before_rate": before, "after_rate": after,
        "difference": after - before, "low": low, "high": high, "n_items": 3, "n_lines": 120.0,
    }  # fmt: skip


def plannable(folder: Path) -> Path:
    """The small warehouse with stock and demand to plan from, and a past that was replayed."""
    small.write_feeds(folder / "feeds")
    small.write(
        folder / "feeds" / "stock.csv", "snapshot_date item_id site_id qty_on_hand",
        [(AS_OF, "A1", site, 20) for site in small.SITES],
    )  # fmt: skip
    warehouse = folder / "warehouse"
    ingest([folder / "feeds"], warehouse)
    assert build(warehouse).build is not None
    (warehouse / "settings.toml").write_text(
        'currency = "EUR"\n[planning]\nobjective = "units"\nfloor = 0.5\n', encoding="utf-8"
    )
    sums = [
        {"item_id": "A1", "site_id": site, "periods": weeks, "qty_mean": 10.0 * weeks,
         "qty_variance": 20.0 * weeks, "qty_step": 1.0}
        for site in small.SITES for weeks in range(1, 31)
    ]  # fmt: skip
    halves = (
        ("earlier", AS_OF - dt.timedelta(weeks=52)),
        ("later", AS_OF - dt.timedelta(weeks=26)),
    )
    fills = {"earlier": (0.70, 0.72), "later": (0.75, 0.80)}
    rows: dict[str, list[dict[str, Any]]] = {
        "forecast_demand": sums,
        "replays": [row for name, day in halves for row in _replayed(name, day, fills[name])],
        "replay_gains": [
            _gain("earlier", 0.70, 0.72, -0.01, 0.05), _gain("later", 0.75, 0.80, 0.02, 0.08)
        ],
    }  # fmt: skip
    made = tables(0) | {
        name: pd.DataFrame(kept, columns=list(forecasts.TABLES[name]))
        for name, kept in rows.items()
    }
    forecasts.keep(
        warehouse, made, build_id="20260614-1", as_of=AS_OF, freq="W", horizon=2,
        freq_reason="asked for",
    )  # fmt: skip
    assert build(warehouse).build is not None
    return warehouse
