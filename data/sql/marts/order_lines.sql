-- marts.order_lines: one row per schedule line ordered by the as-of date (an order line is one,
-- unless a split was agreed), with every quantity that the metrics of service to customers use.
-- Shipped quantities are capped at what is due (G8), so no ratio exceeds 1. Working-day delays
-- count the days after the due date; calendar days stand beside. line_rank: lines of an order in
-- the order of their numbers. Sorted by site and due date, so that one site's lines between two
-- dates are read without the rest.
CREATE OR REPLACE TABLE marts.order_lines AS
WITH described AS (
    SELECT
        line.*, site.region, site.calendar_id, item.item_family, item.business_unit,
        customer.segment, build.as_of_date,
        coalesce(line.unit_price, item.unit_price) AS price,
        line.order_type = 'stock' AND item.is_stocked AND line.qty_ordered > 0 AS is_in_scope,
        line.qty_due <= 0 AND line.qty_ordered > 0 AS is_cancelled,
        line.due_date > build.as_of_date AS is_not_due,
        least(coalesce(shipped.qty_by_now, 0), line.qty_ordered) AS qty_shipped,
        shipped.qty_by_now, shipped.qty_by_due, shipped.qty_by_requested,
        shipped.qty_by_first_shipment, shipped.qty_within_1_days, shipped.qty_within_3_days,
        shipped.qty_within_7_days, shipped.qty_within_14_days, shipped.qty_within_30_days,
        shipped.qty_own_by_due, shipped.qty_arrived_by_due, shipped.qty_arrived_by_requested,
        shipped.qty_arrived_by_first, shipped.qty_arrived_by_last,
        coalesce(lpad(CAST(TRY_CAST(line.line_no AS BIGINT) AS VARCHAR), 19, '0'), line.line_no)
            AS line_rank,
        ended.completed_date, ended.is_rest_cancelled, ended.days_late, ended.calendar_days_late
    FROM steps.schedule_lines AS line
    LEFT JOIN steps.schedule_shipments AS shipped
        ON shipped.order_id = line.order_id AND shipped.line_no = line.line_no
        AND shipped.schedule_no = line.schedule_no
    JOIN steps.schedule_ends AS ended
        ON ended.order_id = line.order_id AND ended.line_no = line.line_no
        AND ended.schedule_no = line.schedule_no
    JOIN marts.sites AS site ON site.site_id = line.site_id
    JOIN marts.items AS item ON item.item_id = line.item_id
    JOIN marts.customers AS customer ON customer.customer_id = line.customer_id
    CROSS JOIN marts.build AS build
)
SELECT
    line.order_id || '/' || line.line_no
        || CASE WHEN line.n_schedules > 1 THEN '/' || CAST(line.schedule_no AS VARCHAR) ELSE '' END
        AS order_line_id,
    line.order_id, line.line_no, line.schedule_no, line.n_schedules, line.line_rank,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment, line.order_type,
    line.order_date, line.requested_date, line.first_promised_date, line.last_promised_date,
    line.due_date, coalesce(line.last_promised_date, line.requested_date) AS last_due_date,
    line.completed_date,
    line.qty_ordered, line.qty_cancelled, line.cancelled_by, line.cancelled_date,
    line.qty_due, line.qty_due_requested, line.qty_due_last,
    line.qty_shipped, coalesce(line.qty_by_now, 0) - line.qty_shipped AS qty_over,
    least(coalesce(line.qty_by_due, 0), line.qty_due) AS qty_shipped_by_due,
    least(coalesce(line.qty_by_requested, 0), line.qty_due_requested) AS qty_shipped_by_requested,
    least(coalesce(line.qty_by_first_shipment, 0), line.qty_due) AS qty_first_shipment,
    least(line.qty_shipped, line.qty_due) AS qty_shipped_eventually,
    least(coalesce(line.qty_within_1_days, 0), line.qty_due) AS qty_shipped_within_1_days,
    least(coalesce(line.qty_within_3_days, 0), line.qty_due) AS qty_shipped_within_3_days,
    least(coalesce(line.qty_within_7_days, 0), line.qty_due) AS qty_shipped_within_7_days,
    least(coalesce(line.qty_within_14_days, 0), line.qty_due) AS qty_shipped_within_14_days,
    least(coalesce(line.qty_within_30_days, 0), line.qty_due) AS qty_shipped_within_30_days,
    least(coalesce(line.qty_own_by_due, 0), line.qty_due) AS qty_own_shipped_by_due,
    least(coalesce(line.qty_arrived_by_due, 0), line.qty_due) AS qty_arrived_by_due,
    least(coalesce(line.qty_arrived_by_requested, 0), line.qty_due_requested)
        AS qty_arrived_by_requested,
    least(coalesce(line.qty_arrived_by_first, 0), line.qty_due) AS qty_arrived_by_first,
    least(coalesce(line.qty_arrived_by_last, 0), line.qty_due_last) AS qty_arrived_by_last,
    greatest(line.qty_ordered - line.qty_cancelled - line.qty_shipped, 0) AS qty_open,
    line.price AS unit_price,
    CAST(line.qty_due * line.price AS DECIMAL(18, 4)) AS value_due,
    CAST(least(coalesce(line.qty_by_due, 0), line.qty_due) * line.price AS DECIMAL(18, 4))
        AS value_shipped_by_due,
    line.n_late_edits, line.has_promise_history,
    line.days_late, line.calendar_days_late,
    CASE
        WHEN line.is_cancelled THEN 'cancelled'
        WHEN line.is_not_due THEN 'not due yet'
        WHEN line.completed_date <= line.due_date THEN 'on time'
        WHEN line.completed_date IS NOT NULL THEN 'late'
        WHEN line.is_rest_cancelled THEN 'short, rest cancelled'
        ELSE 'short'
    END AS status,
    line.is_in_scope, line.is_cancelled,
    NOT line.is_cancelled AND NOT line.is_not_due AS is_judged,
    NOT line.is_cancelled AND line.is_not_due AS is_pending,
    line._file, line._line
FROM described AS line
ORDER BY line.site_id, line.due_date;
