-- check: every order line known by the as-of date is in marts.order_lines, and once per schedule line
WITH ordered AS (
    SELECT count(*) AS n_lines
    FROM staging.order_lines AS line
    CROSS JOIN marts.build AS build
    WHERE line.order_date <= build.as_of_date
), kept AS (
    SELECT
        count_if(schedule_no = 1) AS n_lines, count(*) AS n_rows
    FROM marts.order_lines
), distinct_rows AS (
    SELECT count(*) AS n_rows
    FROM (
        SELECT order_id, line_no, schedule_no
        FROM marts.order_lines
        GROUP BY order_id, line_no, schedule_no
    ) AS one_each
)
SELECT ordered.n_lines AS lines_ordered, kept.n_lines AS lines_kept, kept.n_rows AS rows_kept,
    distinct_rows.n_rows AS rows_expected
FROM ordered
CROSS JOIN kept
CROSS JOIN distinct_rows
WHERE ordered.n_lines <> kept.n_lines OR kept.n_rows <> distinct_rows.n_rows;
