-- Whether the build was made since a run plans stock.
SELECT count(*) > 0 AS is_there
FROM information_schema.tables
WHERE table_schema = 'marts' AND table_name = 'proposals';
