-- marts.stock: one row per item, site and day of a stock snapshot taken by the as-of date.
CREATE OR REPLACE TABLE marts.stock AS
SELECT
    stock.snapshot_date, stock.item_id, stock.site_id, site.region, item.item_family,
    item.business_unit, item.is_stocked, stock.qty_on_hand, stock.qty_on_order,
    stock.qty_reserved, stock.qty_backordered, stock.reorder_point, stock.order_up_to_level,
    stock._file, stock._line
FROM staging.stock AS stock
JOIN marts.sites AS site ON site.site_id = stock.site_id
JOIN marts.items AS item ON item.item_id = stock.item_id
CROSS JOIN marts.build AS build
WHERE stock.snapshot_date <= build.as_of_date
ORDER BY stock.site_id, stock.snapshot_date;
