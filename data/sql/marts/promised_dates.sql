-- steps.promised_dates: one row per schedule line of a line with a history of promises, of both
-- kinds of order: its first promise, and the last one that was made in time.
--   qty_from..qty_to: its share of the line; without an upper end it is all the rest.
--   n_slips, n_pull_ins: moves to a later and to an earlier day, the late edits included.
CREATE OR REPLACE TABLE steps.promised_dates AS
SELECT
    order_kind, order_id, line_no, schedule_no, n_schedules,
    qty_from, qty_to,
    max(moved_to) FILTER (WHERE moved_from IS NULL) AS first_promised_date,
    max_by(moved_to, version_no) FILTER (WHERE NOT is_late_edit) AS last_promised_date,
    max_by(moved_to, version_no) AS stated_promised_date,
    count_if(is_late_edit) AS n_late_edits,
    count_if(moved_to > moved_from) AS n_slips,
    count_if(moved_to < moved_from) AS n_pull_ins
FROM steps.promise_moves
GROUP BY order_kind, order_id, line_no, schedule_no, n_schedules, qty_from, qty_to;
