-- What was promised for one order line: one row per date promised, in order.
SELECT
    promise.recorded_at, promise.recorded_date, promise.promised_date, promise.initiated_by,
    promise.reason, promise.version_no, promise.part_no, promise.n_parts,
    CAST(promise.qty AS DOUBLE) AS qty, promise._file, promise._line
FROM marts.order_promises AS promise
WHERE promise.order_id = $order_id AND promise.line_no = $line_no
ORDER BY promise.version_no, promise.part_no;
