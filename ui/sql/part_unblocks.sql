-- Parts ranked by the engines they unblock per day pulled in.
SELECT
    part.site_id, part.item_id, item.description, part.item_family, part.n_builds_waiting,
    part.n_builds_blocked_alone, part.n_engines_unblocked, part.engines_per_day,
    part.days_pulled_in, CAST(part.qty_missing AS DOUBLE) AS qty_missing,
    part.next_expected_date, part.next_po_line_id, part.next_supplier_id, part.n_not_on_order
FROM marts.part_unblocks AS part
JOIN marts.items AS item ON item.item_id = part.item_id
WHERE ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), part.site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), part.region))
ORDER BY part.engines_per_day DESC, part.n_builds_blocked_alone DESC, part.n_builds_waiting DESC,
    part.item_id
