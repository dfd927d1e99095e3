-- staging.stock: the latest accepted row of each day, item and site.
CREATE OR REPLACE TABLE staging.stock AS
SELECT
    snapshot_date, item_id, site_id, qty_on_hand, qty_on_order, qty_reserved, qty_backordered,
    reorder_point, order_up_to_level,
    _file, _line, _load_id
FROM lake.stock
WHERE coalesce(snapshot_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE)
QUALIFY row_number() OVER (PARTITION BY snapshot_date, item_id, site_id ORDER BY _seq DESC, _line DESC) = 1;
