-- steps.part_supply: one row per quantity of a part that is or will be at a plant, in the order in
-- which it is pegged: the stock at a start, what was received since, what is on order.
-- The start is the last snapshot where the plant records when parts reach a build (they leave the
-- stock then), else the first: there the requirements themselves say what was used.
--   supply_no, qty_until: position, and running sum of the quantity.
CREATE OR REPLACE TABLE steps.part_supply AS
WITH recorders AS (
    SELECT build.site_id, count(requirement.available_date) > 0 AS has_records
    FROM staging.build_requirements AS requirement
    JOIN staging.builds AS build ON build.build_id = requirement.build_id
    GROUP BY build.site_id
), needed AS (
    SELECT DISTINCT build.site_id, requirement.item_id
    FROM staging.build_requirements AS requirement
    JOIN staging.builds AS build ON build.build_id = requirement.build_id
), starts AS (
    SELECT
        needed.site_id, needed.item_id,
        CASE WHEN max(CAST(recorders.has_records AS INTEGER)) = 1
            THEN max(stock.snapshot_date) ELSE min(stock.snapshot_date) END AS start_date
    FROM needed
    JOIN recorders ON recorders.site_id = needed.site_id
    LEFT JOIN marts.stock AS stock
        ON stock.site_id = needed.site_id AND stock.item_id = needed.item_id
    GROUP BY needed.site_id, needed.item_id
), received AS (
    SELECT
        receipt.site_id, receipt.item_id, receipt.received_date, receipt.supplier_id,
        receipt.order_id || '/' || receipt.line_no AS po_line_id,
        receipt.qty_cumulative - coalesce(lag(receipt.qty_cumulative) OVER (
            PARTITION BY receipt.order_id, receipt.line_no
            ORDER BY receipt.received_date, receipt.qty_cumulative, receipt._line
        ), 0) AS qty
    FROM marts.receipts AS receipt
), supply AS (
    SELECT
        start.site_id, start.item_id, start.start_date AS supply_date, stock.qty_on_hand AS qty,
        'stock' AS source, 1 AS source_no, CAST(NULL AS VARCHAR) AS po_line_id,
        CAST(NULL AS VARCHAR) AS supplier_id
    FROM starts AS start
    JOIN marts.stock AS stock
        ON stock.site_id = start.site_id AND stock.item_id = start.item_id
        AND stock.snapshot_date = start.start_date
    UNION ALL
    SELECT
        receipt.site_id, receipt.item_id, receipt.received_date, receipt.qty, 'receipt', 2,
        receipt.po_line_id, receipt.supplier_id
    FROM received AS receipt
    JOIN starts AS start
        ON start.site_id = receipt.site_id AND start.item_id = receipt.item_id
        AND receipt.received_date >= coalesce(start.start_date, receipt.received_date)
    UNION ALL
    SELECT
        line.site_id, line.item_id,
        greatest(coalesce(line.stated_promised_date, line.expected_date, build.as_of_date),
            build.as_of_date + 1),
        line.qty_open, 'on order', 3, line.po_line_id, line.supplier_id
    FROM marts.purchase_order_lines AS line
    CROSS JOIN marts.build AS build
    JOIN needed ON needed.site_id = line.site_id AND needed.item_id = line.item_id
)
SELECT
    supply.*, starts.start_date,
    row_number() OVER (
        PARTITION BY supply.site_id, supply.item_id
        ORDER BY source_no, supply_date, po_line_id
    ) AS supply_no,
    sum(qty) OVER (
        PARTITION BY supply.site_id, supply.item_id ORDER BY source_no, supply_date, po_line_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS qty_until
FROM supply
JOIN starts ON starts.site_id = supply.site_id AND starts.item_id = supply.item_id
WHERE supply.qty > 0;
