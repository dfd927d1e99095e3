-- Rows that could not be used as they stand: one row per feed and reason.
SELECT
    aside.feed, aside.reason, CAST(sum(aside.n_rows) AS BIGINT) AS n_rows,
    min(aside.subject) AS example, min(aside._file) AS example_file, min(aside._line) AS example_line
FROM marts.asides AS aside
GROUP BY aside.feed, aside.reason
ORDER BY n_rows DESC, aside.feed, aside.reason;
