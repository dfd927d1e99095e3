-- Expected and real demand of the lines of other seasons that have been judged.
SELECT season_id, item_id, site_id,
    CAST(qty_demand AS DOUBLE) AS qty_demand, CAST(qty_expected AS DOUBLE) AS qty_expected
FROM marts.season_lines
WHERE is_judged AND season_id <> $season AND qty_expected > 0
  AND ($unit IS NULL OR business_unit = $unit)
ORDER BY season_id, item_id, site_id;
