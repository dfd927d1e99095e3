-- Unit cost of the named items that have one [money].
SELECT item_id, CAST(unit_cost AS DOUBLE) AS unit_cost
FROM marts.items
WHERE unit_cost IS NOT NULL AND list_contains(CAST($item_ids AS VARCHAR[]), item_id);
