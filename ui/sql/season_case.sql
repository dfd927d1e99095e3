-- Items of a business unit in judged seasons that the tool did not share out: as it was, and in
-- shadow.
SELECT
    season_id, start_date, end_date, item_id, description, item_family, n_lines,
    CAST(qty_allocated AS DOUBLE) AS qty_allocated, CAST(qty_demand AS DOUBLE) AS qty_demand,
    CAST(qty_misplaced AS DOUBLE) AS qty_misplaced, CAST(qty_luck AS DOUBLE) AS qty_luck,
    CAST(qty_shadow AS DOUBLE) AS qty_shadow,
    CAST(qty_shadow_misplaced AS DOUBLE) AS qty_shadow_misplaced,
    CAST(qty_misallocated AS DOUBLE) AS qty_misallocated,
    CAST(qty_shadow_misallocated AS DOUBLE) AS qty_shadow_misallocated,
    CAST(cost_misallocated AS DOUBLE) AS cost_misallocated,
    CAST(cost_shadow_misallocated AS DOUBLE) AS cost_shadow_misallocated,
    CAST(cost_saved AS DOUBLE) AS cost_saved
FROM marts.season_items
WHERE business_unit = $unit AND cost_saved IS NOT NULL
ORDER BY start_date, season_id, item_id;
