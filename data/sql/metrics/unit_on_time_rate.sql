-- metric:  unit_on_time_rate
-- label:   Units on time to first promise
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    ratio
-- grains:  day+week+month x site, month x supplier, month x item
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode
-- Share of the units ordered that were received, and not rejected, within the window around the
-- first promise, over-delivery not counted: 60 % on the day and the rest a day later is 60 %. Lines
-- without a promise have no units on time. Lines whose received quantity nobody counted are left
-- out. Lines whose window is still open are pending.
CREATE OR REPLACE VIEW metrics.unit_on_time_rate AS
SELECT
    line.po_line_id,
    line.due_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    CAST(CASE WHEN line.is_first_judged THEN line.qty_on_time_first ELSE 0 END AS DECIMAL(18, 4)) AS numerator,
    CAST(CASE WHEN line.is_first_judged THEN line.qty_ordered ELSE 0 END AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_first_judged AS INTEGER) AS n,
    NOT line.is_first_judged AS is_pending
FROM marts.purchase_order_lines AS line
WHERE (line.is_promised OR line.is_promise_due) AND line.is_counted;
