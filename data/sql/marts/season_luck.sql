-- marts.season_luck: one row per judged season, item and draw: the season as luck alone would have
-- had it, with the same totals split by the demand rates themselves. For a set of items and seasons,
-- add up each draw, divide, and take the quantiles over the draws.
CREATE OR REPLACE TABLE marts.season_luck AS
SELECT
    luck.season_id, luck.item_id, season.item_family, season.business_unit, luck.draw_no,
    luck.qty_misplaced, luck.qty_misallocated, luck.qty_hindsight_sales
FROM lake.season_luck AS luck
JOIN marts.seasons AS season
    ON season.season_id = luck.season_id AND season.item_id = luck.item_id
WHERE season.status = 'ended'
ORDER BY luck.season_id, luck.item_id, luck.draw_no;
