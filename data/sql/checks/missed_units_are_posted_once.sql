-- check: every missed unit of a line is posted to a cause, once
WITH posted AS (
    SELECT order_line_id, sum(qty_missed) AS qty FROM marts.missed_units GROUP BY order_line_id
)
SELECT line.order_line_id, line.qty_due - line.qty_shipped_by_due AS qty_missed, posted.qty AS qty_posted
FROM marts.order_lines AS line
LEFT JOIN posted ON posted.order_line_id = line.order_line_id
WHERE line.is_in_scope AND line.is_judged
  AND coalesce(posted.qty, 0) <> line.qty_due - line.qty_shipped_by_due;
