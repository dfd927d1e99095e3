-- steps.purchase_schedules: one row per schedule line of a PO line (one, unless a split was agreed):
-- what is due, and between which days it is on time by each reference.
--   expected_date: where nothing was promised, the day on which the line is judged all the same
--                  (G12): the need date, else the order date plus the stated lead time.
--   need_by_date:  a need date on a holiday rolls to the working day before (G13); a need date
--                  before the order date cannot be met by anybody, and is left out.
CREATE OR REPLACE TABLE steps.purchase_schedules AS
WITH promised AS (
    SELECT
        order_id, line_no, min(recorded_date) AS first_recorded_date, count(DISTINCT version_no)
            AS n_promises
    FROM steps.promises
    WHERE order_kind = 'purchase'
    GROUP BY order_id, line_no
), starts AS (
    SELECT
        line.site_id,
        coalesce(min(promised.first_recorded_date), min(line.order_date) FILTER (
            WHERE line.promised_date IS NOT NULL)) AS promises_since
    FROM steps.purchase_lines AS line
    LEFT JOIN promised ON promised.order_id = line.order_id AND promised.line_no = line.line_no
    GROUP BY line.site_id
), scheduled AS (
    SELECT
        line.*, site.calendar_id, site.region, item.item_family, item.business_unit,
        item.lead_time_days AS stated_lead_time_days, supplier.supplier_type,
        supplier.early_days, supplier.late_days, starts.promises_since,
        coalesce(moved.schedule_no, 1) AS schedule_no,
        coalesce(moved.n_schedules, 1) AS n_schedules,
        least(coalesce(moved.qty_from, 0), line.qty_ordered) AS qty_from,
        least(coalesce(moved.qty_to, line.qty_ordered), line.qty_ordered) AS qty_to,
        coalesce(moved.first_promised_date, line.promised_date) AS first_promised_date,
        coalesce(moved.last_promised_date, line.promised_date) AS last_promised_date,
        coalesce(moved.stated_promised_date, line.promised_date) AS stated_promised_date,
        coalesce(moved.n_late_edits, 0) AS n_late_edits, coalesce(moved.n_slips, 0) AS n_slips,
        coalesce(moved.n_pull_ins, 0) AS n_pull_ins, coalesce(promised.n_promises, 0) AS n_promises,
        promised.first_recorded_date,
        CASE WHEN line.need_date >= coalesce(line.order_date, line.need_date)
            THEN line.need_date END AS feasible_need_date,
        coalesce(
            line.need_date, line.order_date + coalesce(item.lead_time_days, 0)
        ) AS expected_date
    FROM steps.purchase_lines AS line
    JOIN marts.sites AS site ON site.site_id = line.site_id
    JOIN marts.items AS item ON item.item_id = line.item_id
    JOIN marts.suppliers AS supplier ON supplier.supplier_id = line.supplier_id
    LEFT JOIN starts ON starts.site_id = line.site_id
    LEFT JOIN promised ON promised.order_id = line.order_id AND promised.line_no = line.line_no
    LEFT JOIN steps.promised_dates AS moved
        ON moved.order_kind = 'purchase' AND moved.order_id = line.order_id
        AND moved.line_no = line.line_no
        AND (moved.schedule_no = 1 OR moved.qty_from < line.qty_ordered)
)
SELECT
    line.*,
    first.due_date AS first_due_date, first.due_day_no AS first_due_day_no,
    first.opens_after_date AS first_opens_after_date, first.closes_date AS first_closes_date,
    last.due_date AS last_due_date, last.due_day_no AS last_due_day_no,
    last.opens_after_date AS last_opens_after_date, last.closes_date AS last_closes_date,
    need.day AS need_by_date
FROM scheduled AS line
LEFT JOIN steps.delivery_windows AS first
    ON first.calendar_id = line.calendar_id AND first.early_days = line.early_days
    AND first.late_days = line.late_days
    AND first.stated_date = coalesce(line.first_promised_date, line.expected_date)
LEFT JOIN steps.delivery_windows AS last
    ON last.calendar_id = line.calendar_id AND last.early_days = line.early_days
    AND last.late_days = line.late_days
    AND last.stated_date = coalesce(line.last_promised_date, line.expected_date)
LEFT JOIN marts.working_days AS needed
    ON needed.calendar_id = line.calendar_id AND needed.day = line.feasible_need_date
LEFT JOIN marts.working_days AS need
    ON need.calendar_id = line.calendar_id AND need.is_working
    AND need.working_day_no = needed.working_day_no;
