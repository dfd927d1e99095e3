-- steps.schedule_lines: one row per schedule line ordered by the as-of date: what is due, and when.
-- qty_from..qty_to is its share of the order line; shipments fill the shares in order of date.
-- A customer's cancellation on or before the date in question takes its quantity out, last share
-- first; later, or by anybody else, or by nobody knows whom or when, it stays due (G5).
CREATE OR REPLACE TABLE steps.schedule_lines AS
-- A line's own promised date counts where no history of promises is known, now or later than the
-- as-of date. A promise first recorded after the requested date comes too late to be the first (G10).
WITH stated AS (
    SELECT DISTINCT order_id, line_no FROM staging.order_promises
), recorded AS (
    SELECT order_id, line_no, min(recorded_date) AS first_recorded_date
    FROM steps.recorded_promises
    WHERE order_kind = 'sale'
    GROUP BY order_id, line_no
), cancelled AS (
    SELECT
        line.order_id, line.line_no, line.cancelled_by, line.cancelled_at,
        CAST((line.cancelled_at AT TIME ZONE 'UTC') AT TIME ZONE site.timezone AS DATE)
            AS cancelled_date,
        least(coalesce(line.qty_cancelled, line.qty_ordered), line.qty_ordered) AS qty_cancelled
    FROM staging.order_lines AS line
    JOIN marts.sites AS site ON site.site_id = line.site_id
    WHERE line.cancelled_at IS NOT NULL OR line.qty_cancelled <> 0
), known_cancellations AS (
    SELECT
        cancelled.order_id, cancelled.line_no, cancelled.cancelled_by, cancelled.cancelled_date,
        cancelled.qty_cancelled,
        CASE WHEN cancelled.cancelled_by = 'customer' THEN cancelled.cancelled_date END
            AS excusing_date
    FROM cancelled
    CROSS JOIN marts.build AS build
    WHERE cancelled.cancelled_date IS NULL OR cancelled.cancelled_date <= build.as_of_date
), scheduled AS (
    SELECT
        line.order_id, line.line_no, coalesce(promised.schedule_no, 1) AS schedule_no,
        coalesce(promised.n_schedules, 1) AS n_schedules,
        line.site_id, line.item_id, line.customer_id, line.order_date, line.requested_date,
        line.order_type, line.qty_ordered AS qty_line, line.unit_price, line._file, line._line,
        CASE WHEN stated.order_id IS NULL THEN line.first_promised_date
            ELSE promised.first_promised_date END AS first_promised_date,
        CASE WHEN stated.order_id IS NULL
            THEN coalesce(line.promised_date, line.first_promised_date)
            ELSE promised.last_promised_date END AS last_promised_date,
        coalesce(promised.n_late_edits, 0) AS n_late_edits,
        recorded.order_id IS NOT NULL AS has_promise_history,
        least(coalesce(promised.qty_from, 0), greatest(line.qty_ordered, 0)) AS qty_from,
        least(coalesce(promised.qty_to, line.qty_ordered), line.qty_ordered) AS qty_to
    FROM staging.order_lines AS line
    CROSS JOIN marts.build AS build
    LEFT JOIN stated ON stated.order_id = line.order_id AND stated.line_no = line.line_no
    LEFT JOIN recorded ON recorded.order_id = line.order_id AND recorded.line_no = line.line_no
    LEFT JOIN steps.promised_dates AS promised
        ON promised.order_kind = 'sale' AND promised.order_id = line.order_id
        AND promised.line_no = line.line_no
        AND recorded.first_recorded_date <= line.requested_date
        AND (promised.schedule_no = 1 OR promised.qty_from < line.qty_ordered)
    WHERE line.order_date <= build.as_of_date
), dated AS (
    SELECT
        scheduled.*, coalesce(first_promised_date, requested_date) AS due_date,
        coalesce(known.qty_cancelled, 0) AS qty_cancelled, known.cancelled_by,
        known.cancelled_date,
        CASE WHEN known.excusing_date <= coalesce(first_promised_date, requested_date)
            THEN qty_line - known.qty_cancelled ELSE qty_line END AS qty_live,
        CASE WHEN known.excusing_date <= requested_date
            THEN qty_line - known.qty_cancelled ELSE qty_line END AS qty_live_requested,
        CASE WHEN known.excusing_date <= coalesce(last_promised_date, requested_date)
            THEN qty_line - known.qty_cancelled ELSE qty_line END AS qty_live_last
    FROM scheduled
    LEFT JOIN known_cancellations AS known
        ON known.order_id = scheduled.order_id AND known.line_no = scheduled.line_no
)
SELECT
    dated.order_id, dated.line_no, dated.schedule_no, dated.n_schedules,
    dated.site_id, dated.item_id, dated.customer_id, dated.order_date, dated.requested_date,
    dated.first_promised_date, dated.last_promised_date, dated.due_date, dated.n_late_edits,
    dated.has_promise_history, dated.order_type, dated.unit_price, dated.qty_from,
    dated.cancelled_by, dated.cancelled_date, dated._file, dated._line,
    dated.qty_to - dated.qty_from AS qty_ordered,
    greatest(dated.qty_to - greatest(dated.qty_line - dated.qty_cancelled, dated.qty_from), 0)
        AS qty_cancelled,
    greatest(least(dated.qty_to, dated.qty_live) - dated.qty_from, 0) AS qty_due,
    greatest(least(dated.qty_to, dated.qty_live_requested) - dated.qty_from, 0) AS qty_due_requested,
    greatest(least(dated.qty_to, dated.qty_live_last) - dated.qty_from, 0) AS qty_due_last
FROM dated;
