-- marts.asides, continued: what came with purchase orders and builds and could not be used as it
-- stands, one row per thing and reason.
INSERT INTO marts.asides
WITH strays AS (
    SELECT
        'receipts' AS feed, 'no such PO line' AS reason,
        receipt.po_id || '/' || receipt.line_no AS subject, receipt.qty_received AS qty,
        receipt.received_date AS first_date, receipt._file, receipt._line
    FROM staging.receipts AS receipt
    LEFT JOIN steps.purchase_lines AS line
        ON line.po_id = receipt.po_id AND line.line_no = receipt.line_no
    CROSS JOIN marts.build AS build
    WHERE line.order_id IS NULL AND receipt.received_date <= build.as_of_date
    UNION ALL
    SELECT
        'supplier_promises', 'no such PO line', promise.po_id || '/' || promise.line_no,
        promise.qty, promise.promised_date, promise._file, promise._line
    FROM staging.supplier_promises AS promise
    LEFT JOIN steps.purchase_lines AS line
        ON line.po_id = promise.po_id AND line.line_no = promise.line_no
    WHERE line.order_id IS NULL
    UNION ALL
    SELECT
        'supplier_promises', 'recorded after the whole line had come: no promise',
        promise.po_id || '/' || promise.line_no, promise.qty, promise.promised_date,
        promise._file, promise._line
    FROM staging.supplier_promises AS promise
    JOIN steps.purchase_lines AS line
        ON line.po_id = promise.po_id AND line.line_no = promise.line_no
    LEFT JOIN steps.recorded_promises AS recorded
        ON recorded.order_kind = 'purchase' AND recorded._file = promise._file
        AND recorded._line = promise._line
    CROSS JOIN marts.build AS build
    WHERE recorded.order_id IS NULL AND line.use_no = 0
        AND CAST(promise.recorded_at AS DATE) < build.as_of_date
    UNION ALL
    SELECT
        'receipts', 'received before it was ordered: counts, but not in the lead time',
        po_id || '/' || line_no, qty_received, received_date, _file, _line
    FROM marts.receipts
    WHERE received_date < order_date
    UNION ALL
    SELECT
        'receipts', 'takes back more than was received', po_id || '/' || line_no, qty_received,
        received_date, _file, _line
    FROM marts.receipts
    WHERE running_qty < 0 AND qty_accepted < 0
    UNION ALL
    SELECT
        'purchase_order_lines', 'needed before it was ordered: not judged by its need date',
        po_line_id, qty_ordered, need_date, _file, _line
    FROM marts.purchase_order_lines
    WHERE need_date < order_date
    UNION ALL
    SELECT
        'purchase_order_lines', 'no date to be judged by', po_line_id, qty_ordered, order_date,
        _file, _line
    FROM marts.purchase_order_lines
    WHERE due_date IS NULL
    UNION ALL
    SELECT
        'build_requirements', 'no such build', part.build_id || '/' || part.item_id,
        part.qty_required, part.need_date, part._file, part._line
    FROM staging.build_requirements AS part
    LEFT JOIN staging.builds AS assembly ON assembly.build_id = part.build_id
    WHERE assembly.build_id IS NULL
    UNION ALL
    SELECT
        'suppliers', 'renamed in a circle: keeps its id', supplier_id, NULL, NULL, _file, _line
    FROM staging.suppliers
    JOIN marts.supplier_aliases USING (supplier_id)
    WHERE superseded_by IS NOT NULL AND supplier_id = stated_supplier_id
)
SELECT
    feed, reason, subject, 1 AS n_rows, CAST(qty AS DECIMAL(18, 4)) AS qty, first_date, _file, _line
FROM strays;
