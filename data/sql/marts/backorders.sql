-- marts.backorders: one row per schedule line of a stocked item that was requested for the as-of
-- date or before and is still open: ordered, not cancelled by anybody, not shipped.
-- age_days: working days past the requested date.
CREATE OR REPLACE TABLE marts.backorders AS
SELECT
    line.order_line_id, line.order_id, line.line_no, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.customer_id, line.segment, line.order_date,
    line.requested_date, line.due_date, line.last_promised_date, line.qty_ordered, line.qty_open,
    line.unit_price,
    greatest(today.working_day_no - requested.working_day_no, 0) AS age_days,
    line._file, line._line
FROM marts.order_lines AS line
CROSS JOIN marts.build AS build
JOIN marts.sites AS site ON site.site_id = line.site_id
JOIN marts.working_days AS today
    ON today.calendar_id = site.calendar_id AND today.day = build.as_of_date
JOIN marts.working_days AS requested
    ON requested.calendar_id = site.calendar_id
    AND requested.day = least(greatest(line.requested_date, build.first_day), build.last_day)
WHERE line.is_in_scope AND line.qty_open > 0 AND line.requested_date <= build.as_of_date;
