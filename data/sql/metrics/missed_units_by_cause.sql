-- metric:  missed_units_by_cause
-- label:   Missed units by cause
-- unit:    units
-- better:  lower
-- version: 1
-- kind:    ratio
-- grains:  month x site, month x supplier, month x customer, month x item
-- by:      site_id, region, item_id, item_family, business_unit, customer_id, segment, supplier_id, cause
-- Units not shipped by their due date, each posted once to what caused the miss. The causes are
-- asked in order, each for no more than its records carry: refused (cancelled on or before the due
-- date by anybody but the customer), shelf (free at the facing site on the day of the order),
-- supplier (overdue for that part and site on the due date; a late unit explains one missed unit),
-- transfer (free at another site on the day of the order), planning (lacking on the shelf while
-- nothing was overdue); the rest is unproven. The numerator is the units; the value is the mean per
-- posting.
CREATE OR REPLACE VIEW metrics.missed_units_by_cause AS
SELECT
    missed.order_line_id,
    missed.due_date AS metric_date,
    missed.site_id, missed.region, missed.item_id, missed.item_family, missed.business_unit,
    missed.customer_id, missed.segment, missed.supplier_id, missed.cause,
    CAST(missed.qty_missed AS DECIMAL(18, 4)) AS numerator,
    CAST(1 AS DECIMAL(18, 4)) AS denominator,
    1 AS n,
    FALSE AS is_pending
FROM marts.missed_units AS missed;
