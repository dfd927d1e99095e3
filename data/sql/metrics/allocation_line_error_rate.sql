-- metric:  allocation_line_error_rate
-- label:   Lines wrongly allocated
-- unit:    ratio
-- better:  lower
-- version: 1
-- kind:    share
-- grains:  month x site, month x item
-- by:      season_id, rule, in_contract, site_id, region, item_id, item_family, business_unit
-- Share of the lines (season, item, site) that were allocated more than a pack away from their
-- hindsight share. Lines with neither an allocation nor a hindsight share are none. Population and
-- period as of the allocation error.
CREATE OR REPLACE VIEW metrics.allocation_line_error_rate AS
SELECT
    line.end_date AS metric_date,
    line.season_id, line.rule, CASE WHEN line.in_contract THEN 'yes' ELSE 'no' END AS in_contract,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    CAST(CAST(line.is_line_wrong AS INTEGER) AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.season_lines AS line
WHERE line.is_judged AND (line.qty_allocated > 0 OR line.qty_hindsight > 0);
