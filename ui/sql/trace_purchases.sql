-- PO lines of an item at a site that were open at some time between two days, the latest
-- ordered first: at most 200.
SELECT
    line.po_line_id, line.supplier_id, supplier.supplier_name, line.order_date, line.need_date,
    line.first_promised_date, line.last_promised_date, line.stated_promised_date,
    line.completed_date, line.status, line.days_late, line.n_slips, line.n_late_edits,
    CAST(line.qty_ordered AS DOUBLE) AS qty_ordered,
    CAST(CASE WHEN line.is_counted THEN line.qty_received END AS DOUBLE) AS qty_received, line._file, line._line
FROM marts.purchase_order_lines AS line
JOIN marts.suppliers AS supplier ON supplier.supplier_id = line.supplier_id
WHERE line.item_id = $item AND line.site_id = $site
  AND coalesce(line.order_date, line.due_date) <= $until
  AND coalesce(line.completed_date, $until) >= $since
ORDER BY line.order_date DESC, line.po_line_id
LIMIT 200
