-- The policy of every part and site under the filters: at most 40,000.
SELECT
    policy.item_id, policy.site_id, policy.description, policy.item_family, policy.supplier_id,
    policy.reorder_point_qty, policy.order_up_to_qty, policy.lot_qty, policy.expected_fill_rate,
    policy.expected_on_hand_value, policy.set_by, policy.min_level_qty, policy.max_level_qty,
    policy.demand_month_qty, policy.lead_days, policy.lead_days_sd, policy.review_days,
    policy.on_hand_qty, policy.backordered_qty, policy.in_time_qty, policy.later_qty,
    policy.position_qty, policy.shortage_rate, policy.why
FROM marts.policies AS policy
WHERE ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), policy.site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), policy.region))
  AND ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), policy.item_family))
  AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), policy.item_id))
ORDER BY policy.shortage_rate DESC, policy.item_id, policy.site_id
LIMIT 40000;
