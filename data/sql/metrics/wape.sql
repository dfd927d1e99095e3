-- metric:  wape
-- label:   Forecast error (WAPE)
-- unit:    share of demand
-- better:  lower
-- version: 1
-- kind:    ratio
-- grains:  week+month x site, month x item
-- by:      site_id, region, item_id, item_family, business_unit, demand_class
-- Sum of the absolute forecast errors over the sum of demand, one lead time ahead: the newest back-test
-- forecast that was at least the item's lead time old (at most the horizon), against what came.
-- Model: the one that would have been chosen then. Periods of which demand is not known (sales out
-- of stock) are left out. Dated by the first day of the period.
CREATE OR REPLACE VIEW metrics.wape AS
SELECT
    past.period_date AS metric_date,
    past.site_id, past.region, past.item_id, past.item_family, past.business_unit,
    past.demand_class,
    CAST(abs(past.qty_error) AS DECIMAL(18, 4)) AS numerator,
    CAST(past.qty_actual AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.forecast_errors AS past
WHERE past.model = 'chosen';
