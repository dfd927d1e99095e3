-- Demand of whole weeks before a day, by item and site, of some items and of whole families.
SELECT
    demand.item_id, demand.site_id,
    CAST(date_trunc('week', demand.demand_date) AS DATE) AS period_date,
    CAST(sum(demand.qty) AS DOUBLE) AS qty,
    bool_and(NOT demand.is_censored) AS in_stock
FROM marts.daily_demand AS demand
CROSS JOIN marts.build AS build
WHERE demand.is_counted
  AND (list_contains($item_ids, demand.item_id) OR list_contains($families, demand.item_family))
  AND date_trunc('week', demand.demand_date) + INTERVAL 6 DAY <= build.as_of_date
  AND date_trunc('week', demand.demand_date) + INTERVAL 7 DAY <= CAST($before AS DATE)
GROUP BY demand.item_id, demand.site_id, date_trunc('week', demand.demand_date)
ORDER BY demand.item_id, demand.site_id, period_date;
