-- marts.line_of_balance: one row per plant, part and horizon in working days: of the builds not yet
-- shipped, how many need the part by then, and how many are covered by then: at the build or in the
-- house now (horizon 0), else by the suppliers' last word.
CREATE OR REPLACE TABLE marts.line_of_balance AS
WITH ends AS (
    SELECT until.calendar_id, until.day, horizons.horizon_days
    FROM marts.build AS build
    JOIN marts.working_days AS today ON today.day = build.as_of_date
    JOIN marts.working_days AS until
        ON until.calendar_id = today.calendar_id AND until.day >= today.day
    CROSS JOIN (VALUES (0), (5), (10), (20)) AS horizons(horizon_days)
    WHERE until.is_working AND until.working_day_no = today.rolled_day_no + horizons.horizon_days
)
SELECT
    part.site_id, part.region, part.item_id, part.item_family, ends.horizon_days,
    count_if(part.need_by_date <= ends.day) AS n_needed,
    count_if(part.need_by_date <= ends.day
        AND (NOT part.is_missing OR part.covered_date <= ends.day)) AS n_needed_and_covered,
    count_if(NOT part.is_missing OR part.covered_date <= ends.day) AS n_covered
FROM marts.build_requirements AS part
JOIN marts.sites AS site ON site.site_id = part.site_id
JOIN ends ON ends.calendar_id = site.calendar_id
WHERE part.shipped_date IS NULL
GROUP BY part.site_id, part.region, part.item_id, part.item_family, ends.horizon_days;
