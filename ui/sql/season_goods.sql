-- Items with regular demand: what is known of each, and what it sold in the last year.
SELECT
    item.item_id, item.description, item.item_family, item.business_unit,
    CAST(item.unit_price AS DOUBLE) AS unit_price, CAST(item.unit_cost AS DOUBLE) AS unit_cost,
    CAST(sum(demand.qty) FILTER (
        WHERE demand.demand_date > build.as_of_date - INTERVAL 364 DAY
    ) AS DOUBLE) AS qty_last_year,
    count(DISTINCT demand.site_id) AS n_sites
FROM marts.daily_demand AS demand
CROSS JOIN marts.build AS build
JOIN marts.items AS item ON item.item_id = demand.item_id
WHERE demand.is_counted
GROUP BY
    item.item_id, item.description, item.item_family, item.business_unit, item.unit_price,
    item.unit_cost
ORDER BY item.item_id;
