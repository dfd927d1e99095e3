-- marts.repeat_misses: one row per missed line whose customer had missed the same item in the 90 days
-- before, with how often. Lines due on the same day are one disappointment, not two.
CREATE OR REPLACE TABLE marts.repeat_misses AS
WITH missed AS (
    SELECT
        order_line_id,
        count(*) OVER (
            PARTITION BY customer_id, item_id ORDER BY due_date
            RANGE BETWEEN INTERVAL 90 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
        ) AS n_before
    FROM marts.order_lines
    WHERE is_in_scope AND is_judged AND qty_shipped_by_due < qty_due
)
SELECT order_line_id, n_before FROM missed WHERE n_before > 0;
