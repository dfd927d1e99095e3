-- marts.supplier_scores: one row per outside supplier and part of its score, on the as-of date: lines of the
-- last two years, one of half a year ago counting half. A part with fewer than 10 lines has no
-- points. n is what was judged, rate the share with fading weights. When a promise was given is not
-- known of a line with one date and no history: it has no part in 'promise given'.
CREATE OR REPLACE TABLE marts.supplier_scores AS
WITH observed AS (
    SELECT
        supplier_id, 'first promises kept' AS part, due_date AS judged_date,
        CAST(qty_on_time_first >= qty_ordered AS INTEGER) AS hit
    FROM marts.purchase_order_lines
    WHERE is_first_judged AND (is_promised OR is_promise_due)
    UNION ALL
    SELECT supplier_id, 'units on time', due_date, qty_on_time_first / qty_ordered
    FROM marts.purchase_order_lines
    WHERE is_first_judged AND (is_promised OR is_promise_due) AND is_counted AND qty_ordered > 0
    UNION ALL
    SELECT supplier_id, 'quality accepted', received_date, qty_accepted / qty_received
    FROM marts.receipts
    WHERE is_counted AND qty_received > 0
    UNION ALL
    SELECT supplier_id, 'promise given', order_date, CAST(is_promised_soon AS INTEGER)
    FROM marts.purchase_order_lines
    WHERE is_promise_due AND schedule_no = 1 AND is_response_judged
        AND (has_promise_history OR NOT is_promised)
    UNION ALL
    SELECT supplier_id, 'no late edits', due_date, CAST(n_late_edits = 0 AS INTEGER)
    FROM marts.purchase_order_lines
    WHERE has_promise_history AND is_first_judged
), faded AS (
    SELECT
        observed.supplier_id, observed.part, count(*) AS n,
        sum(observed.hit * power(0.5, date_diff('day', observed.judged_date, build.as_of_date)
            / 182.0)) AS hits,
        sum(power(0.5, date_diff('day', observed.judged_date, build.as_of_date) / 182.0)) AS lines
    FROM observed
    CROSS JOIN marts.build AS build
    WHERE date_diff('day', observed.judged_date, build.as_of_date) BETWEEN 0 AND 730
    GROUP BY observed.supplier_id, observed.part
), counted AS (
    SELECT supplier_id, count(*) AS n_supplier_lines
    FROM marts.purchase_order_lines
    GROUP BY supplier_id
)
SELECT
    supplier.supplier_id, rules.part, rules.weight, rules.floor_rate, rules.target_rate,
    coalesce(faded.n, 0) AS n, faded.hits / faded.lines AS rate,
    CASE WHEN faded.n >= 10 THEN least(greatest(
        100.0 * (faded.hits / faded.lines - rules.floor_rate)
            / (rules.target_rate - rules.floor_rate), 0), 100) END AS points,
    counted.n_supplier_lines
FROM marts.suppliers AS supplier
JOIN counted ON counted.supplier_id = supplier.supplier_id
CROSS JOIN marts.score_rules AS rules
LEFT JOIN faded ON faded.supplier_id = supplier.supplier_id AND faded.part = rules.part
WHERE supplier.supplier_type = 'outside';
