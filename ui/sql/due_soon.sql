-- Open lines due in the seven days after the as-of date, and which find no free stock: one row.
-- Free stock of the latest snapshot goes to the open lines of its item and site by their due date.
WITH latest AS (
    SELECT max(snapshot_date) AS snapshot_date FROM marts.stock
), free AS (
    SELECT stock.item_id, stock.site_id, stock.qty_on_hand - coalesce(stock.qty_reserved, 0) AS qty
    FROM marts.stock AS stock
    JOIN latest ON latest.snapshot_date = stock.snapshot_date
), waiting AS (
    SELECT
        line.*, build.as_of_date,
        sum(line.qty_open) OVER (
            PARTITION BY line.item_id, line.site_id
            ORDER BY line.due_date, line.order_line_id, line.schedule_no
        ) AS qty_wanted
    FROM marts.order_lines AS line
    CROSS JOIN marts.build AS build
    WHERE line.qty_open > 0 AND line.is_in_scope
      AND line.due_date <= build.as_of_date + INTERVAL 7 DAY
), due AS (
    SELECT
        waiting.qty_open * waiting.unit_price AS value_open,
        waiting.qty_wanted > coalesce(free.qty, 0) AS is_short
    FROM waiting
    LEFT JOIN free ON free.item_id = waiting.item_id AND free.site_id = waiting.site_id
    WHERE waiting.due_date > waiting.as_of_date
      AND ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), waiting.site_id))
      AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), waiting.region))
      AND ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), waiting.item_family))
      AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), waiting.item_id))
      AND ($customer_id IS NULL OR list_contains(CAST($customer_id AS VARCHAR[]), waiting.customer_id))
      AND ($segment IS NULL OR list_contains(CAST($segment AS VARCHAR[]), waiting.segment))
)
SELECT
    latest.snapshot_date, count(due.is_short) AS n_open,
    count(due.is_short) FILTER (due.is_short AND latest.snapshot_date IS NOT NULL) AS n_short,
    CAST(coalesce(sum(due.value_open), 0) AS DOUBLE) AS value_open,
    CAST(coalesce(sum(due.value_open) FILTER (due.is_short), 0) AS DOUBLE) AS value_short
FROM latest
LEFT JOIN due ON TRUE
GROUP BY latest.snapshot_date;
