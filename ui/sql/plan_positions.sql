-- Every part at a site with stock: its newest snapshot, prices, lots, stated lead time, supplier.
SELECT
    position.item_id, position.site_id, position.description, position.item_family,
    position.business_unit, position.region, position.site_type, position.parent_site_id,
    CAST(position.days_from_parent AS DOUBLE) AS days_from_parent, position.is_stocked,
    CAST(position.unit_cost AS DOUBLE) AS unit_cost,
    CAST(position.unit_price AS DOUBLE) AS unit_price, position.criticality,
    CAST(position.moq AS DOUBLE) AS moq, CAST(position.order_multiple AS DOUBLE) AS order_multiple,
    CAST(position.lead_time_days AS DOUBLE) AS lead_time_days, position.supplier_id,
    position.snapshot_date, CAST(position.qty_on_hand AS DOUBLE) AS qty_on_hand,
    CAST(position.qty_reserved AS DOUBLE) AS qty_reserved,
    CAST(position.qty_backordered AS DOUBLE) AS qty_backordered,
    CAST(position.reorder_point AS DOUBLE) AS reorder_point,
    CAST(position.order_up_to_level AS DOUBLE) AS order_up_to_level, position.is_old
FROM marts.stock_positions AS position
ORDER BY position.site_id, position.item_id;
