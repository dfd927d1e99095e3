-- metric:  kit_readiness_rate
-- label:   Kits ready before the start
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site
-- by:      site_id, region, product
-- Share of builds whose every part was at the build 2 working days before the planned start; a part
-- that is only needed later than the start, by the day it is needed. In the period of the planned
-- start; builds whose start or last need date is still to come are pending.
CREATE OR REPLACE VIEW metrics.kit_readiness_rate AS
SELECT
    build.build_id,
    build.planned_start_date AS metric_date,
    build.site_id, build.region, build.product,
    CAST(CASE WHEN build.ready_by_date <= as_of.as_of_date
        THEN CAST(build.is_kit_ready AS INTEGER) ELSE 0 END AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(build.ready_by_date <= as_of.as_of_date AS INTEGER) AS DECIMAL(18, 4))
        AS denominator,
    CAST(build.ready_by_date <= as_of.as_of_date AS INTEGER) AS n,
    build.ready_by_date > as_of.as_of_date AS is_pending
FROM marts.builds AS build
CROSS JOIN marts.build AS as_of
WHERE build.n_parts > 0;
