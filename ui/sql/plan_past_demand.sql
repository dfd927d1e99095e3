-- Units asked for in the year up to the as-of date, of every part at a site.
SELECT demand.item_id, demand.site_id, CAST(sum(demand.qty) AS DOUBLE) AS qty
FROM marts.daily_demand AS demand
CROSS JOIN marts.build AS build
WHERE demand.is_counted AND demand.qty > 0
    AND demand.demand_date > build.as_of_date - INTERVAL 365 DAY
    AND demand.demand_date <= build.as_of_date
GROUP BY demand.item_id, demand.site_id
ORDER BY demand.site_id, demand.item_id;
