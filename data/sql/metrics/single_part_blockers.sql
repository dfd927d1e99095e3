-- metric:  single_part_blockers
-- label:   Builds missing exactly one part
-- unit:    ratio
-- better:  lower
-- version: 1
-- kind:    share
-- grains:  day+week+month x site
-- by:      site_id, region, product
-- Share of builds missing exactly one part: of builds not yet shipped, on the as-of date, pegged in
-- priority order; of shipped ones, one part not there on the day it was needed. The numerator is
-- the count. In the period of the planned start.
CREATE OR REPLACE VIEW metrics.single_part_blockers AS
SELECT
    build.build_id,
    build.planned_start_date AS metric_date,
    build.site_id, build.region, build.product,
    CAST(CASE WHEN build.is_shipped THEN CAST(build.n_missed = 1 AS INTEGER)
        ELSE CAST(build.n_missing = 1 AS INTEGER) END AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.builds AS build
WHERE build.n_parts > 0;
