-- staging.suppliers: the latest accepted row of each supplier id.
CREATE OR REPLACE TABLE staging.suppliers AS
SELECT
    supplier_id, supplier_name, region, early_window_days, late_window_days, superseded_by,
    is_own_warehouse, _file, _line, _load_id
FROM lake.suppliers
QUALIFY row_number() OVER (PARTITION BY supplier_id ORDER BY _seq DESC, _line DESC) = 1;
