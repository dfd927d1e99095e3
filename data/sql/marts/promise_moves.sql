-- steps.promise_moves: one row per schedule line of a line with a history of promises and per date
-- that stood for it in turn, of both kinds of order; the last part of a split moves with the date
-- on which the line is to be complete.
-- The last promise freezes five working days before it falls due: a change recorded after that,
-- and all changes after it, are late edits and are ignored (G11).
CREATE OR REPLACE TABLE steps.promise_moves AS
WITH moves AS (
    SELECT
        parts.*, version.version_no, version.recorded_date, version.calendar_id,
        CASE WHEN parts.part_no = parts.n_parts THEN version.complete_date
            ELSE version.promised_date END AS moved_to
    FROM steps.promise_parts AS parts
    JOIN steps.promises AS version
        ON version.order_kind = parts.order_kind AND version.order_id = parts.order_id
        AND version.line_no = parts.line_no AND version.epoch_no = parts.epoch_no
        AND version.part_no = least(parts.part_no, version.n_parts)
), changes AS (
    SELECT moves.*
    FROM moves
    QUALIFY moved_to IS DISTINCT FROM lag(moved_to) OVER (
        PARTITION BY order_kind, order_id, line_no, schedule_no ORDER BY version_no
    )
), edits AS (
    SELECT
        changes.*,
        lag(moved_to) OVER (
            PARTITION BY order_kind, order_id, line_no, schedule_no ORDER BY version_no
        ) AS moved_from
    FROM changes
)
SELECT
    edits.order_kind, edits.order_id, edits.line_no, edits.schedule_no, edits.n_schedules,
    edits.qty_from, edits.qty_to, edits.version_no, edits.recorded_date, edits.moved_from,
    edits.moved_to,
    sum(CASE WHEN edits.moved_from IS NOT NULL
            AND replaced.working_day_no - noted.working_day_no < rules.freeze_days
        THEN 1 ELSE 0 END) OVER (
        PARTITION BY edits.order_kind, edits.order_id, edits.line_no, edits.schedule_no
        ORDER BY edits.version_no
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) > 0 AS is_late_edit
FROM edits
CROSS JOIN marts.rules AS rules
CROSS JOIN marts.build AS build
LEFT JOIN marts.working_days AS replaced
    ON replaced.calendar_id = edits.calendar_id
    AND replaced.day = least(greatest(edits.moved_from, build.first_day), build.last_day)
LEFT JOIN marts.working_days AS noted
    ON noted.calendar_id = edits.calendar_id
    AND noted.day = least(greatest(edits.recorded_date, build.first_day), build.last_day);
