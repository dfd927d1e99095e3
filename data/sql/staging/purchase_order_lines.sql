-- staging.purchase_order_lines: the latest accepted row of each PO line and day of ordering.
CREATE OR REPLACE TABLE staging.purchase_order_lines AS
SELECT
    po_id, line_no, supplier_id, item_id, site_id, order_date, need_date, promised_date,
    qty_ordered, unit_price, transport_mode,
    _file, _line, _load_id, _seq
FROM lake.purchase_order_lines
WHERE coalesce(order_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE)
QUALIFY row_number() OVER (PARTITION BY po_id, line_no, order_date ORDER BY _seq DESC, _line DESC) = 1;
