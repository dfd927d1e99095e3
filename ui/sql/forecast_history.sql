-- Demand of one item and site by week or month up to the forecast, zeros written out, with the days
-- out of stock and the events of the site's calendar in each.
WITH span AS (
    SELECT
        min(demand.demand_date) AS first_date,
        (SELECT min(period_date) FROM marts.forecasts) AS end_date
    FROM marts.daily_demand AS demand
    WHERE demand.item_id = $item AND demand.site_id = $site AND demand.is_counted
), days AS (
    SELECT
        working.day, CAST(date_trunc($unit, working.day) AS DATE) AS period_date, working.event
    FROM marts.working_days AS working
    JOIN marts.sites AS site ON site.calendar_id = working.calendar_id AND site.site_id = $site
    JOIN span ON working.day >= date_trunc($unit, span.first_date) AND working.day < span.end_date
), wanted AS (
    SELECT demand_date, sum(qty) AS qty
    FROM marts.daily_demand
    WHERE item_id = $item AND site_id = $site AND is_counted
    GROUP BY demand_date
)
SELECT
    days.period_date, CAST(coalesce(sum(wanted.qty), 0) AS DOUBLE) AS qty,
    count(*) FILTER (WHERE stock.qty_on_hand <= 0) AS n_days_out,
    string_agg(DISTINCT days.event, ', ') AS events
FROM days
LEFT JOIN wanted ON wanted.demand_date = days.day
LEFT JOIN marts.stock AS stock
    ON stock.site_id = $site AND stock.item_id = $item AND stock.snapshot_date = days.day
GROUP BY days.period_date
ORDER BY days.period_date;
