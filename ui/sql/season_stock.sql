-- Stock of some items at the last snapshot before a season starts, where it is at most four weeks
-- older than the start: older stock will have sold by then.
SELECT stock.item_id, stock.site_id, CAST(stock.qty_on_hand AS DOUBLE) AS qty_on_hand,
    stock.snapshot_date
FROM marts.stock AS stock
WHERE list_contains($item_ids, stock.item_id)
  AND stock.snapshot_date <= CAST($start AS DATE)
  AND stock.snapshot_date > CAST($start AS DATE) - INTERVAL 28 DAY
QUALIFY row_number() OVER (
    PARTITION BY stock.item_id, stock.site_id ORDER BY stock.snapshot_date DESC
) = 1
ORDER BY stock.item_id, stock.site_id;
