-- marts.suppliers: one row per supplier under the id it goes by now, described or only named.
-- The window around a due date is its own where it has one: by default 5 working days early, 0 late.
CREATE OR REPLACE TABLE marts.suppliers AS
WITH named AS (
    SELECT supplier_id, count(*) - 1 AS n_former_ids
    FROM marts.supplier_aliases
    GROUP BY supplier_id
)
SELECT
    named.supplier_id,
    coalesce(supplier.supplier_name, named.supplier_id) AS supplier_name,
    coalesce(supplier.region, 'unknown') AS region,
    CASE WHEN supplier.is_own_warehouse THEN 'own warehouse' ELSE 'outside' END AS supplier_type,
    coalesce(supplier.early_window_days, 5) AS early_days,
    coalesce(supplier.late_window_days, 0) AS late_days,
    named.n_former_ids,
    supplier.supplier_id IS NOT NULL AS is_known
FROM named
LEFT JOIN staging.suppliers AS supplier ON supplier.supplier_id = named.supplier_id;
