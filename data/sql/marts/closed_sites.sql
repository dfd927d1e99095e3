-- steps.closed_sites: one row per season and site that reported no sales of anything in the season,
-- while other sites did: it was closed.
CREATE OR REPLACE TABLE steps.closed_sites AS
WITH spans AS (
    SELECT
        season.season_id, min(season.start_date) AS start_date, max(season.end_date) AS end_date
    FROM marts.seasons AS season
    GROUP BY season.season_id
), reporting AS (
    SELECT DISTINCT spans.season_id, demand.site_id
    FROM spans
    JOIN marts.daily_demand AS demand
        ON demand.demand_date BETWEEN spans.start_date AND spans.end_date
), reported AS (
    SELECT DISTINCT season_id FROM marts.season_weeks WHERE qty_sold IS NOT NULL
), supplied AS (
    SELECT DISTINCT season_id, site_id FROM marts.allocations
)
SELECT supplied.season_id, supplied.site_id
FROM supplied
JOIN reported ON reported.season_id = supplied.season_id
LEFT JOIN reporting
    ON reporting.season_id = supplied.season_id AND reporting.site_id = supplied.site_id
WHERE reporting.site_id IS NULL;
