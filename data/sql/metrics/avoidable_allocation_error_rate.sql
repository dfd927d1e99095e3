-- metric:  avoidable_allocation_error_rate
-- label:   Avoidable allocation error
-- unit:    ratio
-- better:  lower
-- version: 1
-- kind:    ratio
-- grains:  month x site, month x item
-- by:      season_id, rule, in_contract, site_id, region, item_id, item_family, business_unit
-- Allocation error with luck taken out: less its expectation had the demand rates been known and
-- the same totals been split by them. The rates are estimated between what came and what was to be
-- expected; 200 seasons are drawn around them. Below zero, luck was better than usual. The interval
-- of any set of seasons and items comes from marts.season_luck. Population and period as of the
-- allocation error.
CREATE OR REPLACE VIEW metrics.avoidable_allocation_error_rate AS
SELECT
    line.end_date AS metric_date,
    line.season_id, line.rule, CASE WHEN line.in_contract THEN 'yes' ELSE 'no' END AS in_contract,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    CAST(line.qty_misplaced - line.qty_luck AS DECIMAL(18, 4)) AS numerator,
    CAST(line.qty_allocated AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.season_lines AS line
WHERE line.is_judged;
