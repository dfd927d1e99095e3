-- marts.stock_positions: one row per item and site with a stock snapshot: its newest one, and the
-- supplier of its newest purchase line. What is there of a superseded item counts for the item that
-- its demand goes to.
--   qty_backordered: what customers wait for, from the snapshot where it says so, else what is open
--                    past its requested date.
--   is_old:          the newest snapshot of the part is over 31 days older than that of the site.
CREATE OR REPLACE TABLE marts.stock_positions AS
WITH newest AS (
    SELECT
        stock.*,
        max(stock.snapshot_date) OVER (PARTITION BY stock.site_id) AS site_snapshot_date
    FROM marts.stock AS stock
    QUALIFY row_number() OVER (
        PARTITION BY stock.item_id, stock.site_id ORDER BY stock.snapshot_date DESC, stock._line DESC
    ) = 1
), waiting AS (
    SELECT item_id, site_id, sum(qty_open) AS qty_open
    FROM marts.backorders
    GROUP BY item_id, site_id
), held AS (
    SELECT
        heir.heir_item_id AS item_id, newest.site_id,
        max(newest.snapshot_date) AS snapshot_date,
        max(newest.site_snapshot_date) AS site_snapshot_date,
        sum(newest.qty_on_hand) AS qty_on_hand,
        sum(coalesce(newest.qty_reserved, 0)) AS qty_reserved,
        sum(coalesce(newest.qty_backordered, waiting.qty_open, 0)) AS qty_backordered,
        max(newest.reorder_point) AS reorder_point,
        max(newest.order_up_to_level) AS order_up_to_level
    FROM newest
    JOIN marts.item_heirs AS heir ON heir.item_id = newest.item_id
    LEFT JOIN waiting ON waiting.item_id = newest.item_id AND waiting.site_id = newest.site_id
    GROUP BY heir.heir_item_id, newest.site_id
), suppliers AS (
    SELECT heir.heir_item_id AS item_id, line.site_id, line.supplier_id
    FROM marts.purchase_order_lines AS line
    JOIN marts.item_heirs AS heir ON heir.item_id = line.item_id
    QUALIFY row_number() OVER (
        PARTITION BY heir.heir_item_id, line.site_id
        ORDER BY line.order_date DESC NULLS LAST, line.po_line_id DESC
    ) = 1
)
SELECT
    held.item_id, held.site_id, item.description, item.item_family, item.business_unit,
    site.region, site.site_type, site.parent_site_id, site.days_from_parent, item.is_stocked,
    item.unit_cost, item.unit_price, item.criticality, item.moq, item.order_multiple,
    item.lead_time_days, supplier.supplier_id,
    held.snapshot_date, held.qty_on_hand, held.qty_reserved, held.qty_backordered,
    held.reorder_point, held.order_up_to_level,
    date_diff('day', held.snapshot_date, held.site_snapshot_date) > 31 AS is_old
FROM held
JOIN marts.items AS item ON item.item_id = held.item_id
JOIN marts.sites AS site ON site.site_id = held.site_id
LEFT JOIN suppliers AS supplier
    ON supplier.item_id = held.item_id AND supplier.site_id = held.site_id
ORDER BY held.site_id, held.item_id;
