-- marts.part_unblocks: one row per plant and part that open builds wait for, with what it is worth
-- to pull it in: engines unblocked per day.
-- A part unblocks a build if all else is there by the planned start (or today, if that has passed);
-- the days are from then to its own expected day. The best number of engines per day over the
-- builds it blocks is what it is ranked by. A part that nobody has ordered is expected after its
-- stated lead time, else after 60 days.
CREATE OR REPLACE TABLE marts.part_unblocks AS
WITH waiting AS (
    SELECT
        part.build_id, part.site_id, part.region, part.item_id, part.item_family, part.source,
        part.po_line_id, part.supplier_id, part.qty_missing,
        greatest(part.planned_start_date, build.as_of_date) AS wanted_date,
        coalesce(part.covered_date, build.as_of_date + coalesce(part.lead_time_days, 60))
            AS expected_date
    FROM marts.build_requirements AS part
    CROSS JOIN marts.build AS build
    WHERE part.is_missing
), ranked AS (
    SELECT
        waiting.*,
        row_number() OVER (
            PARTITION BY build_id ORDER BY expected_date DESC, item_id
        ) AS lateness_no,
        lead(expected_date) OVER (
            PARTITION BY build_id ORDER BY expected_date DESC, item_id
        ) AS next_latest_date,
        count(*) OVER (PARTITION BY build_id) AS n_missing
    FROM waiting
), unblocked AS (
    SELECT
        site_id, item_id, build_id, date_diff('day', wanted_date, expected_date) AS days_pulled_in
    FROM ranked
    WHERE lateness_no = 1 AND expected_date > wanted_date
        AND coalesce(next_latest_date <= wanted_date, TRUE)
), rated AS (
    SELECT
        site_id, item_id, days_pulled_in,
        row_number() OVER (
            PARTITION BY site_id, item_id ORDER BY days_pulled_in, build_id
        ) AS n_engines
    FROM unblocked
), best AS (
    SELECT
        site_id, item_id, max(n_engines) AS n_engines_unblocked,
        max(CAST(n_engines AS DOUBLE) / days_pulled_in) AS engines_per_day,
        max(days_pulled_in) AS days_pulled_in
    FROM rated
    GROUP BY site_id, item_id
)
SELECT
    ranked.site_id, max(ranked.region) AS region, ranked.item_id,
    max(ranked.item_family) AS item_family, count(*) AS n_builds_waiting,
    count_if(ranked.n_missing = 1) AS n_builds_blocked_alone,
    coalesce(max(best.n_engines_unblocked), 0) AS n_engines_unblocked,
    coalesce(max(best.engines_per_day), 0) AS engines_per_day,
    max(best.days_pulled_in) AS days_pulled_in, sum(ranked.qty_missing) AS qty_missing,
    min(ranked.expected_date) AS next_expected_date,
    min_by(ranked.po_line_id, ranked.expected_date) AS next_po_line_id,
    min_by(ranked.supplier_id, ranked.expected_date) AS next_supplier_id,
    count_if(ranked.source IS NULL) AS n_not_on_order
FROM ranked
LEFT JOIN best ON best.site_id = ranked.site_id AND best.item_id = ranked.item_id
GROUP BY ranked.site_id, ranked.item_id;
