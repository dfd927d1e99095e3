-- metric:  order_on_time_rate
-- label:   Orders on time
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer
-- by:      site_id, region, customer_id, segment, business_unit
-- Share of orders complete by the date the customer requested, whatever was promised: every line
-- wholly shipped by its own requested date. An order counts at the site of its first line, in the
-- period of its last requested date, and is pending until then.
CREATE OR REPLACE VIEW metrics.order_on_time_rate AS
SELECT
    placed.order_id,
    placed.requested_date AS metric_date,
    placed.site_id, placed.region, placed.customer_id, placed.segment, placed.business_unit,
    CAST(CAST(placed.is_judged_by_request AND placed.is_on_time AS INTEGER)
        AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(placed.is_judged_by_request AS INTEGER) AS DECIMAL(18, 4)) AS denominator,
    CAST(placed.is_judged_by_request AS INTEGER) AS n,
    NOT placed.is_judged_by_request AS is_pending
FROM marts.orders AS placed
WHERE placed.requested_date IS NOT NULL;
