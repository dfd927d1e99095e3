-- staging.order_promises: the latest accepted row of each line, moment and promised date.
CREATE OR REPLACE TABLE staging.order_promises AS
SELECT
    order_id, line_no, promised_date, qty, recorded_at, initiated_by, reason,
    _file, _line, _load_id
FROM lake.order_promises
WHERE coalesce(recorded_at < CAST(_loaded_at AS DATE) + INTERVAL 2 DAY, TRUE)
QUALIFY row_number() OVER (
    PARTITION BY order_id, line_no, recorded_at, promised_date ORDER BY _seq DESC, _line DESC
) = 1;
