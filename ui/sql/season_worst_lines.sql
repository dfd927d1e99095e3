-- Judged lines of seasons, the dearest first.
SELECT
    season_id, item_id, description, site_id, site_name, rule, is_tool,
    CAST(qty_allocated AS DOUBLE) AS qty_allocated, CAST(qty_demand AS DOUBLE) AS qty_demand,
    CAST(qty_hindsight AS DOUBLE) AS qty_hindsight, CAST(qty_on_hand AS DOUBLE) AS qty_on_hand,
    CAST(qty_delivered AS DOUBLE) AS qty_delivered, CAST(qty_expected AS DOUBLE) AS qty_expected,
    CAST(qty_sold AS DOUBLE) AS qty_sold, CAST(qty_misplaced AS DOUBLE) AS qty_misplaced,
    CAST(qty_short AS DOUBLE) AS qty_short, CAST(qty_left_over AS DOUBLE) AS qty_left_over,
    CAST(cost_margin_lost + cost_markdown AS DOUBLE) AS cost_lost,
    CAST(cost_margin_lost AS DOUBLE) AS cost_margin_lost,
    CAST(cost_markdown AS DOUBLE) AS cost_markdown, n_periods, n_periods_out, ran_out_date
FROM marts.season_lines
WHERE is_judged
  AND ($unit IS NULL OR business_unit = $unit)
  AND ($season IS NULL OR season_id = $season)
ORDER BY cost_lost DESC, season_id, item_id, site_id
LIMIT 500;
