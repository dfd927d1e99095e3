-- Demand of the named items and sites by week or month: one row each with any.
SELECT
    item_id, site_id, CAST(date_trunc($unit, demand_date) AS DATE) AS period_date,
    CAST(sum(qty) AS DOUBLE) AS qty
FROM marts.daily_demand
WHERE is_counted AND list_contains(CAST($item_ids AS VARCHAR[]), item_id)
GROUP BY item_id, site_id, CAST(date_trunc($unit, demand_date) AS DATE);
