-- metric:  need_date_rate
-- label:   On time to the need date
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    share
-- grains:  day+week+month x site, month x supplier, month x item
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode
-- Share of purchase order lines received in full by the day the site or the line needs them,
-- however early; a need date on a holiday rolls to the working day before. On time to a useless
-- promise shows here. Lines without a need date, or needed before they were ordered, are left out;
-- lines not needed yet are pending. A rejected quantity is undelivered until replaced.
CREATE OR REPLACE VIEW metrics.need_date_rate AS
SELECT
    line.po_line_id,
    line.need_by_date AS metric_date,
    line.supplier_id, line.supplier_type, line.site_id, line.region, line.item_id,
    line.item_family, line.business_unit, line.transport_mode,
    CAST(CASE WHEN line.is_need_judged
        THEN CAST(line.qty_on_time_need >= line.qty_ordered AS INTEGER) ELSE 0 END AS DECIMAL(18, 4)) AS numerator,
    CAST(CASE WHEN line.is_need_judged THEN 1 ELSE 0 END AS DECIMAL(18, 4)) AS denominator,
    CAST(line.is_need_judged AS INTEGER) AS n,
    NOT line.is_need_judged AS is_pending
FROM marts.purchase_order_lines AS line
WHERE line.need_by_date IS NOT NULL;
