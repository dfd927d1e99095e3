-- check: every accepted row is in use, superseded by a later file, or dated after its load
SELECT file, feed, rows_in, n_accepted, n_in_use, n_superseded, n_misdated, n_unaccounted
FROM health.reconciliation
WHERE n_unaccounted <> 0 OR n_superseded < 0 OR n_mended > n_faults;
