-- metric:  otif_line_rate
-- label:   On time in full, due date
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment
-- Share of order lines whole at the customer by the due date: the first promise, else the
-- requested date. Quantity that had arrived: by the delivery date where the site records
-- deliveries, else the shipping date; damaged quantity does not count until replaced. The window
-- is any number of days early, none late. Lines due after the as-of date are pending.
CREATE OR REPLACE VIEW metrics.otif_line_rate AS
SELECT
    line.order_line_id,
    line.due_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    CAST(CAST(line.is_judged AND line.qty_arrived_by_due >= line.qty_due AS INTEGER)
        AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(line.is_judged AS INTEGER) AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_judged AS INTEGER) AS n,
    line.is_pending
FROM marts.order_lines AS line
WHERE line.is_in_scope AND NOT line.is_cancelled;
