-- metric:  days_late
-- label:   Days late to first promise
-- unit:    working days
-- better:  lower
-- version: 1
-- kind:    distribution
-- grains:  month x site, month x supplier
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode, lateness
-- Working days from the first promise to the receipt that completed the line, 0 if on time or
-- early, open lines to the as-of date: mean over all lines due, P50, P90. Filter lateness to 'late'
-- for the mean over late lines. Lines without a promise are left out.
CREATE OR REPLACE VIEW metrics.days_late AS
SELECT
    line.po_line_id,
    line.due_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    CASE WHEN line.days_late > 0 THEN 'late' ELSE 'not late' END AS lateness,
    line.days_late AS observation,
    CAST(line.days_late AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.purchase_order_lines AS line
WHERE line.is_promised AND line.is_first_judged;
