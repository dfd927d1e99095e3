-- metric:  fill_by_delay
-- label:   Fill by delay
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    curve
-- grains:  week x site, month x site, month x customer
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment, delay_days
-- always:  delay_days
-- Share of the units due that had shipped within d calendar days of their due date, d = 0, 1, 3,
-- 7, 14, 30: the same units at every d, so the curve never falls. A line due less than d days before
-- the as-of date counts with what has shipped so far: over a period that ends less than 30 days
-- before the as-of date, the points whose days have not passed are too low and still rise.
CREATE OR REPLACE VIEW metrics.fill_by_delay AS
SELECT
    line.order_line_id,
    line.due_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    delays.delay_days,
    CAST(CASE
        WHEN NOT line.is_judged THEN 0
        WHEN delays.delay_days = 0 THEN line.qty_shipped_by_due
        WHEN delays.delay_days = 1 THEN line.qty_shipped_within_1_days
        WHEN delays.delay_days = 3 THEN line.qty_shipped_within_3_days
        WHEN delays.delay_days = 7 THEN line.qty_shipped_within_7_days
        WHEN delays.delay_days = 14 THEN line.qty_shipped_within_14_days
        ELSE line.qty_shipped_within_30_days
    END AS DECIMAL(18, 4)) AS numerator,
    CAST(CASE WHEN line.is_judged THEN line.qty_due ELSE 0 END AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_judged AS INTEGER) AS n,
    line.is_pending
FROM marts.order_lines AS line
CROSS JOIN (VALUES (0), (1), (3), (7), (14), (30)) AS delays(delay_days)
WHERE line.is_in_scope AND NOT line.is_cancelled;
