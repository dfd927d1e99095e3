-- The schedule lines of one order line, or the one that is named: what was asked and what became of it.
SELECT
    line.order_line_id, line.order_id, line.line_no, line.status, line.is_in_scope,
    line.is_judged, line.order_type, line.item_id, item.description, line.item_family,
    line.site_id, line.region, line.customer_id, line.segment,
    line.order_date, line.requested_date, line.first_promised_date, line.last_promised_date,
    line.due_date, line.completed_date, line.cancelled_date, line.cancelled_by,
    line.days_late, line.calendar_days_late, line.n_late_edits, line.has_promise_history,
    CAST(line.qty_ordered AS DOUBLE) AS qty_ordered,
    CAST(line.qty_cancelled AS DOUBLE) AS qty_cancelled,
    CAST(line.qty_due AS DOUBLE) AS qty_due,
    CAST(line.qty_shipped_by_due AS DOUBLE) AS qty_shipped_by_due,
    CAST(line.qty_shipped AS DOUBLE) AS qty_shipped,
    CAST(line.qty_over AS DOUBLE) AS qty_over,
    CAST(line.qty_open AS DOUBLE) AS qty_open,
    CAST(line.unit_price AS DOUBLE) AS unit_price,
    line._file, line._line
FROM marts.order_lines AS line
JOIN marts.items AS item ON item.item_id = line.item_id
WHERE line.order_line_id = $line
   OR line.order_id || '/' || line.line_no = $line
ORDER BY line.schedule_no;
