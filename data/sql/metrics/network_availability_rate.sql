-- metric:  network_availability_rate
-- label:   Network availability
-- unit:    ratio
-- better:  higher
-- version: 2
-- kind:    share
-- grains:  day+week+month x site, month x segment, month x customer, month x item
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment, basis
-- Share of demand lines that any one site could fill whole from its shelf on the day of the order;
-- basis as for availability; a line that its site cannot fill draws on what the other sites have
-- left of their own demand of the day. The gap to availability is stock that stands at the wrong site.
CREATE OR REPLACE VIEW metrics.network_availability_rate AS
SELECT
    line.order_line_id,
    line.order_date AS metric_date,
    line.site_id, line.region, line.item_id, line.item_family, line.business_unit,
    line.customer_id, line.segment,
    line.network_basis AS basis,
    CAST(CAST(NOT line.is_pending AND line.is_on_any_shelf AS INTEGER)
        AS DECIMAL(18, 4)) AS numerator,
    CAST(CAST(NOT line.is_pending AS INTEGER) AS DECIMAL(18, 4)) AS denominator,
    CAST(NOT line.is_pending AS INTEGER) AS n,
    line.is_pending
FROM marts.demand_lines AS line;
