-- The forecasting run that the build holds: one row, or none before the first.
SELECT run.made_at, run.as_of_date, run.age_days, run.freq, run.horizon, run.freq_reason, run.n_series
FROM marts.forecast_runs AS run;
