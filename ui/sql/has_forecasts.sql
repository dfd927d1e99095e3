-- Whether the build was made since forecasts are part of it: one row.
SELECT count(*) > 0 AS is_there
FROM information_schema.tables
WHERE table_schema = 'marts' AND table_name = 'forecast_runs';
