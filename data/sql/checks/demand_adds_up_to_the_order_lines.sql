-- check: every order line is once in the daily demand, and every row of the demand feed too
WITH sums AS (
    SELECT 'orders' AS source, sum(n_lines) AS n_rows FROM marts.daily_demand WHERE source = 'orders'
    UNION ALL
    SELECT 'feed', sum(n_lines) FROM marts.daily_demand WHERE source = 'feed'
), expected AS (
    SELECT 'orders' AS source, count(*) AS n_rows FROM marts.order_lines
    UNION ALL
    SELECT 'feed', count(*)
    FROM staging.demand AS demand
    CROSS JOIN marts.build AS build
    WHERE demand.demand_date <= build.as_of_date
)
SELECT expected.source, expected.n_rows AS expected_rows, coalesce(sums.n_rows, 0) AS found_rows
FROM expected
JOIN sums ON sums.source = expected.source
WHERE expected.n_rows <> coalesce(sums.n_rows, 0);
