-- check: no order, shipment, promise or snapshot of the marts is later than the as-of date
SELECT 'order_lines' AS mart, max(line.order_date) AS latest, max(build.as_of_date) AS as_of_date
FROM marts.order_lines AS line
CROSS JOIN marts.build AS build
HAVING max(line.order_date) > max(build.as_of_date)
UNION ALL
SELECT 'shipments', max(shipment.shipped_date), max(build.as_of_date)
FROM marts.shipments AS shipment
CROSS JOIN marts.build AS build
HAVING max(shipment.shipped_date) > max(build.as_of_date)
UNION ALL
SELECT 'order_promises', max(promise.recorded_date), max(build.as_of_date)
FROM marts.order_promises AS promise
CROSS JOIN marts.build AS build
HAVING max(promise.recorded_date) > max(build.as_of_date)
UNION ALL
SELECT 'stock', max(stock.snapshot_date), max(build.as_of_date)
FROM marts.stock AS stock
CROSS JOIN marts.build AS build
HAVING max(stock.snapshot_date) > max(build.as_of_date);
