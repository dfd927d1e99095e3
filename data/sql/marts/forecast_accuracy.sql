-- marts.forecast_accuracy: one row per class of demand ('all' is every one) and model: losses of the
-- back-test, all periods ahead, out of sample.
--   spl:         pinball loss over the in-sample mean absolute difference, with its 95 % interval.
--   value_added: 1 - spl / spl of the naive forecast (the same period a year ago).
--   cost_over_p95, cost_short_p95: value left over and short a period, of all items and sites of the
--                class together, when every period is stocked to its 95 % amount.
--   is_tie:      not told apart from the best of its class by a paired bootstrap.
CREATE OR REPLACE TABLE marts.forecast_accuracy AS
SELECT
    demand_class, model, n, rmsse, spl, spl_low, spl_high, wape, bias, cover_p95_rate,
    cover_p99_rate, value_added, is_tie, cost_over_p95, cost_short_p95
FROM lake.forecast_accuracy
ORDER BY demand_class, model;
