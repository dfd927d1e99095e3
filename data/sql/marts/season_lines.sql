-- marts.season_lines: one row per season, item and site: what was planned, allocated, delivered and
-- sold, and, once the season has ended and a forecasting run has judged it (is_judged), how wrong it
-- was. Sites that were closed are not judged: no forecast mends that (see marts.execution_errors).
--   qty_demand:     estimated; sales of an empty shelf are not demand.
--   qty_hindsight:  what the line should have got of the item's same total.
--   qty_misplaced:  half the distance to that; qty_luck is what it would have been, on average, had
--                   the demand rates been known.
--   qty_short, qty_left_over: demand beyond what was on hand and allocated, and the reverse.
--   qty_shadow:     what the tool would have sent of the same total, where it did not decide.
CREATE OR REPLACE TABLE marts.season_lines AS
WITH staged AS (
    SELECT
        stage.*, season.description, season.item_family, season.business_unit, season.start_date,
        season.end_date, season.status, season.pack_size, season.unit_cost,
        season.unit_margin, season.unit_markdown, site.site_name, site.region, site.in_contract,
        stage.has_outcome AND season.status = 'ended' AND NOT stage.is_closed AS is_judged
    FROM steps.season_stages AS stage
    JOIN marts.seasons AS season
        ON season.season_id = stage.season_id AND season.item_id = stage.item_id
    JOIN marts.sites AS site ON site.site_id = stage.site_id
), judged AS (
    SELECT
        staged.*,
        CASE WHEN is_judged THEN abs(qty_allocated - qty_hindsight) / 2 END AS qty_misplaced,
        CASE WHEN is_judged
            THEN greatest(qty_demand - qty_on_hand - qty_allocated, 0) END AS qty_short,
        CASE WHEN is_judged
            THEN greatest(qty_on_hand + qty_allocated - qty_demand, 0) END AS qty_left_over,
        CASE WHEN is_judged
            THEN abs(qty_allocated - qty_hindsight) > pack_size END AS is_line_wrong,
        CASE WHEN is_judged THEN abs(qty_shadow - qty_hindsight) / 2 END AS qty_shadow_misplaced,
        CASE WHEN is_judged AND qty_shadow IS NOT NULL
            THEN greatest(qty_demand - qty_on_hand - qty_shadow, 0) END AS qty_shadow_short,
        CASE WHEN is_judged AND qty_shadow IS NOT NULL
            THEN greatest(qty_on_hand + qty_shadow - qty_demand, 0) END AS qty_shadow_left_over
    FROM staged
)
SELECT
    season_id, item_id, description, site_id, site_name, region, item_family, business_unit,
    in_contract, start_date, end_date, status, allocated_at, rule, is_tool, pack_size,
    unit_cost, unit_margin, unit_markdown, qty_expected, qty_expected_p10, qty_expected_p90, share,
    qty_planned, qty_on_hand, qty_allocated, qty_delivered, qty_sold, n_periods, n_periods_out,
    ran_out_date, is_closed, is_judged,
    CASE WHEN is_judged THEN qty_demand END AS qty_demand,
    CASE WHEN is_judged THEN qty_hindsight END AS qty_hindsight,
    qty_misplaced, CASE WHEN is_judged THEN qty_luck END AS qty_luck, qty_short, qty_left_over,
    is_line_wrong, qty_short * unit_margin AS cost_margin_lost,
    qty_left_over * unit_markdown AS cost_markdown,
    qty_shadow, qty_shadow_misplaced, qty_shadow_short, qty_shadow_left_over
FROM judged
ORDER BY start_date, season_id, item_id, site_id;
