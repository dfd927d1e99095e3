-- steps.misses: one row per schedule line of a stocked item that was not filled whole by its due
-- date, with what speaks for each cause that its own records can tell.
--   qty_refused:   cancelled on or before the due date by anybody but the customer.
--   qty_on_shelf:  the facing site had the whole line free on the day of the order.
--   qty_elsewhere: another site had it, as for network availability.
--   qty_lacked:    what the facing site's shelf lacked that day. Parts of a split come after those
--                  before them, so that an order line lacks nothing twice.
CREATE OR REPLACE TABLE steps.misses AS
WITH missed AS (
    SELECT
        line.order_line_id, line.order_id, line.line_no, line.site_id, line.item_id,
        line.order_date, line.due_date, line.qty_due - line.qty_shipped_by_due AS qty_missed,
        CASE WHEN line.cancelled_by <> 'customer' AND line.cancelled_date <= line.due_date
            THEN line.qty_cancelled ELSE 0 END AS qty_cancelled,
        sum(line.qty_due - line.qty_shipped_by_due) OVER (
            PARTITION BY line.order_id, line.line_no ORDER BY line.schedule_no
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS qty_missed_until
    FROM marts.order_lines AS line
    WHERE line.is_in_scope AND line.is_judged AND line.qty_shipped_by_due < line.qty_due
), refused AS (
    SELECT
        missed.*, least(missed.qty_missed, coalesce(missed.qty_cancelled, 0)) AS qty_refused,
        shelf.is_on_shelf, shelf.is_elsewhere, coalesce(shelf.qty_lacked, 0) AS qty_lacked_by_line
    FROM missed
    LEFT JOIN steps.shelves AS shelf
        ON shelf.order_id = missed.order_id AND shelf.line_no = missed.line_no
        AND shelf.has_snapshot
)
SELECT
    order_line_id, site_id, item_id, order_date, due_date, qty_missed, qty_refused,
    CASE WHEN is_on_shelf THEN qty_missed - qty_refused ELSE 0 END AS qty_on_shelf,
    CASE WHEN is_elsewhere THEN qty_missed - qty_refused ELSE 0 END AS qty_elsewhere,
    CASE WHEN is_on_shelf THEN 0 ELSE qty_missed - qty_refused END AS qty_left,
    least(greatest(qty_lacked_by_line - (qty_missed_until - qty_missed), 0), qty_missed)
        AS qty_lacked
FROM refused;
