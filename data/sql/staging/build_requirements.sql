-- staging.build_requirements: the latest accepted row of each build and part.
CREATE OR REPLACE TABLE staging.build_requirements AS
SELECT
    build_id, item_id, qty_required, need_date, qty_available,
    CASE WHEN coalesce(available_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE)
        THEN available_date END AS available_date,
    _file, _line, _load_id
FROM lake.build_requirements
QUALIFY row_number() OVER (PARTITION BY build_id, item_id ORDER BY _seq DESC, _line DESC) = 1;
