-- marts.demand_lines: one row per order line of a stocked item, judged on the day of the demand:
-- could the facing site fill it from the shelf (availability), could any site (network)?
--   basis 'stock':   free stock of that day's snapshot covers the line and the demand before it.
--   basis 'shipped': without a snapshot: shipped whole from the site within the pick window.
CREATE OR REPLACE TABLE marts.demand_lines AS
WITH picked AS (
    SELECT
        line.order_id, line.line_no,
        sum(shipment.qty_own) FILTER (WHERE shipment.site_id = line.site_id) AS qty_picked,
        sum(shipment.qty_own) AS qty_picked_anywhere
    FROM steps.demanded AS line
    JOIN marts.shipments AS shipment
        ON shipment.order_id = line.order_id AND shipment.line_no = line.line_no
        AND shipment.shipped_date <= line.pick_by_date
    GROUP BY line.order_id, line.line_no
), answered AS (
    SELECT
        line.*, coalesce(shelf.has_snapshot, FALSE) AS has_snapshot,
        shelf.order_id IS NOT NULL AS has_any_snapshot,
        CASE WHEN shelf.has_snapshot THEN shelf.is_on_shelf
            ELSE coalesce(picked.qty_picked >= line.qty_demanded, FALSE) END AS is_on_shelf,
        coalesce(shelf.is_elsewhere, FALSE) OR (
            NOT coalesce(shelf.has_snapshot, FALSE)
            AND coalesce(picked.qty_picked_anywhere >= line.qty_demanded, FALSE)
        ) AS is_anywhere
    FROM steps.demanded AS line
    LEFT JOIN picked ON picked.order_id = line.order_id AND picked.line_no = line.line_no
    LEFT JOIN steps.shelves AS shelf
        ON shelf.order_id = line.order_id AND shelf.line_no = line.line_no
)
SELECT
    answered.order_id || '/' || answered.line_no AS order_line_id, answered.order_id,
    answered.line_no, answered.site_id, answered.region, answered.item_id, answered.item_family,
    answered.business_unit, answered.customer_id, answered.segment, answered.order_date,
    answered.pick_by_date, answered.qty_demanded,
    CASE WHEN answered.has_snapshot THEN 'stock' ELSE 'shipped' END AS basis,
    CASE WHEN answered.has_any_snapshot THEN 'stock' ELSE 'shipped' END AS network_basis,
    answered.is_on_shelf,
    answered.is_on_shelf OR answered.is_anywhere AS is_on_any_shelf,
    NOT answered.has_snapshot AND answered.pick_by_date > build.as_of_date AS is_pending
FROM answered
CROSS JOIN marts.build AS build;
