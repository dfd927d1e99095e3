-- metric:  clear_to_build
-- label:   Clear to build
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site
-- by:      site_id, region, product
-- Share of the builds not yet shipped whose every part is at the build or covered by what is in the
-- house, pegged in priority order: planned start, requested ship date, id. A position on the as-of
-- date, in the period of the planned start; what is on order does not count.
CREATE OR REPLACE VIEW metrics.clear_to_build AS
SELECT
    build.build_id,
    build.planned_start_date AS metric_date,
    build.site_id, build.region, build.product,
    CAST(CAST(build.is_clear_to_build AS INTEGER) AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.builds AS build
WHERE NOT build.is_shipped AND build.n_parts > 0;
