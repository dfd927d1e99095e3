-- marts.order_promises: one row per date promised to a customer; columns as in steps.promises.
CREATE OR REPLACE TABLE marts.order_promises AS
SELECT
    promise.order_id, promise.line_no, promise.version_no, promise.epoch_no, promise.part_no,
    promise.n_parts, promise.promised_date, promise.complete_date, promise.qty,
    promise.recorded_at, promise.recorded_date, promise.initiated_by, promise.reason,
    promise.site_id, promise.calendar_id, promise._file, promise._line
FROM steps.promises AS promise
WHERE promise.order_kind = 'sale';
