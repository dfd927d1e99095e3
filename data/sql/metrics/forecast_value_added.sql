-- metric:  forecast_value_added
-- label:   Forecast value added
-- unit:    share of demand
-- better:  higher
-- version: 1
-- kind:    ratio
-- grains:  week+month x site, month x item
-- by:      site_id, region, item_id, item_family, business_unit, demand_class
-- What the chosen model saved against the naive forecast (the same period a year ago): absolute
-- error of the naive less that of the model, over demand; same cutoffs, periods and items as wape.
-- Below 0 the naive forecast would have been better.
CREATE OR REPLACE VIEW metrics.forecast_value_added AS
SELECT
    past.period_date AS metric_date,
    past.site_id, past.region, past.item_id, past.item_family, past.business_unit,
    past.demand_class,
    CAST(abs(naive.qty_error) - abs(past.qty_error) AS DECIMAL(18, 4)) AS numerator,
    CAST(past.qty_actual AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.forecast_errors AS past
JOIN marts.forecast_errors AS naive
    ON naive.item_id = past.item_id AND naive.site_id = past.site_id
    AND naive.period_date = past.period_date AND naive.model = 'seasonal_naive'
WHERE past.model = 'chosen';
