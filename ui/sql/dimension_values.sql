-- Values that filters offer: one row per dimension and value, at most 2,000 customers. Sites and items
-- that are only known from seasons have pages of their own.
WITH seasonal_sites AS (
    SELECT site_id FROM marts.allocations
    EXCEPT
    (SELECT site_id FROM marts.order_lines UNION SELECT site_id FROM marts.forecasts)
), seasonal_items AS (
    SELECT item_id FROM marts.seasons
    EXCEPT
    (SELECT item_id FROM marts.order_lines UNION SELECT item_id FROM marts.forecasts)
), sites AS (
    SELECT site_id, region FROM marts.sites
    WHERE site_id NOT IN (SELECT site_id FROM seasonal_sites)
), offered AS (
    SELECT 'site_id' AS dimension, site_id AS value FROM sites
    UNION
    SELECT 'region', region FROM sites
    UNION
    SELECT 'item_family', item_family FROM marts.items
    WHERE item_id NOT IN (SELECT item_id FROM seasonal_items)
    UNION
    SELECT 'segment', segment FROM marts.customers
    UNION
    SELECT 'customer_id', customer_id
    FROM (SELECT customer_id FROM marts.customers ORDER BY customer_id LIMIT 2000) AS first_customers
)
SELECT dimension, value FROM offered WHERE value IS NOT NULL ORDER BY dimension, value;
