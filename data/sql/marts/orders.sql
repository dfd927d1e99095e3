-- marts.orders: one row per customer order with lines that count: every schedule line in scope and
-- not cancelled in time by the customer. An order is due when its last line is due, is judged whole
-- (pending until then), and stands at the site of its first line, by number where lines have
-- numbers. is_assessed: every shipment says whether it was damaged and its documents right; an
-- order that never shipped is assessed from the day on which its site began to say so.
CREATE OR REPLACE TABLE marts.orders AS
WITH papers AS (
    SELECT
        order_id,
        bool_and(is_damaged IS NOT NULL AND has_correct_documents IS NOT NULL) AS is_assessed,
        bool_and(NOT is_damaged AND has_correct_documents) AS is_undamaged_and_documented
    FROM marts.shipments
    GROUP BY order_id
), assessments AS (
    SELECT facing_site_id AS site_id, min(shipped_date) AS recorded_since
    FROM marts.shipments
    WHERE is_damaged IS NOT NULL AND has_correct_documents IS NOT NULL
    GROUP BY facing_site_id
), gathered AS (
    SELECT
        line.order_id, min_by(line.site_id, line.line_rank) AS site_id,
        max(line.customer_id) AS customer_id, max(line.segment) AS segment,
        CASE WHEN count(DISTINCT line.business_unit) = 1 THEN max(line.business_unit)
            ELSE 'several' END AS business_unit,
        min(line.order_date) AS order_date,
        max(line.requested_date) FILTER (WHERE line.qty_due_requested > 0) AS requested_date,
        max(line.due_date) FILTER (WHERE line.qty_due > 0) AS due_date,
        max(line.completed_date) AS last_completed_date,
        count(*) AS n_lines,
        count_if(line.qty_shipped_by_due >= line.qty_due) AS n_lines_filled,
        bool_and(line.qty_shipped_by_due >= line.qty_due) AS is_filled,
        bool_and(line.qty_shipped_by_requested >= line.qty_due_requested) AS is_on_time,
        bool_and(line.qty_arrived_by_due >= line.qty_due) AS is_otif,
        bool_and(line.qty_shipped >= line.qty_due) AS is_complete
    FROM marts.order_lines AS line
    WHERE line.is_in_scope AND (line.qty_due > 0 OR line.qty_due_requested > 0)
    GROUP BY line.order_id
)
SELECT
    gathered.order_id, gathered.site_id, site.region, gathered.customer_id, gathered.segment,
    gathered.business_unit, gathered.order_date, gathered.requested_date, gathered.due_date,
    CASE WHEN gathered.is_complete THEN gathered.last_completed_date END AS completed_date,
    gathered.n_lines, gathered.n_lines_filled, gathered.is_filled, gathered.is_on_time,
    gathered.is_otif, gathered.is_otif AND papers.is_undamaged_and_documented AS is_perfect,
    coalesce(
        papers.is_assessed, gathered.due_date >= assessments.recorded_since, FALSE
    ) AS is_assessed,
    gathered.due_date <= build.as_of_date AS is_judged,
    gathered.requested_date <= build.as_of_date AS is_judged_by_request
FROM gathered
JOIN marts.sites AS site ON site.site_id = gathered.site_id
LEFT JOIN papers ON papers.order_id = gathered.order_id
LEFT JOIN assessments ON assessments.site_id = gathered.site_id
CROSS JOIN marts.build AS build;
