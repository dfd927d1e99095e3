-- check: the lake holds exactly the rows that the ledger says were accepted
SELECT
    ledger.file, ledger.feed, ledger.load_id, ledger.rows_accepted,
    coalesce(stored.n_rows, 0) AS rows_stored
FROM health.ledger AS ledger
LEFT JOIN health.stored_rows AS stored
    ON stored.load_id = ledger.load_id AND stored.feed = ledger.feed
WHERE ledger.is_live AND ledger.rows_accepted <> coalesce(stored.n_rows, 0);
