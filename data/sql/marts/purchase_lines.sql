-- steps.purchase_lines: one row per PO line ordered by the as-of date.
-- A number that comes again more than 90 days after its last use is another order (numbers start
-- anew with the year); a row nearer than that is a correction, and the latest delivery counts.
-- valid_from..valid_until: the days whose promises and receipts belong to this use of the number.
CREATE OR REPLACE TABLE steps.purchase_lines AS
WITH marked AS (
    SELECT
        line.*,
        coalesce(date_diff('day', lag(line.order_date) OVER (
            PARTITION BY line.po_id, line.line_no ORDER BY line.order_date NULLS FIRST
        ), line.order_date) > 90, FALSE) AS is_another
    FROM staging.purchase_order_lines AS line
    CROSS JOIN marts.build AS build
    WHERE line.order_date IS NULL OR line.order_date <= build.as_of_date
), numbered AS (
    SELECT
        marked.*,
        sum(CAST(is_another AS INTEGER)) OVER (
            PARTITION BY po_id, line_no ORDER BY order_date NULLS FIRST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS use_no
    FROM marked
), uses AS (
    SELECT
        numbered.*,
        min(order_date) OVER (PARTITION BY po_id, line_no, use_no) AS used_from_date,
        max(use_no) OVER (PARTITION BY po_id, line_no) AS last_use_no
    FROM numbered
    QUALIFY row_number() OVER (
        PARTITION BY po_id, line_no, use_no ORDER BY _seq DESC, _line DESC
    ) = 1
)
SELECT
    uses.po_id || CASE WHEN uses.last_use_no > 0
        THEN '@' || coalesce(CAST(uses.used_from_date AS VARCHAR), 'undated') ELSE '' END AS order_id,
    uses.po_id, uses.line_no, uses.use_no,
    alias.supplier_id, uses.supplier_id AS stated_supplier_id, uses.item_id, uses.site_id,
    uses.order_date, uses.need_date, uses.promised_date, uses.qty_ordered, uses.unit_price,
    uses.transport_mode,
    CASE WHEN uses.use_no > 0 THEN uses.used_from_date END AS valid_from,
    lead(uses.used_from_date) OVER (
        PARTITION BY uses.po_id, uses.line_no ORDER BY uses.use_no
    ) AS valid_until,
    uses._file, uses._line
FROM uses
JOIN marts.supplier_aliases AS alias ON alias.stated_supplier_id = uses.supplier_id;
