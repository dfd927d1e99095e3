-- marts.builds: one row per build: what it waits for, and whether its kit was ready in time.
--   n_missing:          parts neither at the build nor in the house, on the as-of date.
--   n_missed:           parts that were not at the build on the day they were needed.
--   clear_date:         when the last part is there by the suppliers' last word; NULL where a
--                       missing part is not on order.
--   is_kit_ready:       every part was there by its ready_by_date.
CREATE OR REPLACE TABLE marts.builds AS
WITH parts AS (
    SELECT
        part.build_id, count(*) AS n_parts,
        count_if(part.is_missing) AS n_missing, max(part.ready_by_date) AS ready_by_date,
        count_if(part.is_judged AND coalesce(part.met_date > part.need_by_date, TRUE)) AS n_missed,
        bool_and(coalesce(part.met_date <= part.ready_by_date, FALSE)) AS is_kit_ready,
        max(coalesce(part.met_date, part.covered_date)) AS last_part_date,
        count(coalesce(part.met_date, part.covered_date)) AS n_dated,
        min(part.item_id) FILTER (WHERE part.is_missing) AS a_missing_item_id
    FROM marts.build_requirements AS part
    GROUP BY part.build_id
), kitted AS (
    SELECT
        assembly.*, site.region,
        assembly.shipped_date <= build.as_of_date AS is_shipped
    FROM staging.builds AS assembly
    CROSS JOIN marts.build AS build
    JOIN marts.sites AS site ON site.site_id = assembly.site_id
)
SELECT
    assembly.build_id, assembly.site_id, assembly.region, assembly.product,
    assembly.planned_start_date, assembly.requested_ship_date,
    CASE WHEN assembly.is_shipped THEN assembly.shipped_date END AS shipped_date,
    coalesce(parts.n_parts, 0) AS n_parts, coalesce(parts.n_missing, 0) AS n_missing,
    coalesce(parts.n_missed, 0) AS n_missed,
    CASE WHEN parts.n_missing = 1 THEN parts.a_missing_item_id END AS blocking_item_id,
    CASE WHEN parts.n_dated = parts.n_parts THEN parts.last_part_date END AS clear_date,
    coalesce(parts.is_kit_ready, FALSE) AS is_kit_ready, parts.ready_by_date,
    coalesce(assembly.is_shipped, FALSE) AS is_shipped,
    NOT coalesce(assembly.is_shipped, FALSE) AND coalesce(parts.n_missing, 0) = 0
        AS is_clear_to_build,
    assembly._file, assembly._line
FROM kitted AS assembly
LEFT JOIN parts ON parts.build_id = assembly.build_id
ORDER BY assembly.site_id, assembly.planned_start_date;
