-- staging.repeated_moves: shipments and receipts of lines and days of which rows came in more than
-- one file; a blank site is the site of the order line.
--   delivery_id, place: the load and line that a row belongs to: its own, or of a mended row those
--                       in which it had been rejected; mended twice, the later row counts.
CREATE OR REPLACE TABLE staging.repeated_moves AS
WITH repeated AS (
    SELECT feed, order_id, line_no, day
    FROM staging.moves
    GROUP BY feed, order_id, line_no, day
    HAVING min(_seq) <> max(_seq)
), loads AS (
    SELECT DISTINCT feed, _file, _load_id, _seq FROM staging.moves
), mended AS (
    SELECT DISTINCT feed, _load_id, _seq, _origin_file
    FROM staging.moves
    WHERE _origin_file IS NOT NULL
), origins AS (
    SELECT
        mended.feed, mended._load_id, mended._origin_file,
        max_by(loads._load_id, loads._seq) AS delivery_id, max(loads._seq) AS delivery_seq
    FROM mended
    JOIN loads
        ON loads.feed = mended.feed AND loads._file = mended._origin_file
        AND loads._seq < mended._seq
    GROUP BY mended.feed, mended._load_id, mended._origin_file
)
SELECT
    move.feed, move.order_id, move.line_no, move.day, move.qty, move.shipment_id,
    coalesce(move.site_id, line.site_id) AS site_id,
    move._file, move._line, move._load_id, move._seq,
    coalesce(origin.delivery_id, move._load_id) AS delivery_id,
    coalesce(origin.delivery_seq, move._seq) AS delivery_seq,
    CASE WHEN origin.delivery_id IS NULL THEN move._line ELSE move._origin_line END AS place
FROM staging.moves AS move
JOIN repeated
    ON repeated.feed = move.feed AND repeated.order_id = move.order_id
    AND repeated.line_no = move.line_no AND repeated.day = move.day
LEFT JOIN staging.order_lines AS line
    ON move.feed = 'shipments' AND line.order_id = move.order_id AND line.line_no = move.line_no
LEFT JOIN origins AS origin
    ON origin.feed = move.feed AND origin._load_id = move._load_id
    AND origin._origin_file = move._origin_file;
