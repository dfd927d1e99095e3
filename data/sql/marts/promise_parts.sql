-- steps.promise_parts: one row per schedule line of a line with a history of promises, of both
-- kinds of order: the shares of the line and the epoch whose promises stand for each.
-- An agreed split (several dates, each with a quantity, in the first version of an epoch) gives
-- several; a split that only a later version brings is one line, due whole on its latest date (G6).
-- A part whose date had passed when the customer asked for a change stands as it was (G10): the
-- change is for the rest. What it restates of the past is not counted twice.
CREATE OR REPLACE TABLE steps.promise_parts AS
WITH ranked AS (
    SELECT
        promise.*,
        max(promise.epoch_no) OVER (
            PARTITION BY promise.order_kind, promise.order_id, promise.line_no
        ) AS last_epoch_no,
        min(promise.version_no) OVER (
            PARTITION BY promise.order_kind, promise.order_id, promise.line_no, promise.epoch_no
        ) AS first_version_no
    FROM steps.promises AS promise
    WHERE promise.part_no <= promise.n_parts
), agreed AS (
    SELECT ranked.* FROM ranked WHERE ranked.version_no = ranked.first_version_no
), ends AS (
    SELECT order_kind, order_id, line_no, epoch_no - 1 AS epoch_no, max(recorded_date) AS ended_date
    FROM agreed
    WHERE epoch_no > 1
    GROUP BY order_kind, order_id, line_no, epoch_no
), standing AS (
    SELECT
        agreed.*, min(agreed.epoch_no) OVER (
            PARTITION BY agreed.order_kind, agreed.order_id, agreed.line_no
        ) AS first_epoch_no
    FROM agreed
    LEFT JOIN ends
        ON ends.order_kind = agreed.order_kind AND ends.order_id = agreed.order_id
        AND ends.line_no = agreed.line_no AND ends.epoch_no = agreed.epoch_no
    WHERE agreed.epoch_no = agreed.last_epoch_no
        OR (agreed.n_parts > 1 AND agreed.promised_date < ends.ended_date)
), kept AS (
    SELECT *
    FROM standing
    WHERE epoch_no = first_epoch_no OR part_no = n_parts OR promised_date >= recorded_date
), numbered AS (
    SELECT
        kept.*,
        row_number() OVER (
            PARTITION BY order_kind, order_id, line_no ORDER BY epoch_no, part_no
        ) AS schedule_no,
        count(*) OVER (PARTITION BY order_kind, order_id, line_no) AS n_schedules,
        coalesce(sum(qty) OVER (
            PARTITION BY order_kind, order_id, line_no ORDER BY epoch_no, part_no
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS qty_from
    FROM kept
)
SELECT
    order_kind, order_id, line_no, schedule_no, n_schedules, epoch_no, part_no, n_parts, qty_from,
    CASE WHEN schedule_no < n_schedules THEN qty_from + qty END AS qty_to
FROM numbered;
