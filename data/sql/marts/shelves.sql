-- steps.shelves: one row per demand line of a day and item of which a stock snapshot was taken, and
-- whether the free stock (on hand less reserved) of that day covers it after the demand before it,
-- in the order of order and line. A line larger than the whole shelf takes nothing from it.
--   is_on_shelf:  at the facing site;
--   is_elsewhere: of what every site has left of its own demand, for lines that their site cannot
--                 fill: whole from one site, and within what is left of all together;
--   qty_lacked:   what the facing site's shelf lacked for the line.
CREATE OR REPLACE TABLE steps.shelves AS
WITH free_stock AS (
    SELECT
        snapshot_date, item_id, site_id, qty_on_hand - coalesce(qty_reserved, 0) AS qty_free
    FROM marts.stock
), drawn AS (
    SELECT
        line.order_id, line.line_no, line.line_rank, line.site_id, line.item_id, line.order_date,
        line.qty_demanded, here.qty_free,
        sum(CASE WHEN line.qty_demanded <= here.qty_free THEN line.qty_demanded ELSE 0 END) OVER (
            PARTITION BY line.site_id, line.item_id, line.order_date
            ORDER BY line.order_id, line.line_rank
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS qty_drawn
    FROM steps.demanded AS line
    LEFT JOIN free_stock AS here
        ON here.item_id = line.item_id AND here.site_id = line.site_id
        AND here.snapshot_date = line.order_date
), judged AS (
    SELECT
        drawn.*, qty_free IS NOT NULL AS has_snapshot,
        qty_drawn - CASE WHEN qty_demanded <= qty_free THEN qty_demanded ELSE 0 END
            AS qty_drawn_before,
        coalesce(qty_demanded <= qty_free AND qty_drawn <= qty_free, FALSE) AS is_on_shelf
    FROM drawn
), used AS (
    SELECT item_id, site_id, order_date, sum(qty_demanded) AS qty_used
    FROM judged
    WHERE is_on_shelf
    GROUP BY item_id, site_id, order_date
), left_over AS (
    SELECT
        stock.snapshot_date, stock.item_id,
        max(stock.qty_free - coalesce(used.qty_used, 0)) AS qty_of_best,
        sum(greatest(stock.qty_free - coalesce(used.qty_used, 0), 0)) AS qty_of_all
    FROM free_stock AS stock
    LEFT JOIN used
        ON used.item_id = stock.item_id AND used.site_id = stock.site_id
        AND used.order_date = stock.snapshot_date
    GROUP BY stock.snapshot_date, stock.item_id
), asked AS (
    SELECT
        judged.*, left_over.qty_of_best, left_over.qty_of_all,
        sum(CASE WHEN NOT judged.is_on_shelf AND judged.qty_demanded <= left_over.qty_of_best
            THEN judged.qty_demanded ELSE 0 END) OVER (
            PARTITION BY judged.item_id, judged.order_date
            ORDER BY judged.order_id, judged.line_rank
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS qty_asked
    FROM judged
    JOIN left_over
        ON left_over.item_id = judged.item_id AND left_over.snapshot_date = judged.order_date
)
SELECT
    order_id, line_no, has_snapshot, is_on_shelf,
    least(qty_demanded, greatest(qty_demanded - qty_free + qty_drawn_before, 0)) AS qty_lacked,
    NOT is_on_shelf AND qty_demanded <= qty_of_best AND qty_asked <= qty_of_all AS is_elsewhere
FROM asked;
