-- What left for one order line: one row per shipment, in order.
SELECT
    shipment.shipped_date, shipment.delivered_date, shipment.site_id, shipment.item_id,
    shipment.is_substitute, shipment.is_damaged,
    CAST(shipment.qty_shipped AS DOUBLE) AS qty_shipped,
    CAST(shipment.qty_cumulative AS DOUBLE) AS qty_cumulative,
    shipment._file, shipment._line
FROM marts.shipments AS shipment
WHERE shipment.order_id = $order_id AND shipment.line_no = $line_no
ORDER BY shipment.shipped_date, shipment._line;
