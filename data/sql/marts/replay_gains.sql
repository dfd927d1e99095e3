-- marts.replay_gains: one row per window and measure of fill: both rules at equal money, and the
-- difference with its 95 % interval over draws of the parts. A run from before there were two
-- windows says nothing here.
CREATE OR REPLACE TABLE marts.replay_gains AS
SELECT
    gain.window_name, gain.measure, gain.before_rate, gain.after_rate, gain.difference, gain.low,
    gain.high, gain.n_items, gain.n_lines
FROM lake.replay_gains AS gain
WHERE gain.window_name IS NOT NULL;
