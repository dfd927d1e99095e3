-- steps.recorded_promises: promises recorded by the as-of date, in the local days of the site that
-- ships (order_kind 'sale', made to a customer) or receives ('purchase', made by a supplier).
-- is_asked_for: who receives the goods asked for the change, and so starts a new first promise.
-- version_at: a split that is agreed one row after the other is one version of the promise: rows of
-- one day and party, each with a quantity and a date of its own, that together are not more than
-- what was ordered.
-- What a supplier promises after the whole line has come is no promise, and is left out; a receipt
-- dated before its order does not count for that.
CREATE OR REPLACE TABLE steps.recorded_promises AS
WITH completed AS (
    SELECT line.order_id, line.line_no, min(receipt.received_date) AS completed_date
    FROM steps.purchase_lines AS line
    JOIN marts.receipts AS receipt
        ON receipt.order_id = line.order_id AND receipt.line_no = line.line_no
        AND receipt.qty_cumulative >= line.qty_ordered
        AND receipt.received_date >= coalesce(line.order_date, receipt.received_date)
    GROUP BY line.order_id, line.line_no
), recorded AS (
    SELECT
        'sale' AS order_kind, promise.order_id, promise.line_no, promise.promised_date, promise.qty,
        promise.recorded_at, promise.initiated_by, promise.reason, promise._file, promise._line,
        promise.initiated_by = 'customer' AS is_asked_for, line.qty_ordered, line.site_id,
        site.calendar_id,
        CAST((promise.recorded_at AT TIME ZONE 'UTC') AT TIME ZONE site.timezone AS DATE)
            AS recorded_date
    FROM staging.order_promises AS promise
    JOIN staging.order_lines AS line
        ON line.order_id = promise.order_id AND line.line_no = promise.line_no
    JOIN marts.sites AS site ON site.site_id = line.site_id
    CROSS JOIN marts.build AS build
    WHERE line.order_date <= build.as_of_date
), supplied AS (
    SELECT
        line.order_id, promise.*, line.qty_ordered, line.site_id, line.valid_from, line.valid_until,
        site.calendar_id,
        CAST((promise.recorded_at AT TIME ZONE 'UTC') AT TIME ZONE site.timezone AS DATE)
            AS recorded_date
    FROM staging.supplier_promises AS promise
    JOIN steps.purchase_lines AS line
        ON line.po_id = promise.po_id AND line.line_no = promise.line_no
    JOIN marts.sites AS site ON site.site_id = line.site_id
), either AS (
    SELECT recorded.* FROM recorded
    UNION ALL
    SELECT
        'purchase', promise.order_id, promise.line_no, promise.promised_date, promise.qty,
        promise.recorded_at, promise.initiated_by, promise.reason, promise._file, promise._line,
        promise.initiated_by IN ('customer', 'client'), promise.qty_ordered, promise.site_id,
        promise.calendar_id,
        promise.recorded_date
    FROM supplied AS promise
    LEFT JOIN completed
        ON completed.order_id = promise.order_id AND completed.line_no = promise.line_no
    WHERE (promise.valid_from IS NULL OR promise.recorded_date >= promise.valid_from)
        AND (promise.valid_until IS NULL OR promise.recorded_date < promise.valid_until)
        AND (completed.completed_date IS NULL OR promise.recorded_date <= completed.completed_date)
), known AS (
    SELECT either.*
    FROM either
    CROSS JOIN marts.build AS build
    WHERE either.recorded_date <= build.as_of_date
), together AS (
    SELECT
        order_kind, order_id, line_no, recorded_date, initiated_by, min(recorded_at) AS version_at
    FROM known
    GROUP BY order_kind, order_id, line_no, recorded_date, initiated_by
    HAVING count(*) > 1 AND count(*) = count(qty) AND count(*) = count(DISTINCT promised_date)
        AND sum(qty) <= max(qty_ordered)
)
SELECT known.*, coalesce(together.version_at, known.recorded_at) AS version_at
FROM known
LEFT JOIN together
    ON together.order_kind = known.order_kind AND together.order_id = known.order_id
    AND together.line_no = known.line_no AND together.recorded_date = known.recorded_date
    AND together.initiated_by = known.initiated_by;
