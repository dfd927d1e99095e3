-- What the missed units of one schedule line were put down to, the most first.
SELECT
    missed.cause, CASE WHEN missed.supplier_id <> 'none' THEN missed.supplier_id END AS supplier_id,
    missed.po_line_id, CAST(missed.qty_missed AS DOUBLE) AS qty_missed
FROM marts.missed_units AS missed
WHERE missed.order_line_id = $order_line_id
ORDER BY qty_missed DESC, missed.cause, missed.supplier_id;
