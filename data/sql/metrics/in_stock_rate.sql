-- metric:  in_stock_rate
-- label:   In stock
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x item
-- by:      site_id, region, item_id, item_family, business_unit
-- Share of item-site-days with stock on hand, among the days on which a snapshot of a stocked item
-- was taken. It says nothing about demand and is not a fill rate.
CREATE OR REPLACE VIEW metrics.in_stock_rate AS
SELECT
    stock.snapshot_date AS metric_date,
    stock.site_id, stock.region, stock.item_id, stock.item_family, stock.business_unit,
    CAST(CAST(stock.qty_on_hand > 0 AS INTEGER) AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.stock AS stock
WHERE stock.is_stocked;
