-- marts.items: one row per item that was described or that an order line, a purchase order line, a
-- stock row, a build, the demand feed, a season or an item's successor names.
-- An item without a description has family and business unit 'unknown' and counts as stocked.
CREATE OR REPLACE TABLE marts.items AS
WITH named AS (
    SELECT item_id FROM staging.items
    UNION
    SELECT item_id FROM staging.order_lines
    UNION
    SELECT item_id FROM staging.stock
    UNION
    SELECT item_id FROM staging.purchase_order_lines
    UNION
    SELECT item_id FROM staging.build_requirements
    UNION
    SELECT item_id FROM staging.demand
    UNION
    SELECT item_id FROM staging.seasons
    UNION
    SELECT superseded_by FROM staging.items WHERE superseded_by IS NOT NULL
)
SELECT
    named.item_id,
    coalesce(item.description, named.item_id) AS description,
    coalesce(item.item_family, 'unknown') AS item_family,
    coalesce(item.business_unit, 'unknown') AS business_unit,
    item.uom, item.unit_cost, item.unit_price, item.criticality, item.lead_time_days,
    item.moq, item.order_multiple, item.superseded_by,
    coalesce(item.is_stocked, TRUE) AS is_stocked,
    item.item_id IS NOT NULL AS is_known
FROM named
LEFT JOIN staging.items AS item ON item.item_id = named.item_id;
