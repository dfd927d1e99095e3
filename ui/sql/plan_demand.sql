-- Demand of every part at a site over the next periods: mean and variance.
SELECT demand.item_id, demand.site_id, demand.periods, demand.qty_mean, demand.qty_variance,
    demand.qty_step
FROM marts.forecast_demand AS demand
ORDER BY demand.site_id, demand.item_id, demand.periods;
