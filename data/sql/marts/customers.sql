-- marts.customers: one row per customer that was described or that an order line names.
CREATE OR REPLACE TABLE marts.customers AS
WITH named AS (
    SELECT customer_id FROM staging.customers
    UNION
    SELECT customer_id FROM staging.order_lines
)
SELECT
    named.customer_id,
    coalesce(customer.customer_name, named.customer_id) AS customer_name,
    coalesce(customer.region, 'unknown') AS region,
    coalesce(customer.segment, 'unknown') AS segment,
    customer.customer_id IS NOT NULL AS is_known
FROM named
LEFT JOIN staging.customers AS customer ON customer.customer_id = named.customer_id;
