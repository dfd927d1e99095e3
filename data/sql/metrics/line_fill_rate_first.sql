-- metric:  line_fill_rate_first
-- label:   Line fill rate, first shipment
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment
-- Share of order lines that the first shipment filled whole: what was on the shelf. Counted in the
-- period of the order, once the line is due; a first shipment after the due date fills nothing.
CREATE OR REPLACE VIEW metrics.line_fill_rate_first AS
SELECT
    line.order_line_id,
    line.order_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    CAST(CAST(line.is_judged AND line.qty_first_shipment >= line.qty_due AS INTEGER)
        AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(line.is_judged AS INTEGER) AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_judged AS INTEGER) AS n,
    line.is_pending
FROM marts.order_lines AS line
WHERE line.is_in_scope AND NOT line.is_cancelled;
