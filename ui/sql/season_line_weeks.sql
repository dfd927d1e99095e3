-- One item at one store in one season, week by week.
SELECT period_date, CAST(qty_sold AS DOUBLE) AS qty_sold, in_stock,
    CAST(qty_expected AS DOUBLE) AS qty_expected
FROM marts.season_weeks
WHERE season_id = $season AND item_id = $item AND site_id = $site
ORDER BY period_date;
