-- steps.backlog_claims: one row per missed line and supplier whose goods for that part and site were
-- overdue on its due date, in the order in which the lines draw on the backlog: by due date.
--   qty_claimed:        what the line asks of the supplier's backlog; several suppliers share a line
--                       by what each had overdue that day, in whole units as far as possible.
--   qty_due_until, qty_received_until: of all that was ever late, how much had fallen due and how
--                       much had come by that day; the difference is the backlog.
CREATE OR REPLACE TABLE steps.backlog_claims AS
WITH overdue AS (
    SELECT
        miss.order_line_id, miss.site_id, miss.item_id, miss.order_date, miss.due_date,
        miss.qty_left, late.supplier_id, sum(late.qty) AS qty_due_until,
        coalesce(sum(late.qty) FILTER (WHERE late.received_date <= miss.due_date), 0)
            AS qty_received_until,
        min_by(late.po_line_id, late.due_date) FILTER (
            WHERE coalesce(late.received_date > miss.due_date, TRUE)) AS po_line_id
    FROM steps.misses AS miss
    JOIN steps.late_supply AS late
        ON late.site_id = miss.site_id AND late.item_id = miss.item_id
        AND late.due_date <= miss.due_date
    WHERE miss.qty_left > 0
    GROUP BY
        miss.order_line_id, miss.site_id, miss.item_id, miss.order_date, miss.due_date,
        miss.qty_left, late.supplier_id
), summed AS (
    SELECT
        overdue.*,
        sum(qty_due_until - qty_received_until) OVER (
            PARTITION BY order_line_id ORDER BY supplier_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS qty_until,
        sum(qty_due_until - qty_received_until) OVER (PARTITION BY order_line_id) AS qty_of_all
    FROM overdue
    WHERE qty_due_until > qty_received_until
), shared AS (
    SELECT
        summed.*,
        CASE WHEN qty_until = qty_of_all THEN qty_left
            ELSE round(qty_left * CAST(qty_until AS DOUBLE) / qty_of_all) END AS qty_share_until
    FROM summed
), claims AS (
    SELECT
        shared.*,
        qty_share_until - coalesce(lag(qty_share_until) OVER (
            PARTITION BY order_line_id ORDER BY supplier_id
        ), 0) AS qty_claimed
    FROM shared
), asking AS (
    -- Where the lines before have asked for all of a backlog that has not grown since, nothing is left.
    SELECT claims.*
    FROM claims
    QUALIFY coalesce(sum(qty_claimed) OVER (
        PARTITION BY site_id, item_id, supplier_id, qty_due_until
        ORDER BY due_date, order_date, order_line_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) < qty_due_until - min(qty_received_until) OVER (
        PARTITION BY site_id, item_id, supplier_id, qty_due_until
    )
)
SELECT
    order_line_id, site_id, item_id, supplier_id, po_line_id,
    CAST(qty_due_until AS DECIMAL(38, 4)) AS qty_due_until,
    CAST(qty_received_until AS DECIMAL(38, 4)) AS qty_received_until,
    CAST(qty_claimed AS DECIMAL(38, 4)) AS qty_claimed,
    row_number() OVER (
        PARTITION BY site_id, item_id, supplier_id ORDER BY due_date, order_date, order_line_id
    ) AS claim_no
FROM asking;
