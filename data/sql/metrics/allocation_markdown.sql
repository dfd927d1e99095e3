-- metric:  allocation_markdown
-- label:   Markdown on left-overs
-- unit:    ratio
-- better:  lower
-- version: 1
-- kind:    ratio
-- grains:  month x site, month x item
-- by:      season_id, rule, in_contract, site_id, region, item_id, item_family, business_unit
-- Money lost on what was left over at the end of the season: stock and allocation beyond demand
-- times the markdown of a unit (its cost where the client does not say). The numerator is the
-- money, the value its share of the cost of all that was allocated. Items without a cost are left
-- out. Population and period as of the allocation error.
CREATE OR REPLACE VIEW metrics.allocation_markdown AS
SELECT
    line.end_date AS metric_date,
    line.season_id, line.rule, CASE WHEN line.in_contract THEN 'yes' ELSE 'no' END AS in_contract,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    CAST(line.cost_markdown AS DECIMAL(18, 4)) AS numerator,
    CAST(line.qty_allocated * line.unit_cost AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.season_lines AS line
WHERE line.is_judged AND line.unit_markdown IS NOT NULL AND line.unit_cost IS NOT NULL;
