-- Every item at every store of a season as it stood after a week: stock, sales, forecast.
-- Weeks out of stock are in neither side of what is compared: their sales were cut short.
SELECT
    line.item_id, line.description, line.site_id, line.site_name, line.is_closed,
    CAST(line.pack_size AS DOUBLE) AS pack_size,
    CAST(line.unit_margin AS DOUBLE) AS unit_margin,
    CAST(line.unit_markdown AS DOUBLE) AS unit_markdown,
    CAST(coalesce(line.qty_on_hand, 0) + coalesce(line.qty_delivered, line.qty_allocated, 0)
        AS DOUBLE) AS qty_start,
    coalesce(CAST(sum(week.qty_sold) FILTER (WHERE week.period_date <= $week) AS DOUBLE), 0)
        AS qty_sold,
    coalesce(CAST(sum(week.qty_sold) FILTER (
        WHERE week.period_date <= $week AND week.in_stock) AS DOUBLE), 0) AS qty_sold_in_stock,
    coalesce(CAST(sum(week.qty_expected) FILTER (
        WHERE week.period_date <= $week AND week.in_stock) AS DOUBLE), 0) AS qty_expected_in_stock,
    coalesce(CAST(sum(week.qty_expected) FILTER (WHERE week.period_date > $week) AS DOUBLE), 0)
        AS qty_to_come
FROM marts.season_lines AS line
LEFT JOIN marts.season_weeks AS week
    ON week.season_id = line.season_id AND week.item_id = line.item_id
    AND week.site_id = line.site_id
WHERE line.season_id = $season
  AND ($unit IS NULL OR line.business_unit = $unit)
  AND line.qty_allocated IS NOT NULL
GROUP BY
    line.item_id, line.description, line.site_id, line.site_name, line.is_closed, line.pack_size,
    line.unit_margin, line.unit_markdown, line.qty_on_hand, line.qty_delivered, line.qty_allocated
ORDER BY line.item_id, line.site_id;
