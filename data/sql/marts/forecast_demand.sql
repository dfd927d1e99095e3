-- marts.forecast_demand: one row per item, site and number of periods: the demand summed over the
-- next so many periods, as the chosen model sees it. Stock decisions read it. Means may be added up
-- over items and sites; variances only of series that do not move together.
--   qty_step: amounts of demand are multiples of it.
CREATE OR REPLACE TABLE marts.forecast_demand AS
SELECT
    demand.item_id, demand.site_id, demand.periods, demand.qty_mean, demand.qty_variance,
    demand.qty_step
FROM lake.forecast_demand AS demand
JOIN marts.items AS item ON item.item_id = demand.item_id
JOIN marts.sites AS site ON site.site_id = demand.site_id
ORDER BY demand.site_id, demand.item_id, demand.periods;
