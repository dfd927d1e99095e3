-- check: the schedule lines of a PO line add up to its ordered quantity
SELECT
    line.order_id, line.line_no, max(line.qty_ordered) AS qty_ordered,
    sum(schedule.qty_ordered) AS qty_scheduled
FROM steps.purchase_lines AS line
LEFT JOIN marts.purchase_order_lines AS schedule
    ON schedule.order_id = line.order_id AND schedule.line_no = line.line_no
GROUP BY line.order_id, line.line_no
HAVING coalesce(sum(schedule.qty_ordered), 0) <> max(line.qty_ordered);
