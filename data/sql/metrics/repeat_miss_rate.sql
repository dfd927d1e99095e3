-- metric:  repeat_miss_rate
-- label:   Repeat misses
-- unit:    ratio
-- better:  lower
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment
-- Share of order lines that were not filled whole by their due date although the same customer had
-- missed the same item within the 90 days before. A proxy for what customers feel, not a survey. A
-- line counts from its due date on; stocked items on stock orders, customers' cancellations on or
-- before the due date out.
CREATE OR REPLACE VIEW metrics.repeat_miss_rate AS
SELECT
    line.order_line_id,
    line.due_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    CAST(CAST(line.is_judged AND again.order_line_id IS NOT NULL AS INTEGER)
        AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(line.is_judged AS INTEGER) AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_judged AS INTEGER) AS n,
    line.is_pending
FROM marts.order_lines AS line
LEFT JOIN marts.repeat_misses AS again ON again.order_line_id = line.order_line_id
WHERE line.is_in_scope AND NOT line.is_cancelled;
