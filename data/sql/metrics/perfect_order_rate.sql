-- metric:  perfect_order_rate
-- label:   Perfect orders
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer
-- by:      site_id, region, customer_id, segment, business_unit
-- Share of orders in full, on time to commit, undamaged and with the right documents. An order one
-- of whose shipments says nothing about damage or documents is not assessed: in neither side,
-- marked is_assessed = false. An order counts at the site of its first line, in the period of its
-- last due date, and is pending until then.
CREATE OR REPLACE VIEW metrics.perfect_order_rate AS
SELECT
    placed.order_id,
    placed.due_date AS metric_date,
    placed.site_id, placed.region, placed.customer_id, placed.segment, placed.business_unit,
    CAST(CAST((placed.is_judged AND placed.is_assessed) AND placed.is_perfect AS INTEGER)
        AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST((placed.is_judged AND placed.is_assessed) AS INTEGER)
        AS DECIMAL(18, 4)) AS denominator,
    CAST((placed.is_judged AND placed.is_assessed) AS INTEGER) AS n,
    placed.is_assessed,
    NOT placed.is_judged AS is_pending
FROM marts.orders AS placed
WHERE placed.due_date IS NOT NULL;
