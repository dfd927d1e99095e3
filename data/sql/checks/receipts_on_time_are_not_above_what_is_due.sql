-- check: no line has more on time than was ordered, or less than nothing
SELECT po_line_id, qty_ordered, qty_on_time_first, qty_on_time_last, qty_on_time_need
FROM marts.purchase_order_lines
WHERE greatest(qty_on_time_first, qty_on_time_last, qty_on_time_need) > qty_ordered
    OR least(qty_on_time_first, qty_on_time_last, qty_on_time_need) < 0;
