-- check: no supplier's backlog explains more missed units than were ever late
WITH posted AS (
    SELECT supplier_id, site_id, item_id, sum(qty_missed) AS qty
    FROM marts.missed_units
    WHERE cause = 'supplier'
    GROUP BY supplier_id, site_id, item_id
), late AS (
    SELECT supplier_id, site_id, item_id, sum(qty) AS qty
    FROM steps.late_supply
    GROUP BY supplier_id, site_id, item_id
)
SELECT posted.supplier_id, posted.site_id, posted.item_id, posted.qty AS qty_posted, late.qty AS qty_late
FROM posted
LEFT JOIN late
    ON late.supplier_id = posted.supplier_id AND late.site_id = posted.site_id
    AND late.item_id = posted.item_id
WHERE posted.qty > coalesce(late.qty, 0);
