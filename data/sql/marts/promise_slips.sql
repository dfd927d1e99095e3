-- marts.promise_slips: counts of what became of suppliers' promises by the as-of date, for judging
-- those still open: as forecasting/promises/slips.py counts them, from every version of a promise.
--   slip_days: completion less the promised day [calendar days], of an open line the days waited;
--              beyond -120 and 240 counted as these.
--   weight:    promises fade, one of a year ago counts half.
--   basis:     'promised'; or 'expected', of lines without a promise: the day they were expected.
-- A client with one date a line has promised it on the day of the order, as far as anybody knows.
CREATE OR REPLACE TABLE marts.promise_slips AS
WITH lines AS (
    SELECT
        order_id, line_no, supplier_id, site_id, min(order_date) AS order_date,
        min(coalesce(first_promised_date, expected_date)) AS promised_date,
        bool_or(is_promised) AS is_promised, bool_or(has_promise_history) AS has_promise_history,
        CASE WHEN count(*) = count(completed_date) THEN max(completed_date) END AS completed_date
    FROM marts.purchase_order_lines
    WHERE is_promised OR expected_date IS NOT NULL
    GROUP BY order_id, line_no, supplier_id, site_id
), made AS (
    SELECT
        'promised' AS basis, line.supplier_id, line.site_id, line.completed_date,
        promise.recorded_date,
        promise.complete_date AS promised_date
    FROM lines AS line
    JOIN marts.supplier_promises AS promise
        ON promise.order_id = line.order_id AND promise.line_no = line.line_no
    WHERE promise.part_no = 1
    UNION ALL
    SELECT
        CASE WHEN is_promised THEN 'promised' ELSE 'expected' END, supplier_id, site_id,
        completed_date, order_date, promised_date
    FROM lines
    WHERE NOT has_promise_history
), seen AS (
    SELECT
        made.*, build.as_of_date, made.completed_date IS NULL AS is_open,
        coalesce(made.completed_date, build.as_of_date) AS seen_date,
        date_diff('day', made.recorded_date, made.promised_date) AS days_ahead,
        date_diff('day', made.promised_date, coalesce(made.completed_date, build.as_of_date))
            AS slip_days
    FROM made
    CROSS JOIN marts.build AS build
), classed AS (
    SELECT
        basis, supplier_id, site_id, is_open,
        CASE
            WHEN days_ahead <= 7 AND days_ahead >= 0 THEN '0-7'
            WHEN days_ahead <= 30 AND days_ahead >= 0 THEN '8-30'
            WHEN days_ahead <= 60 AND days_ahead >= 0 THEN '31-60'
            WHEN days_ahead <= 90 AND days_ahead >= 0 THEN '61-90'
            WHEN days_ahead <= 180 AND days_ahead >= 0 THEN '91-180'
            WHEN days_ahead > 180 THEN '181+'
            ELSE 'unknown'
        END AS horizon,
        CAST(least(greatest(slip_days, -120), 240) AS INTEGER) AS slip_days,
        power(0.5, greatest(
            date_diff('day', least(seen_date, promised_date), as_of_date), 0) / 365.0) AS weight
    FROM seen
    WHERE NOT is_open OR slip_days > -120
)
SELECT
    basis, supplier_id, site_id, horizon, slip_days, is_open, sum(weight) AS weight, count(*) AS n
FROM classed
GROUP BY basis, supplier_id, site_id, horizon, slip_days, is_open;
