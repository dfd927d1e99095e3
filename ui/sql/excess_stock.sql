-- Items with more than a year's probable demand of all sites, the dearest excess first.
SELECT
    excess.item_id, excess.description, excess.item_family, excess.on_hand_qty,
    excess.on_order_qty, excess.year_demand_qty, excess.probable_demand_qty, excess.excess_qty,
    excess.excess_on_order_qty, excess.excess_value, excess.is_obsolete, excess.idle_days
FROM marts.excess_stock AS excess
WHERE ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), excess.item_family))
  AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), excess.item_id))
ORDER BY excess.excess_value DESC, excess.item_id
LIMIT 20000;
