-- metric:  engines_shipped_on_time
-- label:   Engines shipped on time
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site
-- by:      site_id, region, product
-- Builds shipped by the day the customer requested, in the period of that day; the numerator is the
-- count, the denominator the builds due. Not shipped and overdue is a miss, not due yet is pending.
CREATE OR REPLACE VIEW metrics.engines_shipped_on_time AS
SELECT
    build.build_id,
    build.requested_ship_date AS metric_date,
    build.site_id, build.region, build.product,
    CAST(CASE WHEN build.requested_ship_date <= as_of.as_of_date
        THEN CAST(coalesce(build.shipped_date <= build.requested_ship_date, FALSE) AS INTEGER)
        ELSE 0 END AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(build.requested_ship_date <= as_of.as_of_date AS INTEGER) AS DECIMAL(18, 4))
        AS denominator,
    CAST(build.requested_ship_date <= as_of.as_of_date AS INTEGER) AS n,
    build.requested_ship_date > as_of.as_of_date AS is_pending
FROM marts.builds AS build
CROSS JOIN marts.build AS as_of;
