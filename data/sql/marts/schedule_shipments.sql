-- steps.schedule_shipments: one row per schedule line that anything was shipped for: what filled
-- its share of the order line up to each date that a definition asks for, not yet capped.
CREATE OR REPLACE TABLE steps.schedule_shipments AS
WITH sums AS (
    SELECT
        line.order_id, line.line_no, line.schedule_no, line.qty_from,
        max(shipment.qty_cumulative) AS by_now,
        max(shipment.qty_cumulative) FILTER (WHERE shipment.shipped_date <= line.due_date) AS by_due,
        max(shipment.qty_cumulative) FILTER (WHERE shipment.shipped_date <= line.requested_date)
            AS by_requested,
        max(shipment.qty_cumulative) FILTER (
            WHERE shipment.shipped_date <= line.due_date + INTERVAL 1 DAY) AS within_1,
        max(shipment.qty_cumulative) FILTER (
            WHERE shipment.shipped_date <= line.due_date + INTERVAL 3 DAY) AS within_3,
        max(shipment.qty_cumulative) FILTER (
            WHERE shipment.shipped_date <= line.due_date + INTERVAL 7 DAY) AS within_7,
        max(shipment.qty_cumulative) FILTER (
            WHERE shipment.shipped_date <= line.due_date + INTERVAL 14 DAY) AS within_14,
        max(shipment.qty_cumulative) FILTER (
            WHERE shipment.shipped_date <= line.due_date + INTERVAL 30 DAY) AS within_30,
        min(shipment.qty_cumulative) FILTER (
            WHERE shipment.qty_cumulative > line.qty_from AND shipment.shipped_date <= line.due_date
        ) AS by_first_shipment,
        min(shipment.shipped_date) FILTER (
            WHERE shipment.qty_cumulative >= line.qty_from + line.qty_due) AS completed_date,
        min(shipment.shipped_date) FILTER (
            WHERE line.qty_cancelled < line.qty_ordered
                AND shipment.qty_cumulative >= line.qty_from + line.qty_ordered - line.qty_cancelled
        ) AS rest_completed_date,
        sum(shipment.qty_own) FILTER (WHERE shipment.shipped_date <= line.due_date) AS own_by_due,
        sum(shipment.qty_credited) FILTER (WHERE shipment.arrived_date <= line.due_date)
            AS arrived_by_due,
        sum(shipment.qty_credited) FILTER (WHERE shipment.arrived_date <= line.requested_date)
            AS arrived_by_requested,
        sum(shipment.qty_credited) FILTER (WHERE shipment.arrived_date <= line.first_promised_date)
            AS arrived_by_first,
        sum(shipment.qty_credited) FILTER (WHERE shipment.arrived_date <= line.last_promised_date)
            AS arrived_by_last
    FROM steps.schedule_lines AS line
    JOIN marts.shipments AS shipment
        ON shipment.order_id = line.order_id AND shipment.line_no = line.line_no
    GROUP BY line.order_id, line.line_no, line.schedule_no, line.qty_from
)
SELECT
    order_id, line_no, schedule_no, completed_date, rest_completed_date,
    greatest(by_now - qty_from, 0) AS qty_by_now,
    greatest(by_due - qty_from, 0) AS qty_by_due,
    greatest(by_requested - qty_from, 0) AS qty_by_requested,
    greatest(within_1 - qty_from, 0) AS qty_within_1_days,
    greatest(within_3 - qty_from, 0) AS qty_within_3_days,
    greatest(within_7 - qty_from, 0) AS qty_within_7_days,
    greatest(within_14 - qty_from, 0) AS qty_within_14_days,
    greatest(within_30 - qty_from, 0) AS qty_within_30_days,
    greatest(by_first_shipment - qty_from, 0) AS qty_by_first_shipment,
    CAST(greatest(own_by_due - qty_from, 0) AS DECIMAL(18, 4)) AS qty_own_by_due,
    CAST(greatest(arrived_by_due - qty_from, 0) AS DECIMAL(18, 4)) AS qty_arrived_by_due,
    CAST(greatest(arrived_by_requested - qty_from, 0) AS DECIMAL(18, 4)) AS qty_arrived_by_requested,
    CAST(greatest(arrived_by_first - qty_from, 0) AS DECIMAL(18, 4)) AS qty_arrived_by_first,
    CAST(greatest(arrived_by_last - qty_from, 0) AS DECIMAL(18, 4)) AS qty_arrived_by_last
FROM sums;
