-- metric:  promise_to_need_rate
-- label:   Promised by the need date
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x supplier, month x item
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode
-- Share of purchase order lines with a promise and a need date whose first promise is for the need
-- date or before: the gap between what is promised and what production requires, before anything
-- is late. In the period of the order. Lines without a promise or a need date, or needed before
-- they were ordered, are left out.
CREATE OR REPLACE VIEW metrics.promise_to_need_rate AS
SELECT
    line.po_line_id,
    line.order_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    CAST(CAST(line.first_promised_date <= line.need_date AS INTEGER) AS DECIMAL(18, 4))
        AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.purchase_order_lines AS line
WHERE line.is_promised AND line.need_by_date IS NOT NULL AND line.order_date IS NOT NULL;
