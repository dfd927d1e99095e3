-- Every open PO line, of the item that the demand goes to now, with its last promise.
SELECT
    line.po_line_id, line.supplier_id, line.site_id, heir.heir_item_id AS item_id,
    line.item_id AS ordered_item_id, line.order_date,
    coalesce((
        SELECT max(promise.recorded_date) FROM marts.supplier_promises AS promise
        WHERE promise.order_id = line.order_id AND promise.line_no = line.line_no
            AND promise.supplier_id = line.supplier_id
    ), line.order_date) AS recorded_date,
    line.stated_promised_date AS promised_date, line.need_date,
    CAST(line.stated_lead_time_days AS DOUBLE) AS lead_time_days,
    CAST(line.qty_open AS DOUBLE) AS qty_open, CAST(line.unit_price AS DOUBLE) AS unit_price
FROM marts.purchase_order_lines AS line
JOIN marts.item_heirs AS heir ON heir.item_id = line.item_id
WHERE line.qty_open > 0
ORDER BY line.site_id, line.item_id, line.po_line_id;
