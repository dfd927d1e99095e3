-- staging.items: the latest accepted row of each item.
CREATE OR REPLACE TABLE staging.items AS
SELECT
    item_id, description, item_family, business_unit, uom, unit_cost, unit_price,
    criticality, lead_time_days, moq, order_multiple, superseded_by, is_stocked,
    _file, _line, _load_id
FROM lake.items
QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY _seq DESC, _line DESC) = 1;
