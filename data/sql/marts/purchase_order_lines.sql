-- marts.purchase_order_lines: one row per schedule line ordered from a supplier by the as-of date
-- (a PO line is one, unless a split was agreed), with every date and quantity that the metrics of
-- suppliers use. What came before its window opened is early, not on time (G7). is_first_judged
-- and the like: the window has closed by the as-of date, complete or not (G4). Sorted by supplier
-- and due date, so that one supplier's lines between two dates are read without the rest.
CREATE OR REPLACE TABLE marts.purchase_order_lines AS
WITH received AS (
    SELECT
        line.*, build.as_of_date, build.first_day, build.last_day,
        line.qty_to - line.qty_from AS qty_due, receipt.completed_date,
        receipt.nearly_completed_date, coalesce(receipt.is_counted, TRUE) AS is_counted,
        coalesce(receipt.qty_by_now, 0) AS qty_by_now,
        coalesce(receipt.qty_by_first, 0) AS qty_by_first,
        coalesce(receipt.qty_before_first, 0) AS qty_before_first,
        coalesce(receipt.qty_by_last, 0) AS qty_by_last,
        coalesce(receipt.qty_before_last, 0) AS qty_before_last,
        coalesce(receipt.qty_by_need, 0) AS qty_by_need,
        coalesce(receipt.completed_date, build.as_of_date) AS ended_date,
        line.first_promised_date IS NOT NULL AS is_promised
    FROM steps.purchase_schedules AS line
    CROSS JOIN marts.build AS build
    LEFT JOIN steps.schedule_receipts AS receipt
        ON receipt.order_id = line.order_id AND receipt.line_no = line.line_no
        AND receipt.schedule_no = line.schedule_no
)
SELECT
    line.order_id || '/' || line.line_no
        || CASE WHEN line.n_schedules > 1 THEN '/' || CAST(line.schedule_no AS VARCHAR) ELSE '' END
        AS po_line_id,
    line.order_id, line.po_id, line.line_no, line.schedule_no, line.n_schedules,
    line.supplier_id, line.stated_supplier_id, line.supplier_type, line.site_id, line.region,
    line.item_id, line.item_family, line.business_unit, line.transport_mode,
    line.order_date, line.need_date, line.need_by_date, line.first_promised_date,
    line.last_promised_date, line.stated_promised_date, line.first_due_date AS due_date,
    line.last_due_date, line.expected_date, line.completed_date, line.first_recorded_date,
    line.qty_due AS qty_ordered, least(line.qty_by_now, line.qty_due) AS qty_received,
    greatest(line.qty_by_now - line.qty_due, 0) AS qty_over,
    greatest(line.qty_due - line.qty_by_now, 0) AS qty_open, line.unit_price,
    CASE WHEN line.is_promised THEN line.qty_by_first - line.qty_before_first ELSE 0 END
        AS qty_on_time_first,
    CASE WHEN line.is_promised THEN line.qty_by_last - line.qty_before_last ELSE 0 END
        AS qty_on_time_last,
    line.qty_by_need AS qty_on_time_need,
    CASE WHEN line.ended_date > line.first_due_date
        THEN ended.rolled_day_no - line.first_due_day_no ELSE 0 END AS days_late,
    greatest(date_diff('day', line.first_promised_date, line.ended_date), 0) AS calendar_days_late,
    date_diff('day', line.first_promised_date, line.completed_date) AS days_from_promise,
    line.last_due_day_no - line.first_due_day_no AS slip_days,
    date_diff('day', line.first_promised_date, line.last_promised_date) AS calendar_slip_days,
    date_diff('day', line.order_date, line.nearly_completed_date) AS lead_time_days,
    line.stated_lead_time_days, line.n_promises, line.n_slips, line.n_pull_ins, line.n_late_edits,
    CASE
        WHEN line.first_closes_date IS NULL THEN 'no date'
        WHEN line.first_closes_date > line.as_of_date THEN 'not due yet'
        WHEN NOT line.is_promised THEN 'no promise'
        WHEN line.qty_by_first - line.qty_before_first >= line.qty_due THEN 'on time'
        WHEN line.qty_by_first >= line.qty_due THEN 'early'
        WHEN line.completed_date IS NOT NULL THEN 'late'
        ELSE 'short'
    END AS status,
    line.is_promised, line.n_promises > 0 AS has_promise_history, line.is_counted,
    coalesce(line.order_date >= line.promises_since, FALSE) AS is_promise_due,
    coalesce(line.first_closes_date <= line.as_of_date, FALSE) AS is_first_judged,
    coalesce(line.last_closes_date <= line.as_of_date, FALSE) AS is_last_judged,
    coalesce(line.need_by_date <= line.as_of_date, FALSE) AS is_need_judged,
    response.response_days,
    coalesce(response.waited_days >= rules.promise_within_days, FALSE) AS is_response_judged,
    coalesce(response.response_days <= rules.promise_within_days,
        line.is_promised AND line.n_promises = 0) AS is_promised_soon,
    line._file, line._line
FROM received AS line
CROSS JOIN marts.rules AS rules
LEFT JOIN steps.promise_responses AS response
    ON response.order_id = line.order_id AND response.line_no = line.line_no
LEFT JOIN marts.working_days AS ended
    ON ended.calendar_id = line.calendar_id AND line.ended_date > line.first_due_date
    AND ended.day = least(greatest(line.ended_date, line.first_day), line.last_day)
ORDER BY line.supplier_id, line.first_due_date;
