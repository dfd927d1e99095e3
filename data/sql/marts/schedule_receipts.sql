-- steps.schedule_receipts: one row per schedule line that anything was received for: what filled
-- its share of the PO line up to each day that a definition asks for, in order of receipt.
CREATE OR REPLACE TABLE steps.schedule_receipts AS
WITH sums AS (
    SELECT
        line.order_id, line.line_no, line.schedule_no, line.qty_from,
        line.qty_to - line.qty_from AS qty_share,
        max(receipt.qty_cumulative) AS by_now,
        max(receipt.qty_cumulative) FILTER (
            WHERE receipt.received_date <= line.first_closes_date) AS by_first,
        max(receipt.qty_cumulative) FILTER (
            WHERE receipt.received_date <= line.first_opens_after_date) AS before_first,
        max(receipt.qty_cumulative) FILTER (
            WHERE receipt.received_date <= line.last_closes_date) AS by_last,
        max(receipt.qty_cumulative) FILTER (
            WHERE receipt.received_date <= line.last_opens_after_date) AS before_last,
        max(receipt.qty_cumulative) FILTER (
            WHERE receipt.received_date <= line.need_by_date) AS by_need,
        min(receipt.received_date) FILTER (WHERE receipt.qty_cumulative >= line.qty_to)
            AS completed_date,
        min(receipt.received_date) FILTER (
            WHERE receipt.qty_cumulative >= line.qty_from + 0.95 * (line.qty_to - line.qty_from)
        ) AS nearly_completed_date,
        bool_and(receipt.is_counted) AS is_counted
    FROM steps.purchase_schedules AS line
    JOIN marts.receipts AS receipt
        ON receipt.order_id = line.order_id AND receipt.line_no = line.line_no
    GROUP BY line.order_id, line.line_no, line.schedule_no, line.qty_from, line.qty_to
)
SELECT
    order_id, line_no, schedule_no, completed_date, nearly_completed_date, is_counted,
    greatest(by_now - qty_from, 0) AS qty_by_now,
    least(greatest(coalesce(by_first, 0) - qty_from, 0), qty_share) AS qty_by_first,
    least(greatest(coalesce(before_first, 0) - qty_from, 0), qty_share) AS qty_before_first,
    least(greatest(coalesce(by_last, 0) - qty_from, 0), qty_share) AS qty_by_last,
    least(greatest(coalesce(before_last, 0) - qty_from, 0), qty_share) AS qty_before_last,
    least(greatest(coalesce(by_need, 0) - qty_from, 0), qty_share) AS qty_by_need
FROM sums;
