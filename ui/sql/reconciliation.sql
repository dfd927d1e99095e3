-- What became of the rows of every file, newest first: one row per file and feed.
SELECT
    load.seq, load.loaded_at, load.file, load.feed, load.fate, load.is_live, load.rows_in,
    load.n_accepted, load.n_faults, load.n_mended, load.n_duplicates, load.n_filtered,
    load.n_in_use, load.n_superseded, load.n_misdated, load.n_unaccounted, load.mapping
FROM health.reconciliation AS load
ORDER BY load.seq DESC;
