-- staging.superseded_moves: repeated moves that another file has something to say about: outcome
--   'same again':  alike in a later file, or with a shipment_id there: counts once.
--   'corrected':   a later file has another quantity, and either brings half or more of the other
--                  lines of that day again, or both would be over the order.
--   'both count':  another quantity, and neither of these: another shipment of the day.
CREATE OR REPLACE TABLE staging.superseded_moves AS
WITH pairs AS (
    SELECT DISTINCT feed, day, delivery_id, later_delivery_id
    FROM staging.unlike_moves
    WHERE later_delivery_id IS NOT NULL
), delivered AS (
    SELECT pair.feed, pair.day, pair.delivery_id,
        count(DISTINCT move.order_id || '/' || move.line_no) AS n_lines
    FROM pairs AS pair
    JOIN staging.moves AS move
        ON move.feed = pair.feed AND move._load_id = pair.delivery_id AND move.day = pair.day
    GROUP BY pair.feed, pair.day, pair.delivery_id
), again AS (
    SELECT pair.feed, pair.day, pair.delivery_id, pair.later_delivery_id,
        count(DISTINCT earlier.order_id || '/' || earlier.line_no) AS n_lines
    FROM pairs AS pair
    JOIN staging.repeated_moves AS earlier
        ON earlier.feed = pair.feed AND earlier.day = pair.day
        AND earlier.delivery_id = pair.delivery_id
    JOIN staging.repeated_moves AS later
        ON later.feed = pair.feed AND later.day = pair.day
        AND later.delivery_id = pair.later_delivery_id
        AND later.order_id = earlier.order_id AND later.line_no = earlier.line_no
    GROUP BY pair.feed, pair.day, pair.delivery_id, pair.later_delivery_id
), ordered AS (
    SELECT 'shipments' AS feed, order_id, line_no, qty_ordered FROM staging.order_lines
    UNION ALL
    SELECT 'receipts', po_id, line_no, max(qty_ordered)
    FROM staging.purchase_order_lines GROUP BY po_id, line_no
)
SELECT
    move.feed, move.order_id, move.line_no, move.day, move.qty,
    move._file, move._line, move._load_id,
    CASE
        WHEN left_over.feed IS NULL THEN 'same again'
        WHEN delivered.n_lines > 1 AND 2 * (again.n_lines - 1) >= delivered.n_lines - 1
            OR left_over.qty_together > ordered.qty_ordered THEN 'corrected'
        ELSE 'both count'
    END AS outcome
FROM staging.repeated_moves AS move
LEFT JOIN staging.unlike_moves AS left_over
    ON left_over.feed = move.feed AND left_over._load_id = move._load_id
    AND left_over._line = move._line
LEFT JOIN delivered
    ON delivered.feed = left_over.feed AND delivered.day = left_over.day
    AND delivered.delivery_id = left_over.delivery_id
LEFT JOIN again
    ON again.feed = left_over.feed AND again.day = left_over.day
    AND again.delivery_id = left_over.delivery_id
    AND again.later_delivery_id = left_over.later_delivery_id
LEFT JOIN ordered
    ON ordered.feed = move.feed AND ordered.order_id = move.order_id
    AND ordered.line_no = move.line_no
WHERE move.shipment_id IS NULL
    AND (left_over.feed IS NULL OR left_over.later_delivery_id IS NOT NULL);
