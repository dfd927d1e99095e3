-- Suppliers with lines, by volume.
SELECT
    supplier.supplier_id, supplier.supplier_name, supplier.region, supplier.supplier_type,
    count(*) AS n_lines, CAST(sum(line.qty_ordered * line.unit_price) AS DOUBLE) AS value_ordered,
    count_if(line.qty_open > 0) AS n_open
FROM marts.suppliers AS supplier
JOIN marts.purchase_order_lines AS line ON line.supplier_id = supplier.supplier_id
GROUP BY
    supplier.supplier_id, supplier.supplier_name, supplier.region, supplier.supplier_type
ORDER BY n_lines DESC, supplier.supplier_id
