-- Receipts of an item at a site between two days, the latest first.
SELECT
    po_id || '/' || line_no AS po_line, supplier_id, received_date,
    CAST(CASE WHEN is_counted THEN qty_received END AS DOUBLE) AS qty_received, CAST(qty_rejected AS DOUBLE) AS qty_rejected,
    _file, _line
FROM marts.receipts
WHERE item_id = $item AND site_id = $site AND received_date BETWEEN $since AND $until
ORDER BY received_date DESC
LIMIT 200
