-- marts.build_requirements: one row per part of a build, pegged in priority order: which supply
-- covers it, and when.
--   met_date:     when its whole usable quantity was at the build: as recorded, else when the supply
--                 that covers it had come. NULL until then.
--   covered_date: the same for what is still open: the day on which the supply that covers it is
--                 or will be there by the supplier's last word; NULL where nothing is on order.
--   ready_by_date: rules.kit_ready_days working days before the start; a part that is only needed
--                 later than the start, by its need date.
--   is_missing:   neither at the build nor covered by what is in the house.
--   is_judged:    needed by the as-of date, and not before the first snapshot of a plant that keeps
--                 no records of its own.
CREATE OR REPLACE TABLE marts.build_requirements AS
WITH quantities AS (
    SELECT site_id, item_id, qty_until, supply_no, NULL AS priority_no
    FROM steps.part_supply
    UNION ALL
    SELECT site_id, item_id, qty_until, NULL, priority_no
    FROM steps.part_demand
    WHERE qty_drawn > 0
), covered AS (
    SELECT
        site_id, item_id, priority_no,
        min(supply_no) OVER (
            PARTITION BY site_id, item_id
            ORDER BY qty_until, CASE WHEN priority_no IS NULL THEN 1 ELSE 0 END, supply_no
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS supply_no
    FROM quantities
), pegged AS (
    SELECT
        demand.*, supply.source, supply.po_line_id, supply.supplier_id, supply.supply_date,
        coalesce(supply.source IN ('stock', 'receipt'), demand.qty_drawn = 0) AS is_in_house
    FROM steps.part_demand AS demand
    LEFT JOIN covered
        ON covered.site_id = demand.site_id AND covered.item_id = demand.item_id
        AND covered.priority_no = demand.priority_no
    LEFT JOIN steps.part_supply AS supply
        ON supply.site_id = demand.site_id AND supply.item_id = demand.item_id
        AND supply.supply_no = covered.supply_no
)
SELECT
    line.build_id, line.site_id, site.region, line.product, line.item_id, item.item_family,
    item.business_unit, line.planned_start_date, line.requested_ship_date, line.shipped_date,
    line.need_date, coalesce(needed.worked_date, line.need_date) AS need_by_date,
    CASE WHEN line.need_date <= line.planned_start_date
        THEN coalesce(start.kit_due_date, line.need_date)
        ELSE coalesce(needed.worked_date, line.need_date) END AS ready_by_date,
    line.qty_required, line.qty_drawn AS qty_missing,
    CASE WHEN line.has_records THEN line.reached_date
        WHEN line.is_pegged AND line.is_in_house THEN line.supply_date
        ELSE line.shipped_date END AS met_date,
    CASE WHEN line.reached_date IS NULL THEN line.supply_date END AS covered_date,
    CASE WHEN line.reached_date IS NULL THEN line.source END AS source,
    CASE WHEN line.reached_date IS NULL THEN line.po_line_id END AS po_line_id,
    CASE WHEN line.reached_date IS NULL THEN line.supplier_id END AS supplier_id,
    line.shipped_date IS NULL AND line.reached_date IS NULL AND NOT line.is_in_house AS is_missing,
    coalesce(needed.worked_date, line.need_date) <= build.as_of_date
        AND (line.has_records OR line.is_pegged) AS is_judged,
    item.lead_time_days, line.priority_no,
    line._file, line._line
FROM pegged AS line
CROSS JOIN marts.build AS build
JOIN marts.sites AS site ON site.site_id = line.site_id
JOIN marts.items AS item ON item.item_id = line.item_id
LEFT JOIN marts.working_days AS needed
    ON needed.calendar_id = site.calendar_id AND needed.day = line.need_date
LEFT JOIN marts.working_days AS start
    ON start.calendar_id = site.calendar_id AND start.day = line.planned_start_date;
