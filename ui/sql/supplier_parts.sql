-- The parts of the score of one supplier, or of all.
SELECT supplier_id, part, weight, floor_rate, target_rate, n, rate, points
FROM marts.supplier_scores
WHERE $supplier IS NULL OR supplier_id = $supplier
ORDER BY supplier_id, weight DESC
