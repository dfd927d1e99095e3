-- staging.shipments: the latest accepted row of each shipment.
-- Without a shipment_id, staging.superseded_moves says which rows another file stands for.
-- What is dated after it was loaded (and a day, for sites east of UTC) is left out; a delivery so
-- dated is not known yet.
CREATE OR REPLACE TABLE staging.shipments AS
WITH dated AS (
    SELECT
        order_id, line_no, shipped_date,
        CASE WHEN coalesce(delivered_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE)
            THEN delivered_date END AS delivered_date,
        qty_shipped, site_id, shipment_id, item_id, is_damaged, has_correct_documents,
        _file, _line, _load_id, _seq
    FROM lake.shipments
    WHERE coalesce(shipped_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE)
), identified AS (
    SELECT *
    FROM dated
    WHERE shipment_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY shipment_id ORDER BY _seq DESC, _line DESC) = 1
), counted AS (
    SELECT dated.*
    FROM dated
    LEFT JOIN staging.superseded_moves AS superseded
        ON superseded.feed = 'shipments' AND superseded._load_id = dated._load_id
        AND superseded._line = dated._line AND superseded.outcome <> 'both count'
    WHERE dated.shipment_id IS NULL AND superseded.feed IS NULL
), either AS (
    SELECT * FROM identified
    UNION ALL
    SELECT * FROM counted
)
SELECT
    order_id, line_no, shipped_date, delivered_date, qty_shipped, site_id, shipment_id, item_id,
    is_damaged, has_correct_documents, _file, _line, _load_id
FROM either;
