-- staging.moves: every accepted shipment and receipt in one shape, for telling what came twice.
-- A row that was mended belongs to the file and line in which it had been rejected (_origin_*).
CREATE OR REPLACE VIEW staging.moves AS
SELECT
    'shipments' AS feed, order_id, line_no, shipped_date AS day, site_id, shipment_id,
    qty_shipped AS qty, _file, _line, _load_id, _seq, _origin_file, _origin_line
FROM lake.shipments
WHERE coalesce(shipped_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE)
UNION ALL
SELECT
    'receipts', po_id, line_no, received_date, NULL, NULL,
    qty_received, _file, _line, _load_id, _seq, _origin_file, _origin_line
FROM lake.receipts
WHERE coalesce(received_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE);
