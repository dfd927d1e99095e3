"""Feeds of any size: drawn row by row from hashes, not simulated.

A day-by-day simulation of ten million lines would take hours and tell nothing that the small one
does not. Here each row is a function of its number and the seed, so DuckDB writes millions a
minute, in the same feed form and with the same bytes each time.
"""

from pathlib import Path

import duckdb

LAST_DAY = "DATE '2026-06-14'"
N_DAYS = 728

BASE = """
CREATE MACRO draw(key, purpose) AS
    CAST(hash(key, purpose, getvariable('seed')) % 1000003 AS DOUBLE) / 1000003;
CREATE MACRO weekday_of(day) AS
    CAST(day + CASE isodow(day) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END AS DATE);
CREATE TABLE items AS
SELECT
    format('{:06d}', number) AS item_id,
    'part ' || number AS description,
    'family ' || format('{:02d}', CAST(floor(draw(number, 'family') * 12) AS INTEGER))
        AS item_family,
    CASE WHEN draw(number, 'unit') < 0.7 THEN 'civil' ELSE 'helicopter' END AS business_unit,
    'EA' AS uom,
    round(exp(draw(number, 'cost') * 9.2), 2) AS unit_cost,
    'true' AS is_stocked
FROM range(getvariable('n_items')) AS numbers(number);
CREATE TABLE sites AS
SELECT
    format('DC{:02d}', number) AS site_id,
    'DC ' || number AS site_name,
    'dc' AS site_type,
    (['EMEA', 'AMER', 'APAC'])[1 + number % 3] AS region,
    (['Europe/Paris', 'America/Chicago', 'Asia/Singapore'])[1 + number % 3] AS timezone,
    'true' AS in_contract
FROM range(getvariable('n_sites')) AS numbers(number);
CREATE TABLE customers AS
SELECT
    format('C{:05d}', number) AS customer_id,
    'customer ' || number AS customer_name,
    (['EMEA', 'AMER', 'APAC'])[1 + number % 3] AS region,
    (['airline', 'mro', 'lessor'])[1 + CAST(floor(draw(number, 'segment') * 3) AS INTEGER)]
        AS segment
FROM range(getvariable('n_customers')) AS numbers(number);
"""

# Seven lines in a row are three orders of 1, 2 and 4 lines.
LINES = """
CREATE VIEW numbered AS
SELECT
    i,
    (i // 7) * 3 + CASE WHEN i % 7 = 0 THEN 0 WHEN i % 7 < 3 THEN 1 ELSE 2 END AS o,
    CASE WHEN i % 7 = 0 THEN 0 WHEN i % 7 < 3 THEN i % 7 - 1 ELSE i % 7 - 3 END AS line
FROM range(getvariable('n_lines')) AS numbers(i);
CREATE VIEW drawn AS
SELECT
    i, o, line,
    CAST(floor(draw(o, 'customer') ** 2 * getvariable('n_customers')) AS BIGINT) AS customer,
    CAST(floor(draw(i, 'item') ** 2 * getvariable('n_items')) AS BIGINT) AS item,
    least({last_day}, weekday_of({last_day} - {n_days}
        + CAST(floor((i - i % 7) * {n_days} / getvariable('n_lines')) AS INTEGER))) AS order_date,
    3 + CAST(floor(draw(o, 'ahead') * 25) AS INTEGER) AS days_ahead,
    1 + CAST(floor(-ln(1 - draw(i, 'qty')) * 4) AS INTEGER) AS qty,
    2 + CAST(floor(-ln(1 - draw(i, 'delay')) * 12) AS INTEGER) AS days_short
FROM numbered;
CREATE VIEW lines AS
SELECT
    *,
    draw(i, 'shelf') < 0.72 + 0.2 * draw(item * 97 + customer % getvariable('n_sites'), 'cell')
        AS is_on_shelf,
    order_date + days_ahead AS requested_date,
    draw(i, 'cancel') < 0.02 AS is_cancelled
FROM drawn;
"""

FEEDS = {
    "items": "SELECT * FROM items",
    "sites": "SELECT * FROM sites",
    "customers": "SELECT * FROM customers",
    "order_lines": """
        SELECT
            format('SO{:09d}', o) AS order_id,
            (line + 1) * 10 AS line_no,
            format('C{:05d}', customer) AS customer_id,
            format('{:06d}', item) AS item_id,
            format('DC{:02d}', customer % getvariable('n_sites')) AS site_id,
            order_date,
            requested_date,
            qty AS qty_ordered,
            round(exp(draw(item, 'cost') * 9.2) * 1.4, 2) AS unit_price,
            'stock' AS order_type,
            CASE WHEN is_cancelled AND NOT is_on_shelf THEN qty END AS qty_cancelled,
            CASE WHEN is_cancelled AND NOT is_on_shelf
                THEN strftime(least(order_date + days_short, {last_day}), '%Y-%m-%d 12:00:00')
            END AS cancelled_at,
            CASE WHEN is_cancelled AND NOT is_on_shelf
                THEN CASE WHEN draw(i, 'party') < 0.7 THEN 'customer' ELSE 'provider' END
            END AS cancelled_by
        FROM lines
    """,
    "order_promises": """
        SELECT
            format('SO{:09d}', o) AS order_id,
            (line + 1) * 10 AS line_no,
            requested_date + version * (days_short // 2 + 3) AS promised_date,
            strftime(order_date + 5 * version, '%Y-%m-%d 10:00:00') AS recorded_at,
            'provider' AS initiated_by,
            CASE version WHEN 0 THEN 'confirmed' ELSE 'no stock' END AS reason
        FROM lines
        CROSS JOIN (VALUES (0), (1)) AS versions(version)
        WHERE (version = 0 OR (NOT is_on_shelf AND draw(i, 'moved') < 0.6))
          AND order_date + 5 * version <= {last_day}
    """,
    "shipments": """
        SELECT
            format('D{:010d}', i * 2 + piece) AS shipment_id,
            format('SO{:09d}', o) AS order_id,
            (line + 1) * 10 AS line_no,
            shipped_date,
            CASE WHEN shipped_date + 2 <= {last_day} THEN shipped_date + 2 END AS delivered_date,
            CASE WHEN NOT is_split THEN qty WHEN piece = 0 THEN qty // 2 ELSE qty - qty // 2 END
                AS qty_shipped,
            format('DC{:02d}', customer % getvariable('n_sites')) AS site_id
        FROM (
            SELECT
                *,
                weekday_of(order_date
                    + CASE WHEN is_on_shelf OR (is_split AND piece = 0) THEN 0 ELSE days_short END)
                    AS shipped_date
            FROM (
                SELECT *, NOT is_on_shelf AND qty > 1 AND draw(i, 'split') < 0.4 AS is_split
                FROM lines
            ) AS pieces
            CROSS JOIN (VALUES (0), (1)) AS numbers(piece)
            WHERE (piece = 0 OR is_split) AND (is_on_shelf OR NOT is_cancelled)
        ) AS sent
        WHERE shipped_date <= {last_day}
    """,
}


def write_large(n_lines: int, seed: int, folder: Path) -> dict[str, int]:
    """Write feeds with `n_lines` customer order lines into a folder.

    Parameters
    ----------
    n_lines
        Order lines [lines]; items, sites and customers grow with them up to 30,000, 12 and 5,000.
    seed
        The same number and seed give the same bytes.
    folder
        Where the CSV files go; made when missing.

    Returns
    -------
    dict
        Rows written per feed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        for name, value in {
            "seed": seed,
            "n_lines": n_lines,
            "n_items": min(30_000, max(300, n_lines // 300)),
            "n_sites": min(12, max(4, n_lines // 100_000)),
            "n_customers": min(5_000, max(60, n_lines // 2_000)),
        }.items():
            con.execute(f"SET VARIABLE {name} = {int(value)}")
        con.execute(BASE)
        con.execute(LINES.format(last_day=LAST_DAY, n_days=N_DAYS))
        return {name: copy_out(con, sql, folder / f"{name}.csv") for name, sql in FEEDS.items()}


def copy_out(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> int:
    """Write a query as CSV and return its rows."""
    # The braces of format() must survive, so the last day is put in by hand.
    query = sql.replace("{last_day}", LAST_DAY)
    target = str(path).replace("'", "''")
    row = con.execute(f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER)").fetchone()
    return int(row[0]) if row else 0
