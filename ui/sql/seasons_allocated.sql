-- Seasons that were shared out, with what was kept back, by business unit.
SELECT season.season_id, season.business_unit, season.status, season.item_id,
    season.start_date, season.end_date, CAST(season.qty_held_back AS DOUBLE) AS qty_held_back
FROM marts.seasons AS season
WHERE season.status <> 'coming'
  AND EXISTS (
    SELECT 1 FROM marts.allocations AS line
    WHERE line.season_id = season.season_id AND line.item_id = season.item_id
  )
ORDER BY season.start_date DESC, season.season_id, season.item_id;
