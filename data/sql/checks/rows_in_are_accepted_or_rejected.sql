-- check: every row of every file was accepted or rejected, and counted
SELECT file, feed, rows_in, rows_accepted, rows_rejected
FROM health.ledger
WHERE status = 'loaded' AND rows_in <> rows_accepted + rows_rejected;
