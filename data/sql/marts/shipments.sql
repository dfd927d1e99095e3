-- marts.shipments: one row per shipment that left by the as-of date for a known order line.
--   qty_credited:   what fills the line: the ordered item or an approved substitute (G15).
--   qty_own:        the ordered item alone.
--   qty_cumulative: credited quantity of the line up to and including that day.
--   arrived_date:   for OTIF: the delivery where the site records deliveries, else the shipping
--                   day; not yet delivered, or damaged (G14), is NULL.
CREATE OR REPLACE TABLE marts.shipments AS
WITH shipped AS (
    SELECT
        shipment.order_id, shipment.line_no, shipment.shipped_date, shipment.qty_shipped,
        CASE WHEN shipment.delivered_date <= build.as_of_date THEN shipment.delivered_date END
            AS delivered_date,
        coalesce(shipment.site_id, line.site_id) AS site_id,
        line.site_id AS facing_site_id, line.item_id AS ordered_item_id,
        coalesce(shipment.item_id, line.item_id) AS item_id,
        shipment.shipment_id, shipment.is_damaged, shipment.has_correct_documents,
        shipment._file, shipment._line, shipment._load_id
    FROM staging.shipments AS shipment
    JOIN staging.order_lines AS line
        ON line.order_id = shipment.order_id AND line.line_no = shipment.line_no
    CROSS JOIN marts.build AS build
    WHERE shipment.shipped_date <= build.as_of_date AND line.order_date <= build.as_of_date
), approved AS (
    SELECT shipped._load_id, shipped._line
    FROM shipped
    JOIN staging.interchanges AS interchange
        ON interchange.item_id = shipped.ordered_item_id
        AND interchange.substitute_item_id = shipped.item_id
        AND shipped.shipped_date >= coalesce(interchange.valid_from, shipped.shipped_date)
        AND shipped.shipped_date <= coalesce(interchange.valid_to, shipped.shipped_date)
    GROUP BY shipped._load_id, shipped._line
), deliveries AS (
    SELECT facing_site_id, min(shipped_date) AS recorded_since
    FROM shipped
    WHERE delivered_date IS NOT NULL
    GROUP BY facing_site_id
), credited AS (
    SELECT
        shipped.*,
        shipped.item_id <> shipped.ordered_item_id AS is_substitute,
        CASE WHEN shipped.item_id = shipped.ordered_item_id OR approved._line IS NOT NULL
            THEN shipped.qty_shipped ELSE 0 END AS qty_credited,
        CASE WHEN shipped.item_id = shipped.ordered_item_id THEN shipped.qty_shipped ELSE 0 END
            AS qty_own,
        CASE
            WHEN shipped.is_damaged THEN NULL
            WHEN shipped.delivered_date IS NOT NULL THEN shipped.delivered_date
            WHEN shipped.shipped_date >= deliveries.recorded_since THEN NULL
            ELSE shipped.shipped_date
        END AS arrived_date
    FROM shipped
    LEFT JOIN approved
        ON approved._load_id = shipped._load_id AND approved._line = shipped._line
    LEFT JOIN deliveries ON deliveries.facing_site_id = shipped.facing_site_id
)
SELECT
    order_id, line_no, shipped_date, delivered_date, arrived_date, site_id, facing_site_id,
    item_id, is_substitute, qty_shipped, qty_credited, qty_own,
    CAST(sum(qty_credited) OVER (
        PARTITION BY order_id, line_no ORDER BY shipped_date
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS DECIMAL(18, 4)) AS qty_cumulative,
    is_damaged, has_correct_documents, shipment_id, _file, _line
FROM credited;
