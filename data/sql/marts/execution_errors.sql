-- marts.execution_errors: one row per season, item, site and kind of error made after the allocation
-- was decided; a line may have several. No forecast can mend them.
--   not_as_allocated: the site got more or less than allocated; the difference counts.
--   closed_site:      it was sent to a site that reported no sales of anything in the season.
--   wrong_multiple:   it got a broken pack; the part of a pack counts.
CREATE OR REPLACE TABLE marts.execution_errors AS
WITH kinds AS (
    SELECT
        allocation.*, 'not_as_allocated' AS kind,
        abs(allocation.qty_delivered - allocation.qty_allocated) AS qty_wrong
    FROM marts.allocations AS allocation
    UNION ALL
    SELECT
        allocation.*, 'closed_site', allocation.qty_delivered
    FROM marts.allocations AS allocation
    JOIN steps.closed_sites AS closed
        ON closed.season_id = allocation.season_id AND closed.site_id = allocation.site_id
    UNION ALL
    SELECT
        allocation.*, 'wrong_multiple',
        allocation.qty_delivered
            - floor(allocation.qty_delivered / allocation.pack_size) * allocation.pack_size
    FROM marts.allocations AS allocation
)
SELECT
    kinds.season_id, kinds.item_id, kinds.site_id, kinds.kind, kinds.region, kinds.in_contract,
    kinds.item_family, kinds.business_unit, kinds.start_date, kinds.end_date, kinds.rule,
    kinds.is_tool, kinds.qty_allocated, kinds.qty_delivered,
    CAST(kinds.qty_wrong AS DECIMAL(18, 4)) AS qty_wrong
FROM kinds
WHERE kinds.qty_wrong > 0
ORDER BY kinds.start_date, kinds.season_id, kinds.item_id, kinds.site_id, kinds.kind;
