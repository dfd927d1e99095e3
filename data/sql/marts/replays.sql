-- marts.replays: one row per window, rule and setting that was played over the past: money and fill.
-- knob: months of cover, or the budget of the plan; expected_unit_fill_rate: what the plans said;
-- n_known: periods of demand before the first plan. A run from before there were two windows says
-- nothing here.
CREATE OR REPLACE TABLE marts.replays AS
SELECT
    replay.window_name, replay.rule, replay.knob, replay.is_at_equal_money, replay.money,
    replay.unit_fill_rate, replay.line_fill_rate, replay.value_fill_rate,
    replay.expected_unit_fill_rate, replay.n_items, replay.since_date, replay.until_date,
    replay.n_periods, replay.n_known
FROM lake.replays AS replay
WHERE replay.window_name IS NOT NULL;
