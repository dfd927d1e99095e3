-- Fill of both rules at equal money, and the difference with its interval, in both windows.
SELECT window_name, measure, before_rate, after_rate, difference, low, high, n_items, n_lines
FROM marts.replay_gains
ORDER BY measure DESC, window_name;
