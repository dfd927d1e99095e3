-- What items of some families sold over all sites between two days.
SELECT demand.item_id, CAST(sum(demand.qty) AS DOUBLE) AS qty
FROM marts.daily_demand AS demand
WHERE demand.is_counted
  AND list_contains($families, demand.item_family)
  AND demand.demand_date BETWEEN CAST($since AS DATE) AND CAST($until AS DATE)
GROUP BY demand.item_id
HAVING sum(demand.qty) > 0
ORDER BY demand.item_id;
