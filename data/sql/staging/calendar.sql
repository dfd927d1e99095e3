-- staging.calendar: the latest accepted row of each calendar and day.
CREATE OR REPLACE TABLE staging.calendar AS
SELECT
    calendar_id, day, is_working, event,
    _file, _line, _load_id
FROM lake.calendar
QUALIFY row_number() OVER (PARTITION BY calendar_id, day ORDER BY _seq DESC, _line DESC) = 1;
