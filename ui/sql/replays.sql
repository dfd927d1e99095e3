-- Every setting of both rules that was played over the past, in both windows.
SELECT window_name, rule, knob, is_at_equal_money, money, unit_fill_rate, line_fill_rate,
    value_fill_rate, expected_unit_fill_rate, n_items, since_date, until_date, n_periods, n_known
FROM marts.replays
ORDER BY since_date, rule, money;
