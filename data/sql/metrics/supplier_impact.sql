-- metric:  supplier_impact
-- label:   Blocked by late lines
-- unit:    builds and lines
-- better:  lower
-- version: 2
-- kind:    ratio
-- grains:  month x site, month x supplier, month x item
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode, blocked
-- Builds and customer lines blocked by a supplier's late lines: the part was missing on the day it
-- was needed while a line of the supplier for that part and site was overdue. The numerator is the
-- count, once per supplier and build or line, with the part that was missed first, in the period
-- of that day; two late suppliers of one part each have it. The value is the count per supplier and
-- thing blocked, always 1.
CREATE OR REPLACE VIEW metrics.supplier_impact AS
SELECT
    line.blocked_id,
    line.missed_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode, line.blocked,
    CAST(1 AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.supplier_blocks AS line
WHERE line.is_first;
