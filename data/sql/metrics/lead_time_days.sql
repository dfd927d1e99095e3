-- metric:  lead_time_days
-- label:   Lead time
-- unit:    calendar days
-- better:  lower
-- version: 1
-- kind:    distribution
-- grains:  month x site, month x supplier
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode, lead_time_basis
-- always:  lead_time_basis
-- Calendar days from the order to the receipt that brought the line to 95 %: mean, P50, P90 and
-- coefficient of variation. Basis 'measured' are lines so received, 'stated' is the lead time that
-- the item's master data states for the same lines. Lines received before they were ordered, or
-- with no day of ordering, are left out. Dated by the day the line fell due.
CREATE OR REPLACE VIEW metrics.lead_time_days AS
SELECT
    line.po_line_id,
    line.due_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    basis.lead_time_basis,
    CASE WHEN basis.lead_time_basis = 'measured' THEN line.lead_time_days
        ELSE line.stated_lead_time_days END AS observation,
    CAST(CASE WHEN basis.lead_time_basis = 'measured' THEN line.lead_time_days
        ELSE line.stated_lead_time_days END AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.purchase_order_lines AS line
CROSS JOIN (VALUES ('measured'), ('stated')) AS basis(lead_time_basis)
WHERE line.lead_time_days >= 0
    AND (basis.lead_time_basis = 'measured' OR line.stated_lead_time_days IS NOT NULL);
