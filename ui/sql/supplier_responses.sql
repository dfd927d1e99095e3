-- Working days from the order to a supplier's first promise, in a period of ordering.
SELECT supplier_id, median(response_days) AS response_days, count(response_days) AS n_responses
FROM marts.purchase_order_lines
WHERE order_date BETWEEN $since AND $until AND schedule_no = 1
GROUP BY supplier_id
