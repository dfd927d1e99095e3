-- check: no plant has pegged more of a part to builds than it has or has on order
WITH supplied AS (
    SELECT site_id, item_id, sum(qty) AS qty FROM steps.part_supply GROUP BY site_id, item_id
), pegged AS (
    SELECT site_id, item_id, sum(qty_drawn) AS qty
    FROM steps.part_demand AS demand
    JOIN marts.build_requirements AS part USING (site_id, item_id, build_id)
    WHERE part.covered_date IS NOT NULL
    GROUP BY site_id, item_id
)
SELECT pegged.site_id, pegged.item_id, pegged.qty AS qty_pegged, supplied.qty AS qty_supplied
FROM pegged
LEFT JOIN supplied ON supplied.site_id = pegged.site_id AND supplied.item_id = pegged.item_id
WHERE pegged.qty > coalesce(supplied.qty, 0);
