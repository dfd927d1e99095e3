-- What caused the units missed in a time: one row per item, site, cause and supplier, the most missed
-- units first: at most 500 of n_points.
SELECT
    missed.item_id, item.description, missed.site_id, missed.cause,
    CASE WHEN missed.supplier_id <> 'none' THEN missed.supplier_id END AS supplier_id,
    CAST(sum(missed.qty_missed) AS DOUBLE) AS qty_missed,
    CAST(sum(missed.value_missed) AS DOUBLE) AS value_missed,
    count(*) AS n, count(DISTINCT missed.customer_id) AS n_customers,
    CAST(sum(sum(missed.qty_missed)) OVER () AS DOUBLE) AS qty_of_all,
    count(*) OVER () AS n_points
FROM marts.missed_units AS missed
JOIN marts.items AS item ON item.item_id = missed.item_id
WHERE missed.due_date BETWEEN $since AND $until
  AND ($cause IS NULL OR list_contains(CAST($cause AS VARCHAR[]), missed.cause))
  AND ($supplier_id IS NULL OR list_contains(CAST($supplier_id AS VARCHAR[]), missed.supplier_id))
  AND ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), missed.site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), missed.region))
  AND ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), missed.item_family))
  AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), missed.item_id))
  AND ($customer_id IS NULL OR list_contains(CAST($customer_id AS VARCHAR[]), missed.customer_id))
  AND ($segment IS NULL OR list_contains(CAST($segment AS VARCHAR[]), missed.segment))
GROUP BY missed.item_id, item.description, missed.site_id, missed.cause, missed.supplier_id
ORDER BY qty_missed DESC, missed.item_id, missed.site_id, missed.cause, missed.supplier_id
LIMIT 500;
