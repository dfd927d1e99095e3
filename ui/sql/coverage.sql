-- Rows of each feed of facts per month.
SELECT covered.feed, covered.month_date, covered.n_rows
FROM health.coverage AS covered
WHERE covered.month_date IS NOT NULL AND covered.feed <> 'calendar'
ORDER BY covered.feed, covered.month_date;
