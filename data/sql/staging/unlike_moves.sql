-- staging.unlike_moves: what is left of the repeated moves once those that are alike count once.
-- Alike: line, day, site and quantity; the n-th such row of a file is the n-th of another. A row
-- with a shipment_id is none of the same file, and stands for one without of another file.
--   nth_unlike: the n-th row of its delivery that is left of a line, day and site;
--   later_*:    the next delivery with such a row, that corrects it or adds to it.
CREATE OR REPLACE TABLE staging.unlike_moves AS
WITH placed AS (
    SELECT *
    FROM staging.repeated_moves
    QUALIFY row_number() OVER (
        PARTITION BY feed, delivery_id, place, shipment_id ORDER BY _seq DESC
    ) = 1
), counted AS (
    SELECT
        placed.*,
        count(shipment_id) OVER (PARTITION BY feed, order_id, line_no, day, site_id, qty)
        - count(shipment_id) OVER (
            PARTITION BY feed, order_id, line_no, day, site_id, qty, delivery_id
        ) AS n_identified,
        row_number() OVER (
            PARTITION BY feed, order_id, line_no, day, site_id, qty, delivery_id,
                shipment_id IS NULL
            ORDER BY place
        ) AS nth
    FROM placed
), kept AS (
    SELECT *
    FROM counted
    WHERE shipment_id IS NOT NULL OR nth > n_identified
    QUALIFY shipment_id IS NOT NULL OR row_number() OVER (
        PARTITION BY feed, order_id, line_no, day, site_id, qty, shipment_id, nth
        ORDER BY delivery_seq DESC
    ) = 1
), ranked AS (
    SELECT
        kept.*, sum(qty) OVER (PARTITION BY feed, order_id, line_no) AS qty_together,
        row_number() OVER (
            PARTITION BY feed, order_id, line_no, day, site_id, delivery_id,
                shipment_id IS NULL
            ORDER BY place
        ) AS nth_unlike
    FROM kept
)
SELECT
    ranked.*,
    lead(delivery_id) OVER (
        PARTITION BY feed, order_id, line_no, day, site_id, nth_unlike ORDER BY delivery_seq
    ) AS later_delivery_id
FROM ranked
WHERE shipment_id IS NULL;
