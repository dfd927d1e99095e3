-- check: the shares of an agreed split add up to the order line
WITH shares AS (
    SELECT order_id, line_no, sum(qty_ordered) AS qty_scheduled
    FROM marts.order_lines
    GROUP BY order_id, line_no
)
SELECT line.order_id, line.line_no, line.qty_ordered, shares.qty_scheduled
FROM staging.order_lines AS line
JOIN shares ON shares.order_id = line.order_id AND shares.line_no = line.line_no
WHERE line.qty_ordered <> shares.qty_scheduled;
