-- Whether the build holds what stock is planned from: one row.
SELECT count(*) = 3 AS is_there
FROM information_schema.tables
WHERE table_schema = 'marts'
    AND table_name IN ('forecast_demand', 'stock_positions', 'lead_time_slips');
