-- Builds not yet shipped, all of them, the next start first.
SELECT
    build_id, site_id, region, product, planned_start_date, requested_ship_date, n_parts,
    n_missing, n_missed, blocking_item_id, clear_date, is_clear_to_build
FROM marts.builds
WHERE NOT is_shipped
  AND ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), region))
ORDER BY planned_start_date, build_id
