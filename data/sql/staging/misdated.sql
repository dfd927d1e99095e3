-- staging.misdated: facts dated after they were loaded (and a day, for sites east of UTC): a slip
-- of the pen. Each staging table leaves them out, or the date alone where it only adds to a row.
CREATE OR REPLACE TABLE staging.misdated AS
WITH facts AS (
    SELECT 'order_lines' AS feed, order_id || '/' || line_no AS subject, qty_ordered AS qty,
        order_date AS fact_date, _file, _line, _loaded_at
    FROM lake.order_lines
    UNION ALL
    SELECT 'order_lines', order_id || '/' || line_no || ' cancelled', qty_cancelled,
        CAST(cancelled_at AS DATE), _file, _line, _loaded_at
    FROM lake.order_lines
    WHERE cancelled_at IS NOT NULL
    UNION ALL
    SELECT 'order_promises', order_id || '/' || line_no, qty, CAST(recorded_at AS DATE),
        _file, _line, _loaded_at
    FROM lake.order_promises
    UNION ALL
    SELECT 'shipments', order_id || '/' || line_no, qty_shipped, shipped_date,
        _file, _line, _loaded_at
    FROM lake.shipments
    UNION ALL
    SELECT 'shipments', order_id || '/' || line_no || ' delivered', qty_shipped, delivered_date,
        _file, _line, _loaded_at
    FROM lake.shipments
    WHERE delivered_date IS NOT NULL
    UNION ALL
    SELECT 'stock', item_id || ' at ' || site_id, qty_on_hand, snapshot_date,
        _file, _line, _loaded_at
    FROM lake.stock
    UNION ALL
    SELECT 'purchase_order_lines', po_id || '/' || line_no, qty_ordered, order_date,
        _file, _line, _loaded_at
    FROM lake.purchase_order_lines
    UNION ALL
    SELECT 'supplier_promises', po_id || '/' || line_no, qty, CAST(recorded_at AS DATE),
        _file, _line, _loaded_at
    FROM lake.supplier_promises
    UNION ALL
    SELECT 'receipts', po_id || '/' || line_no, qty_received, received_date,
        _file, _line, _loaded_at
    FROM lake.receipts
    UNION ALL
    SELECT 'demand', item_id || ' at ' || site_id, qty, demand_date, _file, _line, _loaded_at
    FROM lake.demand
    UNION ALL
    SELECT 'builds', build_id || ' shipped', NULL, shipped_date, _file, _line, _loaded_at
    FROM lake.builds
    UNION ALL
    SELECT 'build_requirements', build_id || '/' || item_id || ' available', qty_available,
        available_date, _file, _line, _loaded_at
    FROM lake.build_requirements
)
SELECT feed, subject, qty, fact_date, _file, _line
FROM facts
WHERE fact_date > CAST(_loaded_at + INTERVAL 1 DAY AS DATE);
