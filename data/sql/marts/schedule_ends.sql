-- steps.schedule_ends: one row per schedule line: when it was over, and how late that was.
--   ended_date: complete; or open no more because the customer cancelled the rest; else the as-of
--               date, up to which an open line is late.
CREATE OR REPLACE TABLE steps.schedule_ends AS
WITH closed AS (
    SELECT
        line.order_id, line.line_no, line.schedule_no, site.calendar_id, line.due_date,
        CASE WHEN line.qty_due > 0 THEN shipped.completed_date END AS completed_date,
        line.qty_due > 0 AND shipped.completed_date IS NULL AND line.cancelled_by = 'customer'
            AND line.cancelled_date IS NOT NULL AND line.qty_cancelled > 0
            AND coalesce(shipped.qty_by_now, 0) >= line.qty_ordered - line.qty_cancelled
            AS is_rest_cancelled,
        greatest(line.cancelled_date, shipped.rest_completed_date) AS closed_date,
        line.qty_due > 0 AS is_due, build.as_of_date, build.first_day, build.last_day
    FROM steps.schedule_lines AS line
    LEFT JOIN steps.schedule_shipments AS shipped
        ON shipped.order_id = line.order_id AND shipped.line_no = line.line_no
        AND shipped.schedule_no = line.schedule_no
    JOIN marts.sites AS site ON site.site_id = line.site_id
    CROSS JOIN marts.build AS build
), ended AS (
    SELECT
        closed.*,
        CASE WHEN is_due THEN coalesce(
            completed_date, CASE WHEN is_rest_cancelled THEN closed_date END, as_of_date
        ) END AS ended_date
    FROM closed
)
SELECT
    line.order_id, line.line_no, line.schedule_no, line.completed_date, line.is_rest_cancelled,
    line.ended_date,
    CASE WHEN line.ended_date > line.due_date
        THEN ended.rolled_day_no - due.working_day_no ELSE 0 END AS days_late,
    greatest(date_diff('day', line.due_date, line.ended_date), 0) AS calendar_days_late
FROM ended AS line
LEFT JOIN marts.working_days AS ended
    ON ended.calendar_id = line.calendar_id AND line.ended_date > line.due_date
    AND ended.day = least(greatest(line.ended_date, line.first_day), line.last_day)
LEFT JOIN marts.working_days AS due
    ON due.calendar_id = line.calendar_id AND line.ended_date > line.due_date
    AND due.day = least(greatest(line.due_date, line.first_day), line.last_day);
