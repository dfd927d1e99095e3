-- metric:  promise_adherence_first
-- label:   First promises kept
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x supplier, month x item
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode
-- Share of purchase order lines received in full within the window around the first promise. A
-- change that the buyer asks for starts a new first promise, a change by the supplier never does. A
-- line without a promise is not adherent, in the period of its need date (else order date plus
-- stated lead time), once promises are collected at its site. Open and overdue is a miss; lines
-- whose window is still open are pending. The window is the supplier's own, by default 5 working
-- days early and none late; what comes before it is early, and no hit. A rejected quantity is
-- undelivered until replaced. Where nobody counted the quantity, the dates alone decide, and
-- nothing is said of "in full".
CREATE OR REPLACE VIEW metrics.promise_adherence_first AS
SELECT
    line.po_line_id,
    line.due_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    CAST(CASE WHEN line.is_first_judged
        THEN CAST(line.qty_on_time_first >= line.qty_ordered AS INTEGER) ELSE 0 END AS DECIMAL(18, 4)) AS numerator,
    CAST(CASE WHEN line.is_first_judged THEN 1 ELSE 0 END AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_first_judged AS INTEGER) AS n,
    NOT line.is_first_judged AS is_pending
FROM marts.purchase_order_lines AS line
WHERE line.is_promised OR line.is_promise_due;
