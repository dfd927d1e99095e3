-- check: every unit shipped by the as-of date belongs to an order line or stands aside
WITH shipped AS (
    SELECT coalesce(sum(shipment.qty_shipped), 0) AS qty, count(*) AS n_rows
    FROM staging.shipments AS shipment
    CROSS JOIN marts.build AS build
    WHERE shipment.shipped_date <= build.as_of_date
), used AS (
    SELECT coalesce(sum(qty_shipped), 0) AS qty, count(*) AS n_rows FROM marts.shipments
), aside AS (
    SELECT coalesce(sum(qty), 0) AS qty, count(*) AS n_rows
    FROM marts.asides
    WHERE feed = 'shipments' AND reason = 'no such order line'
)
SELECT shipped.qty AS qty_shipped, used.qty AS qty_used, aside.qty AS qty_aside
FROM shipped
CROSS JOIN used
CROSS JOIN aside
WHERE shipped.qty <> used.qty + aside.qty OR shipped.n_rows <> used.n_rows + aside.n_rows;
