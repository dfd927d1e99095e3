-- steps.promise_responses: one row per PO line with a day of ordering: working days from the order
-- to the supplier's first promise (NULL without one), and to the as-of date.
CREATE OR REPLACE TABLE steps.promise_responses AS
WITH answered AS (
    SELECT order_id, line_no, min(recorded_date) AS first_recorded_date
    FROM steps.promises
    WHERE order_kind = 'purchase'
    GROUP BY order_id, line_no
)
SELECT
    line.order_id, line.line_no,
    CASE WHEN recorded.rolled_day_no > ordered.rolled_day_no
        THEN recorded.rolled_day_no - ordered.rolled_day_no
        WHEN recorded.rolled_day_no IS NOT NULL THEN 0 END AS response_days,
    today.working_day_no - ordered.rolled_day_no AS waited_days
FROM steps.purchase_lines AS line
CROSS JOIN marts.build AS build
JOIN marts.sites AS site ON site.site_id = line.site_id
JOIN marts.working_days AS ordered
    ON ordered.calendar_id = site.calendar_id AND ordered.day = line.order_date
JOIN marts.working_days AS today
    ON today.calendar_id = site.calendar_id AND today.day = build.as_of_date
LEFT JOIN answered ON answered.order_id = line.order_id AND answered.line_no = line.line_no
LEFT JOIN marts.working_days AS recorded
    ON recorded.calendar_id = site.calendar_id AND recorded.day = answered.first_recorded_date;
