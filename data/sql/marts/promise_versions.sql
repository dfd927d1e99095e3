-- steps.promise_versions: one row per line and moment at which a promise for it was recorded.
--   n_parts:  dates of an agreed split (several dates, each with a quantity), else 1.
--   epoch_no: G10: a change that the customer asks for starts a new first promise, if recorded
--             on or before the date it replaces; once that date has passed the miss stands.
CREATE OR REPLACE TABLE steps.promise_versions AS
WITH versions AS (
    SELECT
        recorded.order_kind, recorded.order_id, recorded.line_no, recorded.version_at,
        recorded.recorded_date,
        max(recorded.promised_date) AS complete_date,
        bool_or(recorded.is_asked_for) AS is_asked_for,
        CASE WHEN count(*) = count(recorded.qty) THEN count(*) ELSE 1 END AS n_parts
    FROM steps.recorded_promises AS recorded
    GROUP BY
        recorded.order_kind, recorded.order_id, recorded.line_no, recorded.version_at,
        recorded.recorded_date
), numbered AS (
    SELECT
        versions.*,
        row_number() OVER (
            PARTITION BY order_kind, order_id, line_no ORDER BY version_at
        ) AS version_no
    FROM versions
), starts AS (
    SELECT
        order_kind, order_id, line_no, version_no,
        coalesce(
            recorded_date > lag(complete_date) OVER (
                PARTITION BY order_kind, order_id, line_no ORDER BY version_no
            ), FALSE
        ) AS is_too_late
    FROM numbered
    WHERE version_no = 1 OR is_asked_for
), epoch_starts AS (
    SELECT
        order_kind, order_id, line_no, version_no,
        row_number() OVER (
            PARTITION BY order_kind, order_id, line_no ORDER BY version_no
        ) AS epoch_no,
        sum(CAST(is_too_late AS INTEGER)) OVER (
            PARTITION BY order_kind, order_id, line_no ORDER BY version_no
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS n_too_late
    FROM starts
)
SELECT
    numbered.order_kind, numbered.order_id, numbered.line_no, numbered.version_at,
    numbered.complete_date, numbered.n_parts, numbered.version_no,
    coalesce(max(epoch_starts.epoch_no) OVER (
        PARTITION BY numbered.order_kind, numbered.order_id, numbered.line_no
        ORDER BY numbered.version_no
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ), 1) AS epoch_no
FROM numbered
LEFT JOIN epoch_starts
    ON epoch_starts.order_kind = numbered.order_kind
    AND epoch_starts.order_id = numbered.order_id AND epoch_starts.line_no = numbered.line_no
    AND epoch_starts.version_no = numbered.version_no AND epoch_starts.n_too_late = 0;
