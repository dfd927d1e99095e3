-- metric:  line_side_on_time_rate
-- label:   On time to the engine line
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x item
-- by:      site_id, region, item_id, item_family, business_unit, product
-- Share of the parts that builds required whose full usable quantity was at the build by the day it
-- was needed; a need date on a holiday rolls to the working day before. Usable is received,
-- accepted, at the right plant and not pegged to a build of higher priority. As the plant recorded
-- it; where it keeps no records, pegged from stock and receipts in priority order. Not there by now
-- is a miss, not needed yet is pending.
CREATE OR REPLACE VIEW metrics.line_side_on_time_rate AS
SELECT
    part.build_id, part.item_id AS part_id,
    part.need_by_date AS metric_date,
    part.site_id, part.region, part.item_id, part.item_family, part.business_unit, part.product,
    CAST(CASE WHEN part.is_judged
        THEN CAST(coalesce(part.met_date <= part.need_by_date, FALSE) AS INTEGER) ELSE 0 END
        AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(part.is_judged AS INTEGER) AS DECIMAL(18, 4)) AS denominator,
    CAST(part.is_judged AS INTEGER) AS n,
    part.need_by_date > as_of.as_of_date AS is_pending
FROM marts.build_requirements AS part
CROSS JOIN marts.build AS as_of;
