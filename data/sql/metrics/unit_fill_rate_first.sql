-- metric:  unit_fill_rate_first
-- label:   Unit fill rate, first shipment
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    ratio
-- grains:  day+week+month x site, month x segment, month x customer
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment
-- Share of the units due that the first shipment filled: what was on the shelf. Counted in the
-- period of the order, once the line is due; a first shipment after the due date fills nothing.
CREATE OR REPLACE VIEW metrics.unit_fill_rate_first AS
SELECT
    line.order_line_id,
    line.order_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    CAST(CASE WHEN line.is_judged THEN line.qty_first_shipment ELSE 0 END
        AS DECIMAL(18, 4)) AS numerator,
    CAST(CASE WHEN line.is_judged THEN line.qty_due ELSE 0 END AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_judged AS INTEGER) AS n,
    line.is_pending
FROM marts.order_lines AS line
WHERE line.is_in_scope AND NOT line.is_cancelled;
