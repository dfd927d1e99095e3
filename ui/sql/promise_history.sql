-- What became of outside suppliers' promises of the last three years, one row per version: those of all
-- lines, or of about 20,000 lines drawn by their names where there are more.
WITH sized AS (
    SELECT greatest(count(*) // 20000, 1) AS one_in
    FROM marts.purchase_order_lines
    WHERE is_promised
), drawn AS (
    SELECT line.*
    FROM marts.purchase_order_lines AS line
    CROSS JOIN sized
    CROSS JOIN marts.build AS build
    WHERE line.is_promised AND line.n_schedules = 1 AND line.supplier_type = 'outside'
        AND hash(line.po_line_id) % sized.one_in = 0
        AND line.first_promised_date >= build.as_of_date - INTERVAL 3 YEAR
)
SELECT
    line.supplier_id, line.site_id, line.po_line_id AS line_id,
    coalesce(promise.recorded_date, line.order_date) AS recorded_date,
    coalesce(promise.promised_date, line.first_promised_date) AS promised_date,
    line.completed_date
FROM drawn AS line
LEFT JOIN marts.supplier_promises AS promise
    ON promise.order_id = line.order_id AND promise.line_no = line.line_no
    AND promise.supplier_id = line.supplier_id AND promise.part_no = 1
ORDER BY promised_date DESC, line_id, recorded_date
