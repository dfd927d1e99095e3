-- marts.allocations: one row per season, item and site whose allocation was decided by the as-of
-- date. A season that is not described has no dates and is left out (see marts.asides).
--   is_tool:       shared out by the product's own plan.
--   qty_delivered: what the site got; as allocated where the client does not say; NULL before that day.
CREATE OR REPLACE TABLE marts.allocations AS
SELECT
    allocation.season_id, allocation.item_id, allocation.site_id, site.region,
    site.in_contract, season.item_family, season.business_unit, season.start_date,
    season.end_date, season.status, allocation.allocated_at,
    coalesce(allocation.rule, 'not stated') AS rule,
    coalesce(allocation.rule = 'tool', FALSE) AS is_tool,
    coalesce(allocation.qty_on_hand, 0) AS qty_on_hand, allocation.qty_allocated,
    CASE WHEN coalesce(allocation.delivered_date, season.start_date) <= build.as_of_date
        THEN coalesce(allocation.qty_delivered, allocation.qty_allocated) END AS qty_delivered,
    season.pack_size
FROM staging.allocations AS allocation
JOIN marts.seasons AS season
    ON season.season_id = allocation.season_id AND season.item_id = allocation.item_id
JOIN marts.sites AS site ON site.site_id = allocation.site_id
CROSS JOIN marts.build AS build
WHERE CAST(allocation.allocated_at AS DATE) <= build.as_of_date
ORDER BY season.start_date, allocation.season_id, allocation.item_id, allocation.site_id;
