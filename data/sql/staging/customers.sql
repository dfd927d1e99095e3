-- staging.customers: the latest accepted row of each customer.
CREATE OR REPLACE TABLE staging.customers AS
SELECT
    customer_id, customer_name, region, segment,
    _file, _line, _load_id
FROM lake.customers
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY _seq DESC, _line DESC) = 1;
