-- marts.forecast_errors: one row per item, site, model and past period: what the model forecast for
-- it and what came. The forecast is the newest that was at least one lead time old by then, made
-- from what was known at its cutoff only. Model 'chosen' is the one the choice would have made then.
CREATE OR REPLACE TABLE marts.forecast_errors AS
SELECT
    past.item_id, past.site_id, site.region, item.item_family, item.business_unit, item.unit_cost,
    past.demand_class, past.model, past.cutoff_date, past.period_date, past.period_no,
    past.qty_actual, past.qty_forecast, past.qty_forecast - past.qty_actual AS qty_error
FROM lake.forecast_errors AS past
JOIN marts.items AS item ON item.item_id = past.item_id
JOIN marts.sites AS site ON site.site_id = past.site_id
ORDER BY past.site_id, past.item_id, past.model, past.period_date;
