-- metric:  promise_coverage_rate
-- label:   Promise coverage
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x supplier, month x item
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode
-- Share of purchase order lines with a promise recorded within 5 working days of the order, in the
-- period of the order. It begins at each site with the first order after promises began to be
-- collected there. Of a client with one date a line and no history, a line with a date counts as
-- promised: when it was recorded is not known. Lines ordered less than 5 working days ago are
-- pending.
CREATE OR REPLACE VIEW metrics.promise_coverage_rate AS
SELECT
    line.po_line_id,
    line.order_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    CAST(CASE WHEN line.is_response_judged
        THEN CAST(line.is_promised_soon AS INTEGER) ELSE 0 END AS DECIMAL(18, 4)) AS numerator,
    CAST(CASE WHEN line.is_response_judged THEN 1 ELSE 0 END AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_response_judged AS INTEGER) AS n,
    NOT line.is_response_judged AS is_pending
FROM marts.purchase_order_lines AS line
WHERE line.is_promise_due AND line.schedule_no = 1;
