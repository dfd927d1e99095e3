-- The plan of the parts under the filters in one row: unit fill to expect where they stand today and
-- once every proposal is done, and the money that the levels hold in the long run.
SELECT
    count(*) AS n,
    sum(fill_today_rate * demand_month_qty) / nullif(sum(demand_month_qty), 0) AS fill_today_rate,
    sum(fill_after_rate * demand_month_qty) / nullif(sum(demand_month_qty), 0) AS fill_after_rate,
    sum(expected_fill_rate * demand_month_qty) / nullif(sum(demand_month_qty), 0)
        AS expected_fill_rate,
    sum(expected_on_hand_value) AS expected_on_hand_value,
    CAST(sum(greatest(on_hand_qty, 0) * unit_cost) AS DOUBLE) AS on_hand_value,
    max(objective) AS objective, max(floor_rate) AS floor_rate
FROM marts.policies AS policy
WHERE ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), policy.site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), policy.region))
  AND ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), policy.item_family))
  AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), policy.item_id));
