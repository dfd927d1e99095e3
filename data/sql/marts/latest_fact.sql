-- steps.latest_fact: one row: the first and the last day on which anything was recorded, in the
-- local days of the sites, and the first on which anything was promised to a customer. Dates that
-- are only planned (requested, promised) never count.
CREATE OR REPLACE TABLE steps.latest_fact AS
WITH last_instants AS (
    SELECT order_id, line_no, recorded_at AS instant
    FROM staging.order_promises
    WHERE recorded_at >= (SELECT max(recorded_at) - INTERVAL 1 DAY FROM staging.order_promises)
    UNION ALL
    SELECT order_id, line_no, cancelled_at AS instant
    FROM staging.order_lines
    WHERE cancelled_at >= (SELECT max(cancelled_at) - INTERVAL 1 DAY FROM staging.order_lines)
), line_sites AS (
    SELECT last_instants.instant, line.site_id
    FROM last_instants
    JOIN staging.order_lines AS line
        ON line.order_id = last_instants.order_id AND line.line_no = last_instants.line_no
    UNION ALL
    SELECT promise.recorded_at, line.site_id
    FROM staging.supplier_promises AS promise
    JOIN staging.purchase_order_lines AS line
        ON line.po_id = promise.po_id AND line.line_no = promise.line_no
    WHERE promise.recorded_at
        >= (SELECT max(recorded_at) - INTERVAL 1 DAY FROM staging.supplier_promises)
), facts AS (
    SELECT min(order_date) AS first_day, max(order_date) AS last_day FROM staging.order_lines
    UNION ALL
    SELECT min(shipped_date), max(greatest(shipped_date, delivered_date)) FROM staging.shipments
    UNION ALL
    SELECT min(snapshot_date), max(snapshot_date) FROM staging.stock
    UNION ALL
    SELECT min(demand_date), max(demand_date) FROM staging.demand
    UNION ALL
    SELECT min(order_date), max(order_date) FROM staging.purchase_order_lines
    UNION ALL
    SELECT min(received_date), max(received_date) FROM staging.receipts
    UNION ALL
    SELECT NULL, max(shipped_date) FROM staging.builds
    UNION ALL
    SELECT NULL, max(available_date) FROM staging.build_requirements
    UNION ALL
    SELECT
        NULL, max(CAST((line.instant AT TIME ZONE 'UTC') AT TIME ZONE site.timezone AS DATE))
    FROM line_sites AS line
    JOIN marts.sites AS site ON site.site_id = line.site_id
), stated AS (
    SELECT DISTINCT order_id, line_no FROM staging.order_promises
), promises AS (
    SELECT min(line.order_date) AS first_day
    FROM staging.order_lines AS line
    LEFT JOIN stated ON stated.order_id = line.order_id AND stated.line_no = line.line_no
    WHERE line.first_promised_date IS NOT NULL AND stated.order_id IS NULL
    UNION ALL
    SELECT min(CAST((promise.recorded_at AT TIME ZONE 'UTC') AT TIME ZONE site.timezone AS DATE))
    FROM staging.order_promises AS promise
    JOIN staging.order_lines AS line
        ON line.order_id = promise.order_id AND line.line_no = promise.line_no
    JOIN marts.sites AS site ON site.site_id = line.site_id
)
SELECT
    min(facts.first_day) AS first_fact_date, max(facts.last_day) AS latest_fact_date,
    min(promises.first_day) AS first_promise_date
FROM facts
CROSS JOIN promises;
