-- metric:  tracking_signal
-- label:   Tracking signal
-- unit:    signal from -1 to 1
-- better:  lower
-- version: 1
-- kind:    ratio
-- grains:  week+month x site, month x item
-- by:      site_id, region, item_id, item_family, business_unit, demand_class
-- Sum of the forecast errors over the sum of their sizes, on the periods of wape: 0 is errors to both
-- sides, 1 always too much, -1 always too little. Over 0.5 in size, and beyond what chance reaches
-- (2.5 over the root of the number of errors; 8 at least), a forecast is out of control.
CREATE OR REPLACE VIEW metrics.tracking_signal AS
SELECT
    past.period_date AS metric_date,
    past.site_id, past.region, past.item_id, past.item_family, past.business_unit,
    past.demand_class,
    CAST(past.qty_error AS DECIMAL(18, 4)) AS numerator,
    CAST(abs(past.qty_error) AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.forecast_errors AS past
WHERE past.model = 'chosen';
