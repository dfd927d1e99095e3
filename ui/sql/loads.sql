-- Every file that came, newest first: one row per file and feed.
SELECT
    load.seq, load.loaded_at, load.file, load.feed, load.status, load.is_live, load.rows_in,
    load.rows_accepted, load.n_faults, load.n_duplicates, load.n_filtered,
    load.date_min, load.date_max, load.mapping, load.mapping_sha256,
    load.reason, load.load_id
FROM health.ledger AS load
ORDER BY load.seq DESC;
