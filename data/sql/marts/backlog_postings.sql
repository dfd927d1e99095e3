-- steps.backlog_postings: one row per claim on a supplier's backlog, and what it got. A unit that was
-- late explains one missed unit, while it is overdue: of all late units in the order of their days,
-- the lines take one after the other (qty_used), those that have come explain nothing more, and
-- those that are not due explain nothing yet.
CREATE OR REPLACE TABLE steps.backlog_postings AS
WITH RECURSIVE drawn AS (
    SELECT
        claim.site_id, claim.item_id, claim.supplier_id, claim.claim_no, claim.order_line_id,
        claim.po_line_id, claim.qty_received_until AS qty_from,
        CAST(least(claim.qty_received_until + claim.qty_claimed, claim.qty_due_until)
            AS DECIMAL(38, 4)) AS qty_used
    FROM steps.backlog_claims AS claim
    WHERE claim.claim_no = 1
    UNION ALL
    SELECT
        claim.site_id, claim.item_id, claim.supplier_id, claim.claim_no, claim.order_line_id,
        claim.po_line_id, greatest(drawn.qty_used, claim.qty_received_until),
        CAST(least(
            greatest(drawn.qty_used, claim.qty_received_until) + claim.qty_claimed,
            claim.qty_due_until
        ) AS DECIMAL(38, 4))
    FROM drawn
    JOIN steps.backlog_claims AS claim
        ON claim.site_id = drawn.site_id AND claim.item_id = drawn.item_id
        AND claim.supplier_id = drawn.supplier_id AND claim.claim_no = drawn.claim_no + 1
)
SELECT order_line_id, supplier_id, po_line_id, qty_used - qty_from AS qty
FROM drawn
WHERE qty_used > qty_from;
