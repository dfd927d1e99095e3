-- What misallocation cost in each judged season, by who shared it out: sums over items.
SELECT
    season_id, start_date, is_tool, in_contract, count(*) AS n_items,
    CAST(sum(qty_misallocated) AS DOUBLE) AS qty_misallocated,
    CAST(sum(qty_misallocated_luck) AS DOUBLE) AS qty_misallocated_luck,
    CAST(sum(qty_hindsight_sales) AS DOUBLE) AS qty_hindsight_sales,
    CAST(sum(cost_misallocated) AS DOUBLE) AS cost_misallocated,
    CAST(sum(qty_shadow_misallocated) AS DOUBLE) AS qty_shadow_misallocated,
    CAST(sum(cost_shadow_misallocated) AS DOUBLE) AS cost_shadow_misallocated,
    CAST(sum(cost_saved) AS DOUBLE) AS cost_saved
FROM marts.season_items
WHERE $unit IS NULL OR business_unit = $unit
GROUP BY season_id, start_date, is_tool, in_contract
ORDER BY start_date, season_id, is_tool;
