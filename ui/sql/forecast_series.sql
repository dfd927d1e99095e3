-- Items at sites with a forecast, with how far it was off one lead time ahead, the dearest error
-- first: at most 2,000. cost_error is the size of the errors at unit cost, per period.
WITH off AS (
    SELECT
        past.item_id, past.site_id, count(*) AS n_errors, sum(past.qty_actual) AS qty_actual,
        sum(past.qty_error) AS qty_error, sum(abs(past.qty_error)) AS qty_off
    FROM marts.forecast_errors AS past
    WHERE past.model = 'chosen'
    GROUP BY past.item_id, past.site_id
)
SELECT
    choice.item_id, choice.site_id, choice.description, choice.item_family, choice.demand_class,
    choice.class_reason, choice.model, choice.model_reason, choice.note, choice.lead_time_days,
    choice.is_lead_time_stated, choice.lead_periods, choice.lead_qty_expected,
    choice.lead_qty_p50, choice.lead_qty_p90, choice.lead_qty_p95,
    coalesce(off.n_errors, 0) AS n_errors,
    off.qty_error / nullif(off.qty_actual, 0) AS bias,
    off.qty_off / nullif(off.qty_actual, 0) AS wape,
    off.qty_error / nullif(off.qty_off, 0) AS tracking_signal,
    CAST(off.qty_off * choice.unit_cost / off.n_errors AS DOUBLE) AS cost_error
FROM marts.forecast_choices AS choice
LEFT JOIN off ON off.item_id = choice.item_id AND off.site_id = choice.site_id
WHERE ($site_id IS NULL OR list_contains(CAST($site_id AS VARCHAR[]), choice.site_id))
  AND ($region IS NULL OR list_contains(CAST($region AS VARCHAR[]), choice.region))
  AND ($item_family IS NULL OR list_contains(CAST($item_family AS VARCHAR[]), choice.item_family))
  AND ($item_id IS NULL OR list_contains(CAST($item_id AS VARCHAR[]), choice.item_id))
ORDER BY cost_error DESC NULLS LAST, choice.item_id, choice.site_id
LIMIT 2000;
