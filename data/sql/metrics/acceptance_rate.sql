-- metric:  acceptance_rate
-- label:   Accepted quantity
-- unit:    ratio
-- better:  higher
-- version: 1
-- kind:    ratio
-- grains:  day+week+month x site, month x supplier, month x item
-- by:      supplier_id, supplier_type, site_id, region, item_id, item_family, business_unit, transport_mode
-- Share of the quantity received that was accepted, in the period of the receipt (it has no other
-- reference date); reversed receipts are taken back. Receipts whose quantity nobody counted are
-- left out.
CREATE OR REPLACE VIEW metrics.acceptance_rate AS
SELECT
    receipt.po_id, receipt.line_no,
    receipt.received_date AS metric_date,
    receipt.supplier_id, receipt.supplier_type, receipt.site_id, receipt.region,
    receipt.item_id, receipt.item_family, receipt.business_unit, receipt.transport_mode,
    CAST(receipt.qty_accepted AS DECIMAL(18, 4)) AS numerator,
    CAST(receipt.qty_received AS DECIMAL(18, 4)) AS denominator,
    CAST(receipt.qty_received > 0 AS INTEGER) AS n,
    FALSE AS is_pending
FROM marts.receipts AS receipt
WHERE receipt.is_counted;
