-- Whether the build was made since both windows are replayed: one row.
SELECT count(*) > 0 AS is_there
FROM information_schema.columns
WHERE table_schema = 'marts' AND table_name = 'replays' AND column_name = 'window_name';
