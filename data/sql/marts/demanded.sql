-- steps.demanded: one row per order line of a stocked item: what was wanted on the day of the order.
-- What the customer cancelled before the pick window closed was not demanded.
CREATE OR REPLACE TABLE steps.demanded AS
WITH gathered AS (
    SELECT
        line.order_id, line.line_no, line.line_rank, line.site_id, line.item_id, line.order_date,
        picking.pick_by_date,
        max(line.region) AS region, max(line.item_family) AS item_family,
        max(line.business_unit) AS business_unit, max(line.customer_id) AS customer_id,
        max(line.segment) AS segment,
        sum(line.qty_ordered - CASE
            WHEN line.cancelled_by = 'customer' AND line.cancelled_date <= picking.pick_by_date
            THEN line.qty_cancelled ELSE 0 END) AS qty_demanded
    FROM marts.order_lines AS line
    JOIN marts.sites AS site ON site.site_id = line.site_id
    CROSS JOIN marts.build AS build
    LEFT JOIN marts.working_days AS picking
        ON picking.calendar_id = site.calendar_id
        AND picking.day = least(greatest(line.order_date, build.first_day), build.last_day)
    WHERE line.is_in_scope
    GROUP BY
        line.order_id, line.line_no, line.line_rank, line.site_id, line.item_id, line.order_date,
        picking.pick_by_date
)
SELECT gathered.* FROM gathered WHERE gathered.qty_demanded > 0;
