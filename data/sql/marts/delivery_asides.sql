-- marts.asides, continued: what came in more than one file, and what is dated after it was loaded.
INSERT INTO marts.asides
WITH several AS (
    SELECT
        order_id, line_no, count(*) AS n_rows, sum(qty_shipped) AS qty,
        min(shipped_date) AS first_date, max(_file) AS _file, max_by(_line, _file) AS _line
    FROM staging.shipments
    GROUP BY order_id, line_no
    HAVING min(_load_id) <> max(_load_id)
), found AS (
    SELECT
        feed, CASE WHEN outcome = 'corrected' THEN 'corrected by another file: its quantity counts'
            ELSE 'the same again in another file: counted once' END AS reason,
        _file AS subject, count(*) AS n_rows, sum(qty) AS qty, min(day) AS first_date,
        _file, min(_line) AS _line
    FROM staging.superseded_moves
    WHERE outcome <> 'both count'
    GROUP BY feed, outcome, _file
    UNION ALL
    SELECT
        feed, 'another quantity of the line and day in another file: both count',
        order_id || '/' || line_no, 1, qty, day, _file, _line
    FROM staging.superseded_moves
    WHERE outcome = 'both count'
    UNION ALL
    SELECT
        'shipments', 'possible double delivery: over the order, from several files',
        several.order_id || '/' || several.line_no, several.n_rows, several.qty,
        several.first_date, several._file, several._line
    FROM several
    JOIN staging.order_lines AS line
        ON line.order_id = several.order_id AND line.line_no = several.line_no
    CROSS JOIN marts.build AS build
    WHERE several.qty > line.qty_ordered AND line.order_date <= build.as_of_date
        AND several.first_date <= build.as_of_date
    UNION ALL
    SELECT feed, 'dated after it was loaded', subject, 1, qty, fact_date, _file, _line
    FROM staging.misdated
)
SELECT
    feed, reason, subject, n_rows, CAST(qty AS DECIMAL(18, 4)) AS qty, first_date, _file, _line
FROM found;
