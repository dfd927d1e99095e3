-- metric:  otif_line_rate_first_promise
-- label:   On time in full, first promise
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment
-- Share of order lines whole at the customer by the first promise (a change that the customer
-- asked for starts a new one). A line without a promise is a miss on its requested date, never
-- silently on time; a client that records no promises at all has no data here. Quantity that had
-- arrived: by the delivery date where the site records deliveries, else the shipping date; damaged
-- quantity does not count until replaced. The window is any number of days early, none late. Lines
-- due after the as-of date are pending.
CREATE OR REPLACE VIEW metrics.otif_line_rate_first_promise AS
SELECT
    line.order_line_id,
    line.due_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    CAST(CASE
        WHEN line.due_date <= build.as_of_date
        THEN CAST(line.qty_arrived_by_first >= line.qty_due AS INTEGER) ELSE 0
    END AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(line.due_date <= build.as_of_date AS INTEGER)
        AS DECIMAL(18, 4)) AS denominator,
    CAST(line.due_date <= build.as_of_date AS INTEGER) AS n,
    line.due_date > build.as_of_date AS is_pending
FROM marts.order_lines AS line
CROSS JOIN marts.build AS build
WHERE line.is_in_scope AND line.qty_due > 0 AND build.has_promises;
