-- Builds whose name holds what was typed: at most 20.
SELECT build_id, site_id, product, planned_start_date, n_missing
FROM marts.builds
WHERE contains(lower(build_id), lower($typed))
ORDER BY planned_start_date DESC, build_id
LIMIT 20
