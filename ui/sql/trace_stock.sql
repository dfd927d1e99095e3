-- Stock of an item at a site between two days.
SELECT
    snapshot_date, CAST(qty_on_hand AS DOUBLE) AS qty_on_hand,
    CAST(qty_on_order AS DOUBLE) AS qty_on_order
FROM marts.stock
WHERE item_id = $item AND site_id = $site AND snapshot_date BETWEEN $since AND $until
ORDER BY snapshot_date
