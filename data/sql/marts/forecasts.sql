-- marts.forecasts: one row per item, site and period ahead: expected demand and its quantiles.
-- Expected demand may be added up over items, sites and periods; quantiles may not.
CREATE OR REPLACE TABLE marts.forecasts AS
SELECT
    forecast.item_id, forecast.site_id, site.region, item.item_family, item.business_unit,
    forecast.period_date, forecast.period_no, forecast.qty_expected, forecast.qty_p10,
    forecast.qty_p50, forecast.qty_p80, forecast.qty_p90, forecast.qty_p95, forecast.qty_p99
FROM lake.forecasts AS forecast
JOIN marts.items AS item ON item.item_id = forecast.item_id
JOIN marts.sites AS site ON site.site_id = forecast.site_id
ORDER BY forecast.site_id, forecast.item_id, forecast.period_date;
