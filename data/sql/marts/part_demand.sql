-- steps.part_demand: one row per part of a build known by the as-of date, in priority order: what
-- reached its build first, then builds by planned start, requested ship date and id.
--   reached_date: when the whole quantity was at the build, as recorded; of a shipped build without
--                 a record, the day it shipped.
--   is_pegged:    whether it draws on steps.part_supply; what was used before its start does not.
--   qty_until:    running sum of what is drawn.
CREATE OR REPLACE TABLE steps.part_demand AS
WITH recorders AS (
    SELECT build.site_id, count(requirement.available_date) > 0 AS has_records
    FROM staging.build_requirements AS requirement
    JOIN staging.builds AS build ON build.build_id = requirement.build_id
    GROUP BY build.site_id
), starts AS (
    SELECT site_id, item_id, min(start_date) AS start_date
    FROM steps.part_supply
    GROUP BY site_id, item_id
), known AS (
    SELECT
        assembly.build_id, assembly.site_id, assembly.product, assembly.planned_start_date,
        assembly.requested_ship_date, requirement.item_id, requirement.need_date,
        requirement.qty_required,
        CASE WHEN assembly.shipped_date <= build.as_of_date THEN assembly.shipped_date END
            AS shipped_date,
        CASE WHEN requirement.available_date <= build.as_of_date
                AND coalesce(requirement.qty_available, requirement.qty_required)
                    >= requirement.qty_required
            THEN requirement.available_date END AS recorded_date,
        least(coalesce(requirement.qty_available, 0), requirement.qty_required) AS qty_there,
        recorders.has_records, starts.start_date, requirement._file, requirement._line
    FROM staging.build_requirements AS requirement
    JOIN staging.builds AS assembly ON assembly.build_id = requirement.build_id
    JOIN recorders ON recorders.site_id = assembly.site_id
    CROSS JOIN marts.build AS build
    LEFT JOIN starts
        ON starts.site_id = assembly.site_id AND starts.item_id = requirement.item_id
), reached AS (
    SELECT
        known.*,
        CASE WHEN has_records THEN coalesce(recorded_date, shipped_date) END AS reached_date,
        CASE
            WHEN has_records THEN coalesce(recorded_date, shipped_date) IS NULL
                OR coalesce(recorded_date, shipped_date) >= start_date OR start_date IS NULL
            ELSE start_date IS NULL OR need_date >= start_date
        END AS is_pegged
    FROM known
), drawn AS (
    SELECT
        reached.*,
        CASE WHEN NOT is_pegged THEN 0
            WHEN has_records AND reached_date IS NULL THEN qty_required - qty_there
            ELSE qty_required END AS qty_drawn,
        row_number() OVER (
            PARTITION BY site_id, item_id
            ORDER BY CASE WHEN reached_date IS NULL THEN 1 ELSE 0 END, planned_start_date,
                requested_ship_date, build_id
        ) AS priority_no
    FROM reached
)
SELECT
    drawn.*,
    sum(qty_drawn) OVER (
        PARTITION BY site_id, item_id ORDER BY priority_no
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS qty_until
FROM drawn;
