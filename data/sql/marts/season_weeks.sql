-- marts.season_weeks: one row per season, item, site and week that has sales or a forecast.
--   period_date:  Monday of the week; sales of a month are in the week of its first day.
--   in_stock:     false where the shelf was empty for some of the week: sales are not demand then.
--   qty_expected: as forecast when the season was shared out; NULL before a forecasting run.
CREATE OR REPLACE TABLE marts.season_weeks AS
WITH sold AS (
    SELECT
        season.season_id, season.item_id, demand.site_id,
        CAST(date_trunc('week', demand.demand_date) AS DATE) AS period_date,
        sum(demand.qty) AS qty_sold, NOT bool_or(demand.is_censored) AS in_stock
    FROM marts.seasons AS season
    JOIN marts.daily_demand AS demand
        ON demand.ordered_item_id = season.item_id
        AND demand.demand_date BETWEEN season.start_date AND season.end_date
    CROSS JOIN marts.build AS build
    WHERE demand.is_counted AND demand.demand_date <= build.as_of_date
    GROUP BY season.season_id, season.item_id, demand.site_id,
        CAST(date_trunc('week', demand.demand_date) AS DATE)
), expected AS (
    SELECT
        forecast.season_id, forecast.item_id, forecast.site_id,
        CAST(date_trunc('week', forecast.period_date) AS DATE) AS period_date,
        sum(forecast.qty_expected) AS qty_expected
    FROM lake.season_forecasts AS forecast
    GROUP BY forecast.season_id, forecast.item_id, forecast.site_id,
        CAST(date_trunc('week', forecast.period_date) AS DATE)
), keys AS (
    SELECT season_id, item_id, site_id, period_date FROM sold
    UNION
    SELECT season_id, item_id, site_id, period_date FROM expected
)
SELECT
    keys.season_id, keys.item_id, keys.site_id, site.region, site.in_contract,
    season.item_family, season.business_unit, season.status, keys.period_date,
    sold.qty_sold, sold.in_stock, expected.qty_expected
FROM keys
JOIN marts.seasons AS season
    ON season.season_id = keys.season_id AND season.item_id = keys.item_id
JOIN marts.sites AS site ON site.site_id = keys.site_id
LEFT JOIN sold
    ON sold.season_id = keys.season_id AND sold.item_id = keys.item_id
    AND sold.site_id = keys.site_id AND sold.period_date = keys.period_date
LEFT JOIN expected
    ON expected.season_id = keys.season_id AND expected.item_id = keys.item_id
    AND expected.site_id = keys.site_id AND expected.period_date = keys.period_date
ORDER BY keys.season_id, keys.item_id, keys.site_id, keys.period_date;
