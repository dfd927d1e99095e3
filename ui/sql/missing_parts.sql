-- Parts that builds not yet shipped wait for, and the line that should cover each, promised or
-- expected.
SELECT
    part.build_id, part.item_id, item.description, part.planned_start_date, part.need_by_date,
    CAST(part.qty_missing AS DOUBLE) AS qty_missing, part.source, part.covered_date,
    part.po_line_id, part.supplier_id, part.site_id, line.basis,
    line.judged_date AS promised_date, line.recorded_date
FROM marts.build_requirements AS part
JOIN marts.items AS item ON item.item_id = part.item_id
LEFT JOIN marts.open_purchase_lines AS line ON line.po_line_id = part.po_line_id
WHERE part.is_missing
  AND ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), part.site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), part.region))
ORDER BY part.planned_start_date, part.build_id, part.covered_date DESC NULLS FIRST
