-- Back-test of every model on one class of demand, with what its errors one lead time ahead were
-- worth at unit cost, and the error on one item and site.
WITH dear AS (
    SELECT
        model, sum(abs(qty_error) * unit_cost) / count(DISTINCT period_date) AS cost_error,
        sum(abs(qty_error)) FILTER (WHERE item_id = $item AND site_id = $site)
            / nullif(sum(qty_actual) FILTER (WHERE item_id = $item AND site_id = $site), 0)
            AS own_wape
    FROM marts.forecast_errors
    WHERE demand_class = $demand_class
    GROUP BY model
)
SELECT
    tested.model, tested.n, tested.spl, tested.spl_low, tested.spl_high, tested.wape, tested.bias,
    tested.cover_p95_rate, tested.value_added, tested.is_tie, dear.own_wape,
    tested.cost_over_p95, tested.cost_short_p95,
    CAST(dear.cost_error AS DOUBLE) AS cost_error
FROM marts.forecast_accuracy AS tested
LEFT JOIN dear ON dear.model = tested.model
WHERE tested.demand_class = $demand_class
ORDER BY tested.spl, tested.model;
