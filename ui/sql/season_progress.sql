-- A season by item and week: what sold, what was expected before it began.
SELECT week.item_id, week.period_date,
    coalesce(CAST(sum(week.qty_sold) AS DOUBLE), 0) AS qty_sold,
    coalesce(CAST(sum(week.qty_expected) AS DOUBLE), 0) AS qty_expected
FROM marts.season_weeks AS week
JOIN marts.season_lines AS line
    ON line.season_id = week.season_id AND line.item_id = week.item_id
    AND line.site_id = week.site_id
WHERE week.season_id = $season
  AND ($unit IS NULL OR week.business_unit = $unit)
  AND line.qty_allocated IS NOT NULL
GROUP BY week.item_id, week.period_date
ORDER BY week.item_id, week.period_date;
