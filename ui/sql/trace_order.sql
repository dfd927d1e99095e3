-- The lines of one purchase order, or one of them: at most 200.
SELECT
    line.po_line_id, line.supplier_id, supplier.supplier_name, line.item_id, line.site_id,
    line.order_date, line.need_date, line.first_promised_date, line.last_promised_date,
    line.stated_promised_date, line.completed_date, line.status, line.days_late, line.n_slips,
    line.n_late_edits, CAST(line.qty_ordered AS DOUBLE) AS qty_ordered,
    CAST(CASE WHEN line.is_counted THEN line.qty_received END AS DOUBLE) AS qty_received, line._file, line._line
FROM marts.purchase_order_lines AS line
JOIN marts.suppliers AS supplier ON supplier.supplier_id = line.supplier_id
WHERE line.po_id = $typed OR line.po_line_id = $typed
ORDER BY line.po_line_id
LIMIT 200
