-- metric:  delivery_timing
-- label:   Early, on the day, late
-- unit:    lines
-- better:  higher
-- version: 1
-- kind:    curve
-- grains:  month x site, month x supplier
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode, timing
-- always:  timing
-- How many purchase order lines came how many calendar days before or after the day of their first
-- promise as it was stated, not rolled over holidays: completed lines by the day of completion,
-- the rest as open. numerator and n count the lines of each class; the share of a class is its n
-- over the n of all classes.
CREATE OR REPLACE VIEW metrics.delivery_timing AS
SELECT
    line.po_line_id,
    line.due_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    CASE
        WHEN line.days_from_promise IS NULL THEN '9 open'
        WHEN line.days_from_promise < -20 THEN '0 over 20 early'
        WHEN line.days_from_promise < -10 THEN '1 11-20 early'
        WHEN line.days_from_promise < -5 THEN '2 6-10 early'
        WHEN line.days_from_promise < 0 THEN '3 1-5 early'
        WHEN line.days_from_promise = 0 THEN '4 on the day'
        WHEN line.days_from_promise <= 5 THEN '5 1-5 late'
        WHEN line.days_from_promise <= 10 THEN '6 6-10 late'
        WHEN line.days_from_promise <= 20 THEN '7 11-20 late'
        ELSE '8 over 20 late'
    END AS timing,
    CAST(CAST(line.is_first_judged AS INTEGER) AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(line.is_first_judged AS INTEGER) AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_first_judged AS INTEGER) AS n,
    NOT line.is_first_judged AS is_pending
FROM marts.purchase_order_lines AS line
WHERE line.is_promised;
