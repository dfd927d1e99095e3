-- Open lines of outside suppliers, all of them, the earliest need first.
SELECT
    po_line_id, supplier_id, supplier_name, site_id, item_id, description, item_family, order_date,
    basis, recorded_date, judged_date AS promised_date, stated_promised_date, need_date,
    after_need_days, n_slips, n_late_edits,
    CAST(qty_open AS DOUBLE) AS qty_open, CAST(qty_open * unit_price AS DOUBLE) AS value_open
FROM marts.open_purchase_lines
WHERE ($supplier_id IS NULL OR list_contains(CAST($supplier_id AS VARCHAR[]), supplier_id))
  AND ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), region))
  AND ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), item_family))
  AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), item_id))
ORDER BY coalesce(need_date, due_date), po_line_id
