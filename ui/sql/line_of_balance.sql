-- Of the builds not yet shipped: how many need each part by a horizon, and how many have it by then.
SELECT
    site_id, item_id, item_family, horizon_days, n_needed, n_needed_and_covered, n_covered
FROM marts.line_of_balance
WHERE horizon_days = $horizon
  AND ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), region))
ORDER BY n_needed - n_needed_and_covered DESC, item_id
LIMIT 40
