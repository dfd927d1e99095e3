-- staging.builds: the latest accepted row of each build.
CREATE OR REPLACE TABLE staging.builds AS
SELECT
    build_id, site_id, product, planned_start_date, requested_ship_date,
    CASE WHEN coalesce(shipped_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE)
        THEN shipped_date END AS shipped_date,
    _file, _line, _load_id
FROM lake.builds
QUALIFY row_number() OVER (PARTITION BY build_id ORDER BY _seq DESC, _line DESC) = 1;
