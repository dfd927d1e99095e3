-- metric:  bias
-- label:   Forecast bias
-- unit:    share of demand
-- better:  lower
-- version: 1
-- kind:    ratio
-- grains:  week+month x site, month x item
-- by:      site_id, region, item_id, item_family, business_unit, demand_class
-- Sum of forecast less demand over the sum of demand, one lead time ahead, on the periods of wape:
-- above 0 too much was forecast, below 0 too little. Lower in size is better.
CREATE OR REPLACE VIEW metrics.bias AS
SELECT
    past.period_date AS metric_date,
    past.site_id, past.region, past.item_id, past.item_family, past.business_unit,
    past.demand_class,
    CAST(past.qty_error AS DECIMAL(18, 4)) AS numerator,
    CAST(past.qty_actual AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.forecast_errors AS past
WHERE past.model = 'chosen';
