-- marts.seasons: one row per season and item that was bought or planned by the as-of date.
--   status:        'coming' before its first day, 'ended' from its last day on, 'running' between.
--   unit_margin:   price less cost; NULL where one of them is not known.
--   unit_markdown: money lost on a unit left over; the cost where the client does not say.
CREATE OR REPLACE TABLE marts.seasons AS
SELECT
    season.season_id, season.item_id, item.description, item.item_family, item.business_unit,
    season.start_date, season.end_date,
    CASE
        WHEN season.end_date <= build.as_of_date THEN 'ended'
        WHEN season.start_date <= build.as_of_date THEN 'running'
        ELSE 'coming'
    END AS status,
    season.qty_total, coalesce(season.qty_held_back, 0) AS qty_held_back,
    CASE WHEN season.pack_size > 0 THEN season.pack_size ELSE 1 END AS pack_size,
    item.unit_cost, item.unit_price, item.unit_price - item.unit_cost AS unit_margin,
    coalesce(season.unit_markdown, item.unit_cost) AS unit_markdown
FROM staging.seasons AS season
JOIN marts.items AS item ON item.item_id = season.item_id
CROSS JOIN marts.build AS build
WHERE coalesce(CAST(season.recorded_at AS DATE) <= build.as_of_date, TRUE)
ORDER BY season.start_date, season.season_id, season.item_id;
