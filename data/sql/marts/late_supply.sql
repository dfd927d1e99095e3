-- steps.late_supply: one row per quantity of a PO line that was not there on the day on which it
-- was due (first promise, else expected): until when it was overdue, NULL while it still is.
CREATE OR REPLACE TABLE steps.late_supply AS
WITH received AS (
    SELECT
        order_id, line_no, received_date, qty_cumulative AS qty_to,
        coalesce(lag(qty_cumulative) OVER (
            PARTITION BY order_id, line_no ORDER BY received_date, qty_cumulative, _file, _line
        ), 0) AS qty_from
    FROM marts.receipts
), due AS (
    SELECT
        line.po_line_id, line.order_id, line.line_no, line.supplier_id, line.site_id, line.item_id,
        line.due_date, line.qty_ordered, line.qty_open, schedule.qty_from, schedule.qty_to
    FROM marts.purchase_order_lines AS line
    JOIN steps.purchase_schedules AS schedule
        ON schedule.order_id = line.order_id AND schedule.line_no = line.line_no
        AND schedule.schedule_no = line.schedule_no
    CROSS JOIN marts.build AS build
    WHERE line.due_date <= build.as_of_date
), parts AS (
    SELECT
        due.supplier_id, due.site_id, due.item_id, due.po_line_id, due.due_date,
        received.received_date,
        least(received.qty_to, due.qty_to) - greatest(received.qty_from, due.qty_from) AS qty
    FROM due
    JOIN received ON received.order_id = due.order_id AND received.line_no = due.line_no
    WHERE received.received_date > due.due_date
    UNION ALL
    SELECT
        supplier_id, site_id, item_id, po_line_id, due_date, CAST(NULL AS DATE), qty_open
    FROM due
)
SELECT
    supplier_id, site_id, item_id, po_line_id, due_date, received_date,
    CAST(qty AS DECIMAL(18, 4)) AS qty
FROM parts
WHERE qty > 0;
