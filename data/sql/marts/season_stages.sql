-- steps.season_stages: one row per season, item and site that was allocated, is planned or sold: what
-- it was given, what it sold, and what the last forecasting run says of it.
CREATE OR REPLACE TABLE steps.season_stages AS
WITH sold AS (
    SELECT
        season_id, item_id, site_id, sum(qty_sold) AS qty_sold,
        count(qty_sold) AS n_periods, count_if(NOT in_stock) AS n_periods_out,
        min(CASE WHEN NOT in_stock THEN period_date END) AS ran_out_date
    FROM marts.season_weeks
    GROUP BY season_id, item_id, site_id
), keys AS (
    SELECT season_id, item_id, site_id FROM marts.allocations
    UNION
    SELECT season_id, item_id, site_id FROM lake.season_plans
)
SELECT
    keys.season_id, keys.item_id, keys.site_id,
    allocation.allocated_at, allocation.rule, coalesce(allocation.is_tool, FALSE) AS is_tool,
    allocation.qty_on_hand, allocation.qty_allocated, allocation.qty_delivered,
    closed.site_id IS NOT NULL AS is_closed,
    plan.qty_expected, plan.qty_p10 AS qty_expected_p10, plan.qty_p90 AS qty_expected_p90,
    plan.share, plan.qty_planned,
    coalesce(sold.qty_sold, 0) AS qty_sold, coalesce(sold.n_periods, 0) AS n_periods,
    coalesce(sold.n_periods_out, 0) AS n_periods_out, sold.ran_out_date,
    outcome.qty_demand, outcome.qty_hindsight, outcome.qty_luck,
    CASE WHEN NOT allocation.is_tool THEN plan.qty_planned END AS qty_shadow,
    outcome.season_id IS NOT NULL AND allocation.season_id IS NOT NULL AS has_outcome
FROM keys
LEFT JOIN marts.allocations AS allocation
    ON allocation.season_id = keys.season_id AND allocation.item_id = keys.item_id
    AND allocation.site_id = keys.site_id
LEFT JOIN lake.season_plans AS plan
    ON plan.season_id = keys.season_id AND plan.item_id = keys.item_id
    AND plan.site_id = keys.site_id
LEFT JOIN sold
    ON sold.season_id = keys.season_id AND sold.item_id = keys.item_id
    AND sold.site_id = keys.site_id
LEFT JOIN lake.season_results AS outcome
    ON outcome.season_id = keys.season_id AND outcome.item_id = keys.item_id
    AND outcome.site_id = keys.site_id
LEFT JOIN steps.closed_sites AS closed
    ON closed.season_id = keys.season_id AND closed.site_id = keys.site_id;
