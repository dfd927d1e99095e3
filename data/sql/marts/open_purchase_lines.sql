-- marts.open_purchase_lines: one row per schedule line that outside suppliers still owe, with the date that
-- its chances are judged from (forecasting/promises/outlook.py).
--   basis:         'promised', or 'expected' where the supplier has promised nothing: its need date,
--                  else the order date plus the stated lead time, as known on the day of the order.
--   judged_date:   the supplier's last word, else the expected date.
--   recorded_date: the day since which it stands.
--   after_need_days: calendar days from the need date to the supplier's last word; below 0 is before.
CREATE OR REPLACE TABLE marts.open_purchase_lines AS
WITH told AS (
    SELECT order_id, line_no, max(recorded_date) AS recorded_date
    FROM steps.promises
    WHERE order_kind = 'purchase'
    GROUP BY order_id, line_no
)
SELECT
    line.po_line_id, line.supplier_id, supplier.supplier_name, line.site_id, line.region,
    line.item_id, item.description, line.item_family, line.order_date, line.need_date, line.due_date,
    line.first_promised_date, line.stated_promised_date,
    CASE WHEN line.is_promised THEN 'promised' ELSE 'expected' END AS basis,
    coalesce(line.stated_promised_date, line.expected_date) AS judged_date,
    coalesce(told.recorded_date, line.order_date) AS recorded_date,
    date_diff('day', line.need_date, line.stated_promised_date) AS after_need_days,
    line.n_slips, line.n_late_edits, line.qty_open, line.unit_price
FROM marts.purchase_order_lines AS line
JOIN marts.items AS item ON item.item_id = line.item_id
JOIN marts.suppliers AS supplier ON supplier.supplier_id = line.supplier_id
LEFT JOIN told ON told.order_id = line.order_id AND told.line_no = line.line_no
WHERE line.qty_open > 0 AND line.supplier_type = 'outside'
    AND coalesce(line.stated_promised_date, line.expected_date) IS NOT NULL
ORDER BY coalesce(line.need_date, line.due_date), line.po_line_id;
