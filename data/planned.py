"""Tables of the stock plan in the lake: the part of `data.forecasts.TABLES` about what to order."""

KEY = {"item_id": "VARCHAR", "site_id": "VARCHAR"}
LEADS = {"lead_days": "DOUBLE", "review_days": "INTEGER"}

TABLES: dict[str, dict[str, str]] = {
    "policies": {
        **KEY,
        "is_stocked": "BOOLEAN",
        "supplier_id": "VARCHAR",
        "reorder_point_qty": "DOUBLE",
        "order_up_to_qty": "DOUBLE",
        "lot_qty": "DOUBLE",
        "expected_fill_rate": "DOUBLE",
        "expected_on_hand_qty": "DOUBLE",
        "expected_on_hand_value": "DOUBLE",
        "objective": "VARCHAR",
        "floor_rate": "DOUBLE",
        "set_by": "VARCHAR",
        "min_level_qty": "DOUBLE",
        "max_level_qty": "DOUBLE",
        "demand_month_qty": "DOUBLE",
        **LEADS,
        "lead_days_sd": "DOUBLE",
        "lead_basis": "VARCHAR",
        "n_lead_times": "INTEGER",
        "on_hand_qty": "DOUBLE",
        "backordered_qty": "DOUBLE",
        "in_time_qty": "DOUBLE",
        "later_qty": "DOUBLE",
        "position_qty": "DOUBLE",
        "shortage_rate": "DOUBLE",
        "fill_today_rate": "DOUBLE",
        "fill_after_rate": "DOUBLE",
        "why": "VARCHAR",
    },
    "proposals": {
        "proposal_id": "VARCHAR",
        "kind": "VARCHAR",
        **KEY,
        "from_site_id": "VARCHAR",
        "supplier_id": "VARCHAR",
        "qty": "DOUBLE",
        "lot_qty": "DOUBLE",
        "multiple_qty": "DOUBLE",
        "unit_cost": "DOUBLE",
        "unit_price": "DOUBLE",
        "cost": "DOUBLE",
        "proposed_since": "DATE",
        "order_by_date": "DATE",
        "expected_date": "DATE",
        "safe_date": "DATE",
        "arrival_basis": "VARCHAR",
        "position_qty": "DOUBLE",
        "gain_rate": "DOUBLE",
        "fill_before_rate": "DOUBLE",
        "fill_after_rate": "DOUBLE",
        "shortage_before_rate": "DOUBLE",
        "shortage_after_rate": "DOUBLE",
        "value_at_stake": "DOUBLE",
        "used_rate": "DOUBLE",
        **LEADS,
        "confidence": "VARCHAR",
        "confidence_reason": "VARCHAR",
        "why": "VARCHAR",
    },
    "excess_stock": {
        "item_id": "VARCHAR",
        "on_hand_qty": "DOUBLE",
        "on_order_qty": "DOUBLE",
        "year_demand_qty": "DOUBLE",
        "probable_demand_qty": "DOUBLE",
        "excess_qty": "DOUBLE",
        "excess_on_order_qty": "DOUBLE",
        "excess_value": "DOUBLE",
        "is_obsolete": "BOOLEAN",
        "idle_days": "DOUBLE",
    },
    "plan_notes": {"item_id": "VARCHAR", "site_id": "VARCHAR", "note": "VARCHAR"},
}
"""Table -> column -> type.

`policies` has a row per planned part and site: when and up to what is ordered, what sets the level
and where the part stands. Positions count what arrives within lead time and review only (`in_time`,
not `later`). `proposals` are ranked by `value_at_stake`: the value of demand expected to be missed
in the review period that the order serves, if it is not placed [currency]; `gain_rate` is what it
adds to the unit fill of the whole portfolio, `used_rate` the chance that a year uses it all.
`excess_stock` is by item over all sites. `plan_notes` names what was left out and why; without an
item it is about the whole plan."""
