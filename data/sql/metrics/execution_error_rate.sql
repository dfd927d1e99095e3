-- metric:  execution_error_rate
-- label:   Lines delivered wrong
-- unit:    ratio
-- better:  lower
-- version: 1
-- kind:    share
-- grains:  month x site, month x item
-- by:      season_id, rule, in_contract, site_id, region, item_id, item_family, business_unit
-- Share of the allocated lines that went wrong after the decision: not shipped as allocated, to a
-- closed site, or in a broken pack (the kinds are in marts.execution_errors). No forecast mends
-- them. Lines delivered by the as-of date, in the period of the season's last day, or of the as-of
-- date where the season is still running.
CREATE OR REPLACE VIEW metrics.execution_error_rate AS
WITH wrong AS (
    SELECT DISTINCT season_id, item_id, site_id FROM marts.execution_errors
)
SELECT
    least(line.end_date, build.as_of_date) AS metric_date,
    line.season_id, line.rule, CASE WHEN line.in_contract THEN 'yes' ELSE 'no' END AS in_contract,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    CAST(CAST(wrong.season_id IS NOT NULL AS INTEGER) AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.allocations AS line
CROSS JOIN marts.build AS build
LEFT JOIN wrong
    ON wrong.season_id = line.season_id AND wrong.item_id = line.item_id
    AND wrong.site_id = line.site_id
WHERE line.qty_delivered IS NOT NULL;
