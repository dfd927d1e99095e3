-- marts.asides: what was accepted but could not be used as it stands, one row per thing and reason.
-- Nothing here is lost: a shipment counts in the next build once its order has come, and what
-- nobody described counts under family, region or segment 'unknown'.
CREATE OR REPLACE TABLE marts.asides AS
WITH strays AS (
    SELECT
        'shipments' AS feed, 'no such order line' AS reason,
        shipment.order_id || '/' || shipment.line_no AS subject, 1 AS n_rows,
        shipment.qty_shipped AS qty, shipment.shipped_date AS first_date, shipment._file,
        shipment._line
    FROM staging.shipments AS shipment
    LEFT JOIN staging.order_lines AS line
        ON line.order_id = shipment.order_id AND line.line_no = shipment.line_no
    CROSS JOIN marts.build AS build
    WHERE shipment.shipped_date <= build.as_of_date
        AND (line.order_id IS NULL OR line.order_date > build.as_of_date)
    UNION ALL
    SELECT
        'order_promises', 'no such order line', promise.order_id || '/' || promise.line_no, 1,
        promise.qty, promise.promised_date, promise._file, promise._line
    FROM staging.order_promises AS promise
    LEFT JOIN staging.order_lines AS line
        ON line.order_id = promise.order_id AND line.line_no = promise.line_no
    WHERE line.order_id IS NULL
    UNION ALL
    SELECT
        'shipments', 'substitute without an approved interchange: not credited',
        order_id || '/' || line_no || ' shipped ' || item_id, 1, qty_shipped, shipped_date,
        _file, _line
    FROM marts.shipments
    WHERE is_substitute AND qty_credited = 0 AND qty_shipped <> 0
    UNION ALL
    SELECT
        'order_lines', 'cancelled by nobody knows whom or when: stays due',
        order_line_id, 1, qty_cancelled, order_date, _file, _line
    FROM marts.order_lines
    WHERE qty_cancelled > 0 AND (cancelled_by IS NULL OR cancelled_date IS NULL)
    UNION ALL
    SELECT
        'order_lines', 'item not described: family unknown', line.item_id, count(*),
        sum(line.qty_ordered), min(line.order_date), min(line._file), min(line._line)
    FROM marts.order_lines AS line
    JOIN marts.items AS item ON item.item_id = line.item_id
    WHERE NOT item.is_known
    GROUP BY line.item_id
    UNION ALL
    SELECT
        'order_lines', 'site not described: region unknown', line.site_id, count(*),
        sum(line.qty_ordered), min(line.order_date), min(line._file), min(line._line)
    FROM marts.order_lines AS line
    JOIN marts.sites AS site ON site.site_id = line.site_id
    WHERE NOT site.is_known
    GROUP BY line.site_id
    UNION ALL
    SELECT
        'order_lines', 'customer not described: segment unknown', line.customer_id, count(*),
        sum(line.qty_ordered), min(line.order_date), min(line._file), min(line._line)
    FROM marts.order_lines AS line
    JOIN marts.customers AS customer ON customer.customer_id = line.customer_id
    WHERE NOT customer.is_known
    GROUP BY line.customer_id
    UNION ALL
    SELECT
        'sites', 'unknown time zone ' || stated_timezone || ': days in UTC', site_id, 1,
        NULL, NULL, NULL, NULL
    FROM marts.sites
    WHERE is_known AND stated_timezone <> timezone
)
SELECT
    feed, reason, subject, n_rows, CAST(qty AS DECIMAL(18, 4)) AS qty, first_date, _file, _line
FROM strays;
