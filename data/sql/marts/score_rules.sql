-- marts.score_rules: one row per part of the supplier score: weight (of 100), and the rates that are
-- worth 0 and 100 points.
CREATE OR REPLACE TABLE marts.score_rules AS
SELECT part, weight, floor_rate, target_rate
FROM (VALUES
    ('first promises kept', 35, 0.50, 0.95),
    ('units on time', 20, 0.50, 0.98),
    ('quality accepted', 20, 0.95, 1.00),
    ('promise given', 15, 0.50, 1.00),
    ('no late edits', 10, 0.70, 1.00)
) AS agreed(part, weight, floor_rate, target_rate);
