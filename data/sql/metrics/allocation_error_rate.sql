-- metric:  allocation_error_rate
-- label:   Allocation error
-- unit:    ratio
-- better:  lower
-- version: 1
-- kind:    ratio
-- grains:  month x site, month x item
-- by:      season_id, rule, in_contract, site_id, region, item_id, item_family, business_unit
-- Share of the allocated units that stood at the wrong site: half the distances between what each
-- site was allocated and its hindsight share of the item's same total, filled up from what was on
-- hand until every site stands equally high against its demand. Sales of an empty shelf are not
-- demand: it is estimated. Lines of seasons that have ended and that a forecasting run has judged,
-- closed sites left out; in the period of the season's last day.
CREATE OR REPLACE VIEW metrics.allocation_error_rate AS
SELECT
    line.end_date AS metric_date,
    line.season_id, line.rule, CASE WHEN line.in_contract THEN 'yes' ELSE 'no' END AS in_contract,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    CAST(line.qty_misplaced AS DECIMAL(18, 4)) AS numerator,
    CAST(line.qty_allocated AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.season_lines AS line
WHERE line.is_judged;
