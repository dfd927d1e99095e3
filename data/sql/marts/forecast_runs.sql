-- marts.forecast_runs: the forecasting run that this build holds, with its age; no row before one.
CREATE OR REPLACE TABLE marts.forecast_runs AS
SELECT
    run.run_id, run.made_at, run.build_id AS forecast_build_id, run.as_of_date,
    date_diff('day', run.as_of_date, build.as_of_date) AS age_days,
    run.freq, run.horizon, run.freq_reason, run.n_series
FROM lake.forecast_runs AS run
CROSS JOIN marts.build AS build;
