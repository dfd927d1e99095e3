-- check: what the first shipment filled <= filled by the due date <= within 1, 3, ... 30 days <= ever
SELECT order_line_id, qty_first_shipment, qty_shipped_by_due, qty_shipped_within_30_days,
    qty_shipped_eventually
FROM marts.order_lines
WHERE is_in_scope AND (
    qty_first_shipment > qty_shipped_by_due
    OR qty_shipped_by_due > qty_shipped_within_1_days
    OR qty_shipped_within_1_days > qty_shipped_within_3_days
    OR qty_shipped_within_3_days > qty_shipped_within_7_days
    OR qty_shipped_within_7_days > qty_shipped_within_14_days
    OR qty_shipped_within_14_days > qty_shipped_within_30_days
    OR qty_shipped_within_30_days > qty_shipped_eventually
);
