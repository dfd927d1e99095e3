-- metric:  misallocated_units
-- label:   Misallocated units
-- unit:    ratio
-- better:  lower
-- version: 1
-- kind:    ratio
-- grains:  month x item
-- by:      season_id, in_contract, item_id, item_family, business_unit
-- Units that would have sold at another site: per season and item the smaller of the total short and
-- the total left over, as far as it could be placed elsewhere. The numerator is the count of units;
-- the value is their share of the sales that the hindsight share would have made. Population and
-- period as of the allocation error.
CREATE OR REPLACE VIEW metrics.misallocated_units AS
SELECT
    item.end_date AS metric_date,
    item.season_id, CASE WHEN item.in_contract THEN 'yes' ELSE 'no' END AS in_contract,
    item.item_id, item.item_family, item.business_unit,
    CAST(item.qty_misallocated AS DECIMAL(18, 4)) AS numerator,
    CAST(item.qty_hindsight_sales AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.season_items AS item;
