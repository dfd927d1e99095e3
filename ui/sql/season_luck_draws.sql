-- Seasons as luck alone would have had them, one row per season, who shared it out, and draw.
SELECT
    luck.season_id, item.is_tool, item.in_contract, luck.draw_no,
    CAST(sum(luck.qty_misplaced) AS DOUBLE) AS qty_misplaced,
    CAST(sum(item.qty_allocated) AS DOUBLE) AS qty_allocated
FROM marts.season_luck AS luck
JOIN marts.season_items AS item
    ON item.season_id = luck.season_id AND item.item_id = luck.item_id
WHERE $unit IS NULL OR item.business_unit = $unit
GROUP BY luck.season_id, item.is_tool, item.in_contract, luck.draw_no
ORDER BY luck.season_id, item.is_tool, luck.draw_no;
