-- marts.supplier_blocks: one row per supplier, build or customer line that it blocked, and part: the
-- part was missing on the day it was needed, while a line of this supplier for that part and site
-- was overdue (promised, or else expected, by that day and not whole by then).
--   is_first: the part that was missed first; a build that waits for two parts of one supplier is
--             blocked once.
CREATE OR REPLACE TABLE marts.supplier_blocks AS
WITH missed AS (
    SELECT
        'build' AS blocked, part.build_id AS blocked_id, part.site_id, part.item_id,
        part.need_by_date AS missed_date
    FROM marts.build_requirements AS part
    WHERE part.is_judged AND coalesce(part.met_date > part.need_by_date, TRUE)
    UNION ALL
    SELECT
        'customer line', line.order_line_id, line.site_id, line.item_id, line.due_date
    FROM marts.order_lines AS line
    WHERE line.is_in_scope AND line.is_judged AND line.qty_shipped_by_due < line.qty_due
), overdue AS (
    SELECT
        line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
        line.item_family, line.business_unit, line.transport_mode, line.po_line_id, line.due_date,
        coalesce(line.completed_date, build.as_of_date + 1) AS completed_date
    FROM marts.purchase_order_lines AS line
    CROSS JOIN marts.build AS build
    WHERE coalesce(line.completed_date > line.due_date, line.due_date <= build.as_of_date)
)
SELECT
    missed.blocked, missed.blocked_id, missed.missed_date, overdue.supplier_id,
    overdue.supplier_type, overdue.site_id, overdue.region, overdue.item_id, overdue.item_family,
    overdue.business_unit, min_by(overdue.transport_mode, overdue.po_line_id) AS transport_mode,
    min(overdue.po_line_id) AS po_line_id, count(*) AS n_lines,
    row_number() OVER (
        PARTITION BY missed.blocked, missed.blocked_id, overdue.supplier_id
        ORDER BY missed.missed_date, overdue.item_id
    ) = 1 AS is_first
FROM missed
JOIN overdue
    ON overdue.site_id = missed.site_id AND overdue.item_id = missed.item_id
    AND overdue.due_date <= missed.missed_date AND overdue.completed_date > missed.missed_date
GROUP BY
    missed.blocked, missed.blocked_id, missed.missed_date, overdue.supplier_id,
    overdue.supplier_type, overdue.site_id, overdue.region, overdue.item_id, overdue.item_family,
    overdue.business_unit;
