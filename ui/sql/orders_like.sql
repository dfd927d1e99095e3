-- Order lines whose order begins with what was typed: at most 25.
SELECT
    line.order_line_id, line.status, line.item_id, line.site_id, line.customer_id, line.due_date,
    CAST(line.qty_ordered AS DOUBLE) AS qty_ordered, CAST(line.qty_open AS DOUBLE) AS qty_open
FROM marts.order_lines AS line
WHERE starts_with(lower(line.order_line_id), lower($typed))
ORDER BY line.order_line_id
LIMIT 25;
