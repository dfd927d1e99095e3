-- Which records that tell causes of missed units are in the build: one row.
SELECT
    (SELECT count(*) FROM marts.purchase_order_lines) > 0 AS has_purchases,
    (SELECT count(*) FROM marts.stock) > 0 AS has_stock;
