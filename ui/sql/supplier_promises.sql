-- The promises of some lines of purchase orders as they moved.
SELECT
    line.po_line_id, promise.version_no, promise.recorded_at, promise.recorded_date,
    promise.promised_date, promise.initiated_by, promise.reason, promise._file, promise._line
FROM marts.supplier_promises AS promise
JOIN marts.purchase_order_lines AS line
    ON line.order_id = promise.order_id AND line.line_no = promise.line_no
    AND line.schedule_no = 1 AND line.supplier_id = promise.supplier_id
WHERE list_contains(CAST($po_line_ids AS VARCHAR[]), line.po_line_id)
ORDER BY line.po_line_id, promise.version_no, promise.promised_date
