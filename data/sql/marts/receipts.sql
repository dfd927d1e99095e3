-- marts.receipts: one row per receipt booked by the as-of date for a known PO line.
--   qty_accepted:   received less rejected (G14); a receipt that nobody counted is the whole line.
--   qty_cumulative: accepted quantity of the line up to and including this receipt that still
--                   stands: a reversal takes back what came last before it, so what stands is the
--                   least that the running sum ever falls to again.
CREATE OR REPLACE TABLE marts.receipts AS
WITH booked AS (
    SELECT
        line.order_id, line.po_id, line.line_no, line.supplier_id, supplier.supplier_type,
        line.site_id, site.region, line.item_id, item.item_family, item.business_unit,
        line.transport_mode, line.order_date, receipt.received_date,
        coalesce(receipt.qty_received, line.qty_ordered) AS qty_received,
        coalesce(receipt.qty_rejected, 0) AS qty_rejected,
        receipt.qty_received IS NOT NULL AS is_counted,
        coalesce(receipt.qty_received, line.qty_ordered) - coalesce(receipt.qty_rejected, 0)
            AS qty_accepted,
        receipt._file, receipt._line, receipt._load_id
    FROM staging.receipts AS receipt
    JOIN steps.purchase_lines AS line
        ON line.po_id = receipt.po_id AND line.line_no = receipt.line_no
        AND (line.valid_from IS NULL OR receipt.received_date >= line.valid_from)
        AND (line.valid_until IS NULL OR receipt.received_date < line.valid_until)
    JOIN marts.suppliers AS supplier ON supplier.supplier_id = line.supplier_id
    JOIN marts.sites AS site ON site.site_id = line.site_id
    JOIN marts.items AS item ON item.item_id = line.item_id
    CROSS JOIN marts.build AS build
    WHERE receipt.received_date <= build.as_of_date
), summed AS (
    SELECT
        booked.*,
        sum(qty_accepted) OVER (
            PARTITION BY order_id, line_no ORDER BY received_date, qty_accepted DESC, _file, _line
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS running_qty
    FROM booked
)
SELECT
    order_id, po_id, line_no, supplier_id, supplier_type, site_id, region, item_id, item_family,
    business_unit, transport_mode, order_date, received_date, qty_received, qty_rejected,
    qty_accepted, is_counted, running_qty,
    CAST(greatest(min(running_qty) OVER (
        PARTITION BY order_id, line_no ORDER BY received_date, qty_accepted DESC, _file, _line
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ), 0) AS DECIMAL(18, 4)) AS qty_cumulative,
    _file, _line
FROM summed
ORDER BY supplier_id, received_date;
