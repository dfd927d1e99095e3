-- Why rows of live loads were set aside: one row per feed, kind and column, with one example.
WITH examples AS (
    SELECT
        rejected.feed, rejected.kind, rejected.column_name,
        arg_min(rejected.value, rejected._file || rejected._line) AS value,
        arg_min(rejected.reason, rejected._file || rejected._line) AS reason,
        arg_min(rejected._file, rejected._file || rejected._line) AS file,
        arg_min(rejected._line, rejected._file || rejected._line) AS line
    FROM health.rejects AS rejected
    GROUP BY rejected.feed, rejected.kind, rejected.column_name
), counted AS (
    SELECT
        summary.feed, summary.kind, summary.column_name,
        CAST(sum(summary.n_rows) AS BIGINT) AS n_rows, count(DISTINCT summary.file) AS n_files
    FROM health.reject_summary AS summary
    GROUP BY summary.feed, summary.kind, summary.column_name
)
SELECT
    counted.feed, counted.kind, counted.column_name, counted.n_rows, counted.n_files,
    examples.value, examples.reason, examples.file, examples.line
FROM counted
LEFT JOIN examples
    ON examples.feed = counted.feed AND examples.kind = counted.kind
    AND examples.column_name IS NOT DISTINCT FROM counted.column_name
ORDER BY counted.kind = 'fault' DESC, counted.n_rows DESC, counted.feed, counted.column_name;
