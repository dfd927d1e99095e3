"""Make order lines and what belongs to them, any number, the same for the same seed.

    python -m benchmarks.generate --lines 1000000 --seed 1 --out DIR

The rows are drawn, not simulated: shapes and sizes are realistic, the figures mean nothing. For
data that means something see `sample_data/`.
"""

import argparse
from pathlib import Path

import duckdb

N_ITEMS = 20_000
N_SITES = 40
N_CUSTOMERS = 5_000
N_DAYS = 730
LINES_PER_ORDER = 4

TABLES = {
    "items": f"""
        SELECT
            printf('P%06d', i) AS item_id, 'Part ' || i AS description,
            'F' || (i % 24) AS item_family, 'BU' || (i % 4) AS business_unit, 'EA' AS uom,
            CAST(1 + draw(i, 1) * 400 AS DECIMAL(18,2)) AS unit_cost, TRUE AS is_stocked
        FROM range({N_ITEMS}) AS numbers(i)""",
    "sites": f"""
        SELECT
            printf('DC%02d', i) AS site_id, 'Centre ' || i AS site_name, 'dc' AS site_type,
            'R' || (i % 5) AS region, 'America/Chicago' AS timezone, TRUE AS in_contract
        FROM range({N_SITES}) AS numbers(i)""",
    "customers": f"""
        SELECT
            printf('C%05d', i) AS customer_id, 'Customer ' || i AS customer_name,
            'R' || (i % 5) AS region, 'S' || (i % 3) AS segment
        FROM range({N_CUSTOMERS}) AS numbers(i)""",
    "order_lines": """
        SELECT
            order_id, line_no, customer_id, item_id, site_id, order_date,
            order_date + promised_after AS requested_date,
            order_date + promised_after AS promised_date,
            qty_ordered, unit_price, 'stock' AS order_type
        FROM lines""",
    "shipments": """
        SELECT
            order_id, line_no, order_date + shipped_after AS shipped_date,
            CASE WHEN draw(i, 9) < 0.05 THEN CAST(qty_ordered / 2 AS INTEGER) ELSE qty_ordered END
                AS qty_shipped,
            site_id, 'S' || i AS shipment_id
        FROM lines WHERE draw(i, 8) < 0.97""",
}

LINES = f"""
    CREATE VIEW lines AS
    SELECT
        i,
        printf('O%09d', i // {LINES_PER_ORDER}) AS order_id,
        CAST(10 * (1 + i % {LINES_PER_ORDER}) AS VARCHAR) AS line_no,
        printf('C%05d', CAST(floor(draw(i // {LINES_PER_ORDER}, 2) * {N_CUSTOMERS}) AS INTEGER))
            AS customer_id,
        printf('P%06d', CAST(floor(power(draw(i, 3), 3) * {N_ITEMS}) AS INTEGER)) AS item_id,
        printf('DC%02d', CAST(floor(draw(i // {LINES_PER_ORDER}, 4) * {N_SITES}) AS INTEGER))
            AS site_id,
        DATE '2024-06-01' + CAST(i * {N_DAYS} // n_lines AS INTEGER) AS order_date,
        CAST(2 + floor(draw(i, 5) * 6) AS INTEGER) AS promised_after,
        CAST(1 + floor(draw(i, 5) * 8 + greatest(0, draw(i, 6) - 0.85) * 60) AS INTEGER)
            AS shipped_after,
        CAST(ceil(1 + power(draw(i, 7), 4) * 60) AS INTEGER) AS qty_ordered,
        CAST(1 + draw(i, 1) * 500 AS DECIMAL(18,2)) AS unit_price
    FROM (SELECT i, {{n_lines}} AS n_lines FROM range({{n_lines}}) AS numbers(i))
"""


def write_feeds(
    out: Path, n_lines: int, seed: int = 1, tables: tuple[str, ...] = tuple(TABLES)
) -> dict[str, Path]:
    """Write the tables as CSV files named after their feeds.

    Parameters
    ----------
    out
        Folder, made if missing.
    n_lines
        Number of order lines.
    seed
        Seed of the draws.
    tables
        Which of the tables.

    Returns
    -------
    dict
        Path of each table's file.
    """
    out.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    con.execute(
        "CREATE MACRO draw(i, salt) AS "
        f"(hash(i, salt, {seed}) % 1000003::UBIGINT)::DOUBLE / 1000003.0"
    )
    con.execute(LINES.format(n_lines=n_lines))
    paths = {name: out / f"{name}.csv" for name in tables}
    for name, path in paths.items():
        con.execute(f"COPY ({TABLES[name]}) TO '{path}' (HEADER)")
    con.close()
    return paths


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="Make order lines of any number.")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    for name, path in write_feeds(arguments.out, arguments.lines, arguments.seed).items():
        print(f"{name}: {path} ({path.stat().st_size / 1e6:,.1f} MB)")


if __name__ == "__main__":
    main()
