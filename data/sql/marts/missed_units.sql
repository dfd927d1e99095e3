-- marts.missed_units: one row per missed line and cause: every missed unit once. The causes are asked
-- in this order, each for no more than its records carry; what none carries is unproven.
--   refused:  cancelled by provider, supplier or client before it was due
--   shelf:    free on the facing site's shelf on the day of the order, and not shipped
--   supplier: overdue from a supplier for that part and site on the due date
--   transfer: free on the shelf of another site on the day of the order
--   planning: lacking on the shelf while nothing was overdue: ordered too little or too late
CREATE OR REPLACE TABLE marts.missed_units AS
WITH supplied AS (
    SELECT order_line_id, sum(qty) AS qty
    FROM steps.backlog_postings
    GROUP BY order_line_id
), asked AS (
    SELECT
        miss.*, coalesce(supplied.qty, 0) AS qty_supplier,
        least(miss.qty_left - coalesce(supplied.qty, 0), miss.qty_elsewhere) AS qty_transfer
    FROM steps.misses AS miss
    LEFT JOIN supplied ON supplied.order_line_id = miss.order_line_id
), planned AS (
    SELECT
        asked.*,
        least(qty_left - qty_supplier - qty_transfer,
            greatest(qty_lacked - qty_supplier - qty_transfer, 0)) AS qty_planning
    FROM asked
), posted AS (
    SELECT order_line_id, 'refused' AS cause, NULL AS supplier_id, NULL AS po_line_id,
        qty_refused AS qty
    FROM planned
    UNION ALL
    SELECT order_line_id, 'shelf', NULL, NULL, qty_on_shelf FROM planned
    UNION ALL
    SELECT order_line_id, 'supplier', supplier_id, po_line_id, qty FROM steps.backlog_postings
    UNION ALL
    SELECT order_line_id, 'transfer', NULL, NULL, qty_transfer FROM planned
    UNION ALL
    SELECT order_line_id, 'planning', NULL, NULL, qty_planning FROM planned
    UNION ALL
    SELECT order_line_id, 'unproven', NULL, NULL,
        qty_left - qty_supplier - qty_transfer - qty_planning
    FROM planned
)
SELECT
    posted.order_line_id, posted.cause,
    coalesce(posted.supplier_id, 'none') AS supplier_id, posted.po_line_id,
    line.due_date, line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment, line.status, line.days_late,
    CAST(posted.qty AS DECIMAL(18, 4)) AS qty_missed,
    CAST(posted.qty * line.unit_price AS DECIMAL(18, 4)) AS value_missed
FROM posted
JOIN marts.order_lines AS line ON line.order_line_id = posted.order_line_id
WHERE posted.qty > 0
ORDER BY line.site_id, line.due_date;
