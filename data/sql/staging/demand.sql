-- staging.demand: the latest accepted row of each period, item and site.
CREATE OR REPLACE TABLE staging.demand AS
SELECT
    demand_date, item_id, site_id, qty, in_stock, unit_price, is_promoted,
    _file, _line, _load_id
FROM lake.demand
WHERE coalesce(demand_date <= CAST(_loaded_at + INTERVAL 1 DAY AS DATE), TRUE)
QUALIFY row_number() OVER (PARTITION BY demand_date, item_id, site_id ORDER BY _seq DESC, _line DESC) = 1;
