-- check: every receipt booked by the as-of date belongs to a PO line or stands aside, once
WITH booked AS (
    SELECT count(*) AS n_rows
    FROM staging.receipts AS receipt
    CROSS JOIN marts.build AS build
    WHERE receipt.received_date <= build.as_of_date
), used AS (
    SELECT count(*) AS n_rows FROM marts.receipts
), aside AS (
    SELECT count(*) AS n_rows
    FROM marts.asides
    WHERE feed = 'receipts' AND reason = 'no such PO line'
)
SELECT booked.n_rows AS n_booked, used.n_rows AS n_used, aside.n_rows AS n_aside
FROM booked
CROSS JOIN used
CROSS JOIN aside
WHERE booked.n_rows <> used.n_rows + aside.n_rows;
