-- staging.receipts: the accepted rows of receipts that no other file stands for
-- (staging.superseded_moves), but those dated after they were loaded.
CREATE OR REPLACE TABLE staging.receipts AS
SELECT
    receipt.po_id, receipt.line_no, receipt.received_date, receipt.qty_received,
    receipt.qty_rejected, receipt._file, receipt._line, receipt._load_id
FROM lake.receipts AS receipt
LEFT JOIN staging.superseded_moves AS superseded
    ON superseded.feed = 'receipts' AND superseded._load_id = receipt._load_id
    AND superseded._line = receipt._line AND superseded.outcome <> 'both count'
WHERE superseded.feed IS NULL
    AND coalesce(
        receipt.received_date <= CAST(receipt._loaded_at + INTERVAL 1 DAY AS DATE), TRUE
    );
