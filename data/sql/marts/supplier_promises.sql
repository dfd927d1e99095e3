-- marts.supplier_promises: one row per date promised by a supplier; columns as in steps.promises.
CREATE OR REPLACE TABLE marts.supplier_promises AS
SELECT
    promise.order_id, line.po_id, promise.line_no, line.supplier_id, promise.version_no,
    promise.epoch_no, promise.part_no, promise.n_parts, promise.promised_date,
    promise.complete_date, promise.qty, promise.recorded_at, promise.recorded_date,
    promise.initiated_by, promise.reason, promise.site_id, promise._file, promise._line
FROM steps.promises AS promise
JOIN steps.purchase_lines AS line
    ON line.order_id = promise.order_id AND line.line_no = promise.line_no
WHERE promise.order_kind = 'purchase'
ORDER BY line.supplier_id, promise.recorded_at;
