-- How wrong seasons were, by season, by who shared them out, and by one more thing: sums only.
-- $by: 'none', 'family', 'item', 'store' or 'region'.
SELECT
    line.season_id, line.start_date, line.is_tool, line.in_contract,
    CASE $by
        WHEN 'family' THEN line.item_family WHEN 'item' THEN line.item_id
        WHEN 'store' THEN line.site_id WHEN 'region' THEN line.region ELSE ''
    END AS part,
    count(*) AS n_lines, count_if(line.is_line_wrong) AS n_wrong,
    CAST(sum(line.qty_allocated) AS DOUBLE) AS qty_allocated,
    CAST(sum(line.qty_demand) AS DOUBLE) AS qty_demand,
    CAST(sum(line.qty_misplaced) AS DOUBLE) AS qty_misplaced,
    CAST(sum(line.qty_luck) AS DOUBLE) AS qty_luck,
    CAST(sum(line.cost_margin_lost) AS DOUBLE) AS cost_margin_lost,
    CAST(sum(line.cost_markdown) AS DOUBLE) AS cost_markdown,
    CAST(sum(line.qty_shadow) AS DOUBLE) AS qty_shadow,
    CAST(sum(line.qty_shadow_misplaced) AS DOUBLE) AS qty_shadow_misplaced
FROM marts.season_lines AS line
WHERE line.is_judged
  AND ($unit IS NULL OR line.business_unit = $unit)
GROUP BY
    line.season_id, line.start_date, line.is_tool, line.in_contract,
    CASE $by
        WHEN 'family' THEN line.item_family WHEN 'item' THEN line.item_id
        WHEN 'store' THEN line.site_id WHEN 'region' THEN line.region ELSE ''
    END
ORDER BY line.start_date, line.season_id, line.is_tool, part;
