-- metric:  otif_line_rate_last_promise
-- label:   On time in full, last promise
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment
-- Share of order lines whole at the customer by the last promise, frozen five working days before
-- it falls due. The gap to the first promise is re-promising. A line without a promise is a miss
-- on its requested date, never silently on time; a client that records no promises at all has no
-- data here. Quantity that had arrived: by the delivery date where the site records deliveries,
-- else the shipping date; damaged quantity does not count until replaced. The window is any number
-- of days early, none late. Lines due after the as-of date are pending.
CREATE OR REPLACE VIEW metrics.otif_line_rate_last_promise AS
SELECT
    line.order_line_id,
    line.last_due_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    CAST(CASE
        WHEN line.last_due_date <= build.as_of_date
        THEN CAST(line.qty_arrived_by_last >= line.qty_due_last AS INTEGER) ELSE 0
    END AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(line.last_due_date <= build.as_of_date AS INTEGER)
        AS DECIMAL(18, 4)) AS denominator,
    CAST(line.last_due_date <= build.as_of_date AS INTEGER) AS n,
    line.last_due_date > build.as_of_date AS is_pending
FROM marts.order_lines AS line
CROSS JOIN marts.build AS build
WHERE line.is_in_scope AND line.qty_due_last > 0 AND build.has_promises;
