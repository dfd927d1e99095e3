-- check: a line is judged from its due date on, pending before, and neither when cancelled
SELECT line.order_line_id, line.due_date, line.is_judged, line.is_pending, line.is_cancelled
FROM marts.order_lines AS line
CROSS JOIN marts.build AS build
WHERE (line.is_judged AND line.due_date > build.as_of_date)
    OR (line.is_pending AND line.due_date <= build.as_of_date)
    OR CAST(line.is_judged AS INTEGER) + CAST(line.is_pending AS INTEGER)
        + CAST(line.is_cancelled AS INTEGER) <> 1;
