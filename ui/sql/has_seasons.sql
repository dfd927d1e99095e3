-- Whether the build was made since there are seasons.
SELECT count(*) > 0 AS is_there
FROM information_schema.tables
WHERE table_schema = 'marts' AND table_name = 'season_lines';
