-- metric:  availability_rate
-- label:   Availability
-- unit:    ratio
-- better:  higher
-- version: 2
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer, month x item
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment, basis
-- Share of demand lines that the facing site could fill whole from the shelf on the day of the
-- order. Basis 'stock': free stock (on hand less reserved) of that day's snapshot, after the lines
-- of the same day that come before it in the order of order and line; basis 'shipped', where there
-- is no snapshot: shipped whole from the site within one working day, pending until that day is
-- over. Stocked items on stock orders.
CREATE OR REPLACE VIEW metrics.availability_rate AS
SELECT
    line.order_line_id,
    line.order_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    line.basis AS basis,
    CAST(CAST(NOT line.is_pending AND line.is_on_shelf AS INTEGER) AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(NOT line.is_pending AS INTEGER) AS DECIMAL(18, 4)) AS denominator,
    CAST(NOT line.is_pending AS INTEGER) AS n,
    line.is_pending
FROM marts.demand_lines AS line;
