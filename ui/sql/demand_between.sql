-- Demand of each decision's part and site over the days that its order was to serve: the day after
-- the decision until lead time and review had passed.
WITH asked AS (
    SELECT
        unnest(CAST($ids AS VARCHAR[])) AS proposal_id, unnest(CAST($items AS VARCHAR[])) AS item_id,
        unnest(CAST($sites AS VARCHAR[])) AS site_id, unnest(CAST($since AS DATE[])) AS since_date,
        unnest(CAST($until AS DATE[])) AS until_date
)
SELECT asked.proposal_id, CAST(coalesce(sum(demand.qty), 0) AS DOUBLE) AS qty
FROM asked
LEFT JOIN marts.daily_demand AS demand
    ON demand.item_id = asked.item_id AND demand.site_id = asked.site_id AND demand.is_counted
    AND demand.demand_date > asked.since_date AND demand.demand_date <= asked.until_date
GROUP BY asked.proposal_id;
