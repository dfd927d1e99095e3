-- metric:  allocation_margin_lost
-- label:   Margin lost where short
-- unit:    ratio
-- better:  lower
-- version: 1
-- kind:    ratio
-- grains:  month x site, month x item
-- by:      season_id, rule, in_contract, site_id, region, item_id, item_family, business_unit
-- Margin (price less cost) on the demand that a site's stock and allocation did not cover; the
-- numerator is the money, the value its share of the margin on all demand. A total that was bought
-- too small is in it: what a right split would have saved is in marts.season_items. Items without a
-- price or cost are left out. Population and period as of the allocation error.
CREATE OR REPLACE VIEW metrics.allocation_margin_lost AS
SELECT
    line.end_date AS metric_date,
    line.season_id, line.rule, CASE WHEN line.in_contract THEN 'yes' ELSE 'no' END AS in_contract,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    CAST(line.cost_margin_lost AS DECIMAL(18, 4)) AS numerator,
    CAST(line.qty_demand * line.unit_margin AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.season_lines AS line
WHERE line.is_judged AND line.unit_margin IS NOT NULL;
