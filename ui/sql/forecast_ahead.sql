-- Forecast of one item and site: one row per period ahead.
SELECT period_date, period_no, qty_expected, qty_p10, qty_p50, qty_p80, qty_p90, qty_p95, qty_p99
FROM marts.forecasts
WHERE item_id = $item AND site_id = $site
ORDER BY period_date;
