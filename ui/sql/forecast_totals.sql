-- Demand by site and family: of the last periods as many as the forecast has, and of those ahead.
-- Expected demand adds up; the parts sum to the whole.
WITH run AS (
    SELECT min(period_date) AS first_date, max(period_no) AS horizon FROM marts.forecasts
), past AS (
    SELECT demand.site_id, demand.item_family, sum(demand.qty) AS qty
    FROM marts.daily_demand AS demand
    CROSS JOIN run
    JOIN marts.forecast_choices AS choice
        ON choice.item_id = demand.item_id AND choice.site_id = demand.site_id
    WHERE demand.is_counted AND demand.demand_date < run.first_date
      AND date_diff($unit, demand.demand_date, run.first_date) <= run.horizon
      AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), demand.region))
      AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), demand.item_id))
    GROUP BY demand.site_id, demand.item_family
), ahead AS (
    SELECT site_id, item_family, sum(qty_expected) AS qty
    FROM marts.forecasts
    WHERE ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), region))
      AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), item_id))
    GROUP BY site_id, item_family
)
SELECT
    ahead.site_id, ahead.item_family, CAST(coalesce(past.qty, 0) AS DOUBLE) AS qty_before,
    ahead.qty AS qty_ahead
FROM ahead
LEFT JOIN past ON past.site_id = ahead.site_id AND past.item_family = ahead.item_family
WHERE ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), ahead.site_id))
  AND ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), ahead.item_family))
ORDER BY ahead.site_id, ahead.item_family;
