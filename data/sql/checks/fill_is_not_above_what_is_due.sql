-- check: no line is filled by more than is due, or by less than nothing
SELECT order_line_id, qty_due, qty_shipped_by_due, qty_shipped_by_requested, qty_arrived_by_due
FROM marts.order_lines
WHERE is_in_scope AND (
    qty_shipped_by_due > qty_due OR qty_shipped_by_due < 0
    OR qty_shipped_by_requested > qty_due_requested OR qty_shipped_by_requested < 0
    OR qty_shipped_eventually > qty_due OR qty_arrived_by_due > qty_due
    OR qty_due > qty_ordered OR qty_open < 0
);
