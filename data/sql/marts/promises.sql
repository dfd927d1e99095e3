-- steps.promises: one row per date promised and recorded by the as-of date, to customers (order_kind
-- 'sale') and by suppliers ('purchase').
--   version_no: promises recorded together are one version of the line.
--   part_no:    position in an agreed split; of several dates without quantities the latest is
--               part 1 and the others, numbered after it, are only shown.
--   epoch_no:   the promises since the customer last asked for a change (G10).
CREATE OR REPLACE TABLE steps.promises AS
SELECT
    recorded.order_kind, recorded.order_id, recorded.line_no, dated.version_no, dated.epoch_no,
    row_number() OVER (
        PARTITION BY recorded.order_kind, recorded.order_id, recorded.line_no, dated.version_no
        ORDER BY CASE WHEN dated.n_parts > 1 THEN recorded.promised_date END,
            recorded.promised_date DESC, recorded._line
    ) AS part_no,
    dated.n_parts, recorded.promised_date, dated.complete_date, recorded.qty,
    recorded.recorded_at, recorded.recorded_date, recorded.initiated_by, recorded.reason,
    recorded.site_id, recorded.calendar_id, recorded._file, recorded._line
FROM steps.recorded_promises AS recorded
JOIN steps.promise_versions AS dated
    ON dated.order_kind = recorded.order_kind AND dated.order_id = recorded.order_id
    AND dated.line_no = recorded.line_no AND dated.version_at = recorded.version_at;
