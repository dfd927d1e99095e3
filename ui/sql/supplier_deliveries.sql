-- One supplier's judged lines of a period, one row per schedule line, the last due first.
SELECT
    line.po_line_id, line.site_id, line.item_id, item.description, line.order_date,
    line.need_date, line.first_promised_date, line.last_promised_date, line.due_date,
    line.completed_date, line.status, line.days_late, line.days_from_promise, line.n_slips,
    line.n_late_edits, line.lead_time_days, line.stated_lead_time_days, line.is_counted,
    CAST(line.qty_ordered AS DOUBLE) AS qty_ordered,
    CAST(line.qty_received AS DOUBLE) AS qty_received,
    CAST(line.qty_over AS DOUBLE) AS qty_over,
    CAST(line.qty_open AS DOUBLE) AS qty_open,
    CAST(line.qty_open * line.unit_price AS DOUBLE) AS value_open
FROM marts.purchase_order_lines AS line
JOIN marts.items AS item ON item.item_id = line.item_id
WHERE line.supplier_id = $supplier AND line.due_date BETWEEN $since AND $until
  AND line.is_first_judged
ORDER BY line.due_date DESC, line.po_line_id
