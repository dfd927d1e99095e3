-- What one supplier's late lines blocked in a period: what is still held first, builds before
-- customer lines, the longest held first.
SELECT
    block.blocked, block.blocked_id, block.missed_date, block.item_id, block.site_id,
    block.po_line_id,
    CASE WHEN coalesce(part.met_date, line.completed_date) IS NULL
            AND coalesce(part.shipped_date IS NULL, NOT line.is_cancelled)
        THEN 'still held' ELSE 'released' END AS state,
    date_diff('day', block.missed_date, coalesce(
        part.met_date, part.shipped_date, line.completed_date, build.as_of_date)) AS days_held
FROM marts.supplier_blocks AS block
CROSS JOIN marts.build AS build
LEFT JOIN marts.build_requirements AS part
    ON block.blocked = 'build' AND part.build_id = block.blocked_id
    AND part.item_id = block.item_id AND part.site_id = block.site_id
LEFT JOIN marts.order_lines AS line
    ON block.blocked = 'customer line' AND line.order_line_id = block.blocked_id
WHERE block.supplier_id = $supplier AND block.missed_date BETWEEN $since AND $until
ORDER BY state DESC, block.blocked, days_held DESC, block.blocked_id, block.item_id
