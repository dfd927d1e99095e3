-- marts.rules: one row: the constants of the metric definitions.
-- The late tolerance for customers is 0 days and both in-full tolerances are 0, so they have no column.
CREATE OR REPLACE TABLE marts.rules AS
SELECT
    CAST(5 AS INTEGER) AS freeze_days,      -- G11: the last promise freezes so many working days before
    CAST(1 AS INTEGER) AS pick_window_days, -- availability without a stock snapshot
    CAST(5 AS INTEGER) AS promise_within_days, -- a supplier promises within so many working days
    CAST(2 AS INTEGER) AS kit_ready_days;   -- a kit is ready so many working days before the start
