-- What was received for one purchase order, the latest first: at most 200.
SELECT
    po_id || '/' || line_no AS po_line, supplier_id, received_date,
    CAST(CASE WHEN is_counted THEN qty_received END AS DOUBLE) AS qty_received, CAST(qty_rejected AS DOUBLE) AS qty_rejected,
    _file, _line
FROM marts.receipts
WHERE po_id = $typed OR po_id || '/' || line_no = $typed
ORDER BY received_date DESC
LIMIT 200
