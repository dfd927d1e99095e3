-- check: every order line has a date on which it falls due
SELECT order_line_id, requested_date, first_promised_date
FROM marts.order_lines
WHERE due_date IS NULL;
