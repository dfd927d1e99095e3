-- marts.daily_demand: one row per item, site, day and kind of demand: what was wanted for that day,
-- whatever was shipped, less what the customer cancelled by then.
--   item_id:     who has the demand now; ordered_item_id is what was asked for, where an item was
--                superseded since.
--   source:      'orders', by requested date; 'feed' is the demand feed.
--   demand_kind: 'regular'; 'return' (below zero), 'special_order', 'drop_ship' and 'transfer' are
--                kept apart; 'overlap' are rows of the feed for an item and site with order lines.
--   in_stock:    of the feed, else whether that day's snapshot had stock; NULL is not known.
--   is_censored: sales of a day out of stock: demand is not known. Orders are never censored.
-- Orders known for days after the as-of date are in it.
CREATE OR REPLACE TABLE marts.daily_demand AS
WITH ordered AS (
    SELECT
        requested_date AS demand_date, item_id, site_id,
        CASE WHEN order_type = 'stock' THEN 'regular' ELSE order_type END AS demand_kind,
        sum(CASE WHEN qty_ordered < 0 THEN qty_ordered ELSE qty_due_requested END) AS qty,
        count(*) AS n_lines
    FROM marts.order_lines
    GROUP BY requested_date, item_id, site_id, order_type
), covered AS (
    SELECT DISTINCT item_id, site_id FROM ordered WHERE demand_kind = 'regular'
), reported AS (
    SELECT
        demand.demand_date, demand.item_id, demand.site_id,
        CASE
            WHEN demand.qty < 0 THEN 'return'
            WHEN covered.item_id IS NOT NULL THEN 'overlap'
            ELSE 'regular'
        END AS demand_kind,
        demand.qty, 1 AS n_lines, demand.in_stock, demand.is_promoted
    FROM staging.demand AS demand
    CROSS JOIN marts.build AS build
    LEFT JOIN covered ON covered.item_id = demand.item_id AND covered.site_id = demand.site_id
    WHERE demand.demand_date <= build.as_of_date
), together AS (
    SELECT
        'orders' AS source, demand_date, item_id, site_id, demand_kind, qty, n_lines,
        CAST(NULL AS BOOLEAN) AS in_stock, CAST(NULL AS BOOLEAN) AS is_promoted
    FROM ordered
    UNION ALL
    SELECT
        'feed', demand_date, item_id, site_id, demand_kind, qty, n_lines, in_stock, is_promoted
    FROM reported
)
SELECT
    demand.demand_date, heir.heir_item_id AS item_id, demand.item_id AS ordered_item_id,
    demand.site_id, site.region, item.item_family, item.business_unit, demand.source,
    demand.demand_kind, demand.demand_kind = 'regular' AS is_counted,
    CAST(demand.qty AS DECIMAL(18, 4)) AS qty, demand.n_lines,
    coalesce(demand.in_stock, stock.qty_on_hand > 0) AS in_stock,
    demand.source = 'feed' AND coalesce(NOT demand.in_stock, FALSE) AS is_censored,
    coalesce(demand.is_promoted, FALSE) AS is_promoted
FROM together AS demand
JOIN marts.item_heirs AS heir ON heir.item_id = demand.item_id
JOIN marts.items AS item ON item.item_id = heir.heir_item_id
JOIN marts.sites AS site ON site.site_id = demand.site_id
LEFT JOIN marts.stock AS stock
    ON stock.item_id = demand.item_id AND stock.site_id = demand.site_id
    AND stock.snapshot_date = demand.demand_date
ORDER BY demand.site_id, heir.heir_item_id, demand.demand_date, demand.item_id, demand.demand_kind;
