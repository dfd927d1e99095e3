-- Seasons and their items as the feed has them.
SELECT season_id, item_id, start_date, end_date, status, business_unit,
    CAST(qty_total AS DOUBLE) AS qty_total, CAST(qty_held_back AS DOUBLE) AS qty_held_back,
    CAST(pack_size AS DOUBLE) AS pack_size
FROM marts.seasons
ORDER BY start_date DESC, season_id, item_id;
