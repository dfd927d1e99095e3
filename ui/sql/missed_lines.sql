-- Judged lines that were not filled whole by their due date, the dearest miss first: at most 1,000.
SELECT
    line.order_line_id, line.status, line.item_id, item.description, line.site_id,
    line.customer_id, line.due_date, line.completed_date, line.days_late,
    CAST(line.qty_ordered AS DOUBLE) AS qty_ordered,
    CAST(line.qty_due - line.qty_shipped_by_due AS DOUBLE) AS qty_missed,
    CAST((line.qty_due - line.qty_shipped_by_due) * line.unit_price AS DOUBLE) AS value_missed,
    CAST(line.qty_open AS DOUBLE) AS qty_open
FROM marts.order_lines AS line
JOIN marts.items AS item ON item.item_id = line.item_id
WHERE line.is_judged AND line.is_in_scope
  AND line.qty_shipped_by_due < line.qty_due
  AND line.due_date BETWEEN $since AND $until
  AND ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), line.site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), line.region))
  AND ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), line.item_family))
  AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), line.item_id))
  AND ($customer_id IS NULL OR list_contains(CAST($customer_id AS VARCHAR[]), line.customer_id))
  AND ($segment IS NULL OR list_contains(CAST($segment AS VARCHAR[]), line.segment))
ORDER BY value_missed DESC NULLS LAST, qty_missed DESC, line.order_line_id
LIMIT 1000;
