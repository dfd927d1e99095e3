-- staging.order_lines: the latest accepted row of each order line, but those dated after they were
-- loaded; a cancellation so dated has no known time.
--   promised_date:        as the latest row states it;
--   first_promised_date:  as the earliest row that states one does: a later file may move a promise,
--                         but does not say that the customer asked for it (G10).
CREATE OR REPLACE TABLE staging.order_lines AS
SELECT
    order_id, line_no, customer_id, item_id, site_id, order_date, requested_date, promised_date,
    last_value(promised_date IGNORE NULLS) OVER (
        PARTITION BY order_id, line_no ORDER BY _seq DESC, _line DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS first_promised_date,
    qty_ordered, unit_price, order_type, qty_cancelled,
    CASE WHEN coalesce(cancelled_at < CAST(_loaded_at AS DATE) + INTERVAL 2 DAY, TRUE)
        THEN cancelled_at END AS cancelled_at,
    cancelled_by, _file, _line, _load_id
FROM lake.order_lines
WHERE coalesce(order_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE)
QUALIFY row_number() OVER (PARTITION BY order_id, line_no ORDER BY _seq DESC, _line DESC) = 1;
