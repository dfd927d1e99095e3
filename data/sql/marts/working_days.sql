-- marts.working_days: one row per calendar and day, with running numbers, so that working days
-- between two days are a subtraction.
--   working_day_no: working days up to and including this day.
--   rolled_day_no:  the same for the first working day on or after it; what happens on a Saturday
--                   happens on the next working day.
--   worked_date:    the last working day on or before it.
--   kit_due_date:   so many working days before it (rules.kit_ready_days).
--   pick_by_date:   end of the pick window of an order of this day (rules.pick_window_days).
-- Days that no calendar lists are Monday to Friday.
CREATE OR REPLACE TABLE marts.working_days AS
WITH days AS (
    SELECT CAST(spread.day AS DATE) AS day
    FROM (
        SELECT unnest(generate_series(first_day, last_day, INTERVAL 1 DAY)) AS day FROM marts.build
    ) AS spread
), listed AS (
    SELECT calendar_id, day, is_working, event FROM staging.calendar
    UNION ALL
    SELECT calendar_id, day, is_working, event FROM staging.public_holidays
), calendars AS (
    SELECT 'default' AS calendar_id
    UNION
    SELECT calendar_id FROM listed
), worked AS (
    SELECT
        calendars.calendar_id, days.day, stated.event,
        coalesce(
            stated.is_working, date_diff('day', date_trunc('week', days.day), days.day) < 5
        ) AS is_working
    FROM calendars
    CROSS JOIN days
    LEFT JOIN listed AS stated
        ON stated.calendar_id = calendars.calendar_id AND stated.day = days.day
), numbered AS (
    SELECT
        worked.calendar_id, worked.day, worked.event, worked.is_working,
        CAST(sum(CAST(worked.is_working AS INTEGER)) OVER (
            PARTITION BY worked.calendar_id ORDER BY worked.day
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS INTEGER) AS working_day_no,
        max(CASE WHEN worked.is_working THEN worked.day END) OVER (
            PARTITION BY worked.calendar_id ORDER BY worked.day
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS worked_date
    FROM worked
)
SELECT
    numbered.calendar_id, numbered.day, numbered.event, numbered.is_working,
    numbered.working_day_no,
    numbered.working_day_no + CASE WHEN numbered.is_working THEN 0 ELSE 1 END AS rolled_day_no,
    numbered.worked_date,
    kit_due.day AS kit_due_date,
    window_end.day AS pick_by_date
FROM numbered
CROSS JOIN marts.rules AS rules
LEFT JOIN numbered AS window_end
    ON window_end.calendar_id = numbered.calendar_id
    AND window_end.is_working
    AND window_end.working_day_no = numbered.working_day_no + rules.pick_window_days
LEFT JOIN numbered AS kit_due
    ON kit_due.calendar_id = numbered.calendar_id
    AND kit_due.is_working
    AND kit_due.working_day_no = numbered.working_day_no - rules.kit_ready_days;
