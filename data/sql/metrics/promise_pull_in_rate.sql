-- metric:  promise_pull_in_rate
-- label:   Share of promises moved forward
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x supplier, month x item
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode
-- Share of purchase order lines with a history of promises whose last promise, late edits included,
-- is earlier than the first. Dated by the first promise; lines whose window is still open are
-- pending.
CREATE OR REPLACE VIEW metrics.promise_pull_in_rate AS
SELECT
    line.po_line_id,
    line.due_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    CAST(CASE WHEN line.is_first_judged
        THEN CAST(line.stated_promised_date < line.first_promised_date AS INTEGER) ELSE 0 END AS DECIMAL(18, 4)) AS numerator,
    CAST(CASE WHEN line.is_first_judged THEN 1 ELSE 0 END AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_first_judged AS INTEGER) AS n,
    NOT line.is_first_judged AS is_pending
FROM marts.purchase_order_lines AS line
WHERE line.has_promise_history;
