-- metric:  promise_slip_days
-- label:   Slip of promises
-- unit:    working days
-- better:  lower
-- version: 1
-- kind:    distribution
-- grains:  month x site, month x supplier
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode
-- Working days from the first promise to the last, as it stood 5 working days before it fell due,
-- over all lines with a history of promises whose first promise has fallen due: mean, P50, P90.
-- Pull-ins count as no slip; their share is a metric of its own.
CREATE OR REPLACE VIEW metrics.promise_slip_days AS
SELECT
    line.po_line_id,
    line.due_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    greatest(line.slip_days, 0) AS observation,
    CAST(greatest(line.slip_days, 0) AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.purchase_order_lines AS line
WHERE line.has_promise_history AND line.is_first_judged;
