-- marts.forecast_choices: one row per item and site that is forecast: class of demand, model, why,
-- and the demand over its lead time (lead_periods periods from the next one on).
--   is_lead_time_stated: FALSE where the item states none and the middle one of all items stands in.
CREATE OR REPLACE TABLE marts.forecast_choices AS
SELECT
    choice.item_id, choice.site_id, item.description, site.region, item.item_family,
    item.business_unit, item.unit_cost,
    choice.demand_class, choice.class_reason, choice.model, choice.model_reason, choice.note,
    choice.n_periods, choice.lead_time_days, choice.is_lead_time_stated, choice.lead_periods,
    choice.lead_qty_expected, choice.lead_qty_p50, choice.lead_qty_p80, choice.lead_qty_p90,
    choice.lead_qty_p95, choice.lead_qty_p99
FROM lake.forecast_choices AS choice
JOIN marts.items AS item ON item.item_id = choice.item_id
JOIN marts.sites AS site ON site.site_id = choice.site_id
ORDER BY choice.site_id, choice.item_id;
