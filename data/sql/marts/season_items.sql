-- marts.season_items: one row per season and item that has been judged.
--   qty_misallocated: the smaller of the total short and the total left over (of what could have been
--                     placed elsewhere): units that would have sold at another site. Each costs a
--                     margin and a markdown.
--   qty_hindsight_sales: what the hindsight share would have sold.
--   *_luck:           the same on average had the demand rates been known.
--   *_shadow_*, cost_saved: the tool in place of the rule that decided; NULL where it was the tool.
CREATE OR REPLACE TABLE marts.season_items AS
WITH totals AS (
    SELECT
        line.season_id, line.item_id, bool_and(line.is_tool) AS is_tool,
        bool_and(line.in_contract) AS in_contract,
        count(*) AS n_lines, sum(line.qty_allocated) AS qty_allocated,
        sum(line.qty_demand) AS qty_demand, sum(line.qty_misplaced) AS qty_misplaced,
        sum(line.qty_luck) AS qty_luck, sum(line.qty_short) AS qty_short,
        sum(line.qty_left_over) AS qty_left_over,
        sum(greatest(line.qty_on_hand - line.qty_demand, 0)) AS qty_stuck,
        sum(least(line.qty_on_hand + line.qty_allocated, line.qty_demand)) AS qty_sold_of_it,
        sum(line.cost_margin_lost) AS cost_margin_lost, sum(line.cost_markdown) AS cost_markdown,
        sum(line.qty_shadow) AS qty_shadow,
        sum(line.qty_shadow_misplaced) AS qty_shadow_misplaced,
        sum(line.qty_shadow_short) AS qty_shadow_short,
        sum(line.qty_shadow_left_over) AS qty_shadow_left_over
    FROM marts.season_lines AS line
    WHERE line.is_judged
    GROUP BY line.season_id, line.item_id
), luck AS (
    SELECT season_id, item_id, avg(qty_misallocated) AS qty_misallocated_luck
    FROM marts.season_luck
    GROUP BY season_id, item_id
), counted AS (
    SELECT
        totals.*, season.description, season.item_family, season.business_unit, season.start_date, season.end_date,
        season.unit_margin + season.unit_markdown AS unit_cost_misallocated,
        least(totals.qty_short, greatest(totals.qty_left_over - totals.qty_stuck, 0))
            AS qty_misallocated,
        -- least() and greatest() leave NULLs out: without a shadow there would be 0 of it.
        CASE WHEN totals.qty_shadow IS NOT NULL THEN least(
            totals.qty_shadow_short, greatest(totals.qty_shadow_left_over - totals.qty_stuck, 0)
        ) END AS qty_shadow_misallocated,
        luck.qty_misallocated_luck
    FROM totals
    JOIN marts.seasons AS season
        ON season.season_id = totals.season_id AND season.item_id = totals.item_id
    LEFT JOIN luck ON luck.season_id = totals.season_id AND luck.item_id = totals.item_id
)
SELECT
    season_id, item_id, description, item_family, business_unit, in_contract, is_tool,
    start_date, end_date, n_lines, qty_allocated, qty_demand, qty_misplaced, qty_luck,
    qty_short, qty_left_over, qty_misallocated, qty_misallocated_luck,
    qty_sold_of_it + qty_misallocated AS qty_hindsight_sales,
    qty_misallocated * unit_cost_misallocated AS cost_misallocated,
    cost_margin_lost, cost_markdown, qty_shadow, qty_shadow_misplaced, qty_shadow_misallocated,
    qty_shadow_misallocated * unit_cost_misallocated AS cost_shadow_misallocated,
    (qty_misallocated - qty_shadow_misallocated) * unit_cost_misallocated AS cost_saved
FROM counted
ORDER BY start_date, season_id, item_id;
