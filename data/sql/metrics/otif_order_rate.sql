-- metric:  otif_order_rate
-- label:   Orders on time in full
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer
-- by:      site_id, region, customer_id, segment, business_unit
-- Share of orders with every line whole at the customer by its due date (first promise, else
-- requested): delivery where the site records it, else shipping; damaged quantity does not count.
-- An order counts at the site of its first line, in the period of its last due date, and is
-- pending until then.
CREATE OR REPLACE VIEW metrics.otif_order_rate AS
SELECT
    placed.order_id,
    placed.due_date AS metric_date,
    placed.site_id, placed.region, placed.customer_id, placed.segment, placed.business_unit,
    CAST(CAST(placed.is_judged AND placed.is_otif AS INTEGER) AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(placed.is_judged AS INTEGER) AS DECIMAL(18, 4)) AS denominator,
    CAST(placed.is_judged AS INTEGER) AS n,
    NOT placed.is_judged AS is_pending
FROM marts.orders AS placed
WHERE placed.due_date IS NOT NULL;
