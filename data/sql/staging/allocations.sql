-- staging.allocations: the latest accepted row of each season, item and site.
CREATE OR REPLACE TABLE staging.allocations AS
SELECT
    season_id, item_id, site_id, qty_allocated, allocated_at, rule, qty_on_hand, qty_delivered,
    delivered_date, _file, _line, _load_id
FROM lake.allocations
QUALIFY row_number() OVER (PARTITION BY season_id, item_id, site_id ORDER BY _seq DESC, _line DESC) = 1;
