-- metric:  backorder_age
-- label:   Age of backorders
-- unit:    working days
-- better:  lower
-- version: 1
-- kind:    distribution
-- grains:  month x site, month x customer
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment, age_bucket
-- Working days past the requested date of what is ordered, not cancelled and not yet shipped: the
-- mean over open units, with P50, P90 and the maximum over open lines; numerator unit-days,
-- denominator open units. A position on the as-of date, so that is the period of every row.
CREATE OR REPLACE VIEW metrics.backorder_age AS
SELECT
    line.order_line_id,
    build.as_of_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    CASE
        WHEN line.age_days <= 3 THEN '00-03' WHEN line.age_days <= 7 THEN '04-07'
        WHEN line.age_days <= 14 THEN '08-14' WHEN line.age_days <= 21 THEN '15-21'
        WHEN line.age_days <= 30 THEN '22-30' WHEN line.age_days <= 45 THEN '31-45' ELSE '46+'
    END AS age_bucket,
    line.age_days AS observation,
    CAST(line.age_days * line.qty_open AS DECIMAL(18, 4)) AS numerator,
    CAST(line.qty_open AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.backorders AS line
CROSS JOIN marts.build AS build;
