-- marts.asides, continued: allocations of seasons that nobody described, and seasons of one item that
-- overlap: sales of the days in common count in both.
INSERT INTO marts.asides
WITH found AS (
    SELECT
        'allocations' AS feed, 'no such season and item' AS reason,
        allocation.season_id || ', item ' || allocation.item_id AS subject, count(*) AS n_rows,
        sum(allocation.qty_allocated) AS qty,
        CAST(min(allocation.allocated_at) AS DATE) AS first_date,
        min(allocation._file) AS _file, min(allocation._line) AS _line
    FROM staging.allocations AS allocation
    LEFT JOIN staging.seasons AS season
        ON season.season_id = allocation.season_id AND season.item_id = allocation.item_id
    CROSS JOIN marts.build AS build
    WHERE season.season_id IS NULL
        AND CAST(allocation.allocated_at AS DATE) <= build.as_of_date
    GROUP BY allocation.season_id, allocation.item_id
    UNION ALL
    SELECT
        'seasons', 'overlaps another season of the item: sales count in both',
        later.season_id || ' and ' || season.season_id || ', item ' || season.item_id, 1,
        season.qty_total, later.start_date, NULL, NULL
    FROM marts.seasons AS season
    JOIN marts.seasons AS later
        ON later.item_id = season.item_id AND later.season_id <> season.season_id
        AND later.start_date BETWEEN season.start_date AND season.end_date
        AND (later.start_date > season.start_date OR later.season_id > season.season_id)
)
SELECT
    feed, reason, subject, n_rows, CAST(qty AS DECIMAL(18, 4)) AS qty, first_date, _file, _line
FROM found;
