-- steps.delivery_windows: one row per calendar, day and pair of tolerances that a supplier has.
-- A due date on a holiday rolls to the next working day (G13); what comes after opens_after_date
-- and by closes_date is on time (G7).
CREATE OR REPLACE TABLE steps.delivery_windows AS
WITH tolerances AS (
    SELECT DISTINCT early_days, late_days FROM marts.suppliers
), working AS (
    SELECT calendar_id, day, working_day_no FROM marts.working_days WHERE is_working
)
SELECT
    due.calendar_id, due.day AS stated_date, tolerances.early_days, tolerances.late_days,
    rolled.day AS due_date, opened.day AS opens_after_date, closed.day AS closes_date,
    rolled.working_day_no AS due_day_no
FROM marts.working_days AS due
CROSS JOIN tolerances
JOIN working AS rolled
    ON rolled.calendar_id = due.calendar_id AND rolled.working_day_no = due.rolled_day_no
LEFT JOIN working AS opened
    ON opened.calendar_id = due.calendar_id
    AND opened.working_day_no = due.rolled_day_no - tolerances.early_days - 1
LEFT JOIN working AS closed
    ON closed.calendar_id = due.calendar_id
    AND closed.working_day_no = due.rolled_day_no + tolerances.late_days;
