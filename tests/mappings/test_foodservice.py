"""The real order lines of a food-service wholesaler, reconciled to the last row."""

from pathlib import Path

import duckdb
import pytest

from data import lake
from data.ingest import ingest

FILE = Path(__file__).parents[3] / "shared" / "data" / "order_lines_foodservice.csv"
MAPPING = Path(__file__).parent / "foodservice.toml"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILE.exists(), reason="the real file is not beside the project"),
]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Return the file as it stands (a blank line, the header, the rows) and what was made of it."""
    warehouse = tmp_path_factory.mktemp("foodservice")
    assert {one.status for one in ingest([FILE], warehouse, mapping=MAPPING)} == {"loaded"}
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE file AS SELECT row_number() OVER () + 2 AS line, * "
        f"FROM read_csv('{FILE}', all_varchar = true, header = true, delim = ',')"
    )
    for feed, paths in lake.live_raw_paths(warehouse).items():
        con.execute(f"CREATE TABLE {feed} AS FROM read_parquet({[str(one) for one in paths]!r})")
    rejects = [str(path) for path in lake.live_reject_paths(warehouse)]
    con.execute(f"CREATE TABLE rejects AS FROM read_parquet({rejects!r})")
    return con


def one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    (row,) = con.execute(sql).fetchall()
    return tuple(row)


def test_every_row_of_the_file_is_accepted_or_rejected_once_in_each_feed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for feed in ("order_lines", "shipments", "customers"):
        lines = f"""
            SELECT _line FROM {feed} UNION ALL SELECT _line FROM rejects WHERE feed = '{feed}'
        """
        assert one(con, f"SELECT count(*), count(DISTINCT _line) FROM ({lines})") == (15069, 15069)
        assert one(con, f"SELECT count(*) FROM file ANTI JOIN ({lines}) ON line = _line") == (0,)


def test_why_rows_are_left_out(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "SELECT feed, kind, CASE WHEN kind = 'filtered' THEN reason END AS why, count(*) "
        "FROM rejects GROUP BY feed, kind, why ORDER BY feed, kind, why"
    ).fetchall()
    assert found == [
        ("customers", "duplicate", None, 12617),
        ("order_lines", "duplicate", None, 885),
        ("order_lines", "filtered", "nothing was ordered", 31),
        ("shipments", "duplicate", None, 744),
        ("shipments", "filtered", "nothing was delivered", 1195),
    ]


def test_order_lines_are_the_different_order_and_row_numbers_with_something_ordered(
    con: duckdb.DuckDBPyConnection,
) -> None:
    expected = one(
        con,
        """
        SELECT count(*), sum(quantity) FROM (
            SELECT any_value(CAST(order_qty AS DECIMAL(18, 4))) AS quantity FROM file
            GROUP BY order_number, order_row_number
        ) WHERE quantity > 0
        """,
    )
    assert one(con, "SELECT count(*), sum(qty_ordered) FROM order_lines") == expected
    assert expected[0] == 14153


def test_each_delivered_quantity_counts_once_per_delivery(con: duckdb.DuckDBPyConnection) -> None:
    expected = one(
        con,
        """
        SELECT count(*), sum(quantity) FROM (
            SELECT DISTINCT order_number, order_row_number, delivery_number,
                CAST(delivered_qty AS DECIMAL(18, 4)) AS quantity
            FROM file WHERE CAST(delivered_qty AS DECIMAL(18, 4)) > 0
        )
        """,
    )
    assert one(con, "SELECT count(*), sum(qty_shipped) FROM shipments") == expected
    assert expected[0] == 13130


def test_nothing_is_shipped_without_an_order_line(con: duckdb.DuckDBPyConnection) -> None:
    orphans = "SELECT count(*) FROM shipments ANTI JOIN order_lines USING (order_id, line_no)"
    assert one(con, orphans) == (0,)


def test_the_figures_the_data_readme_gives_are_those_of_the_rows_as_they_stand(
    con: duckdb.DuckDBPyConnection,
) -> None:
    unit, line = one(
        con,
        """
        WITH rows_as_they_stand AS (
            SELECT CAST(order_qty AS DOUBLE) AS ordered,
                coalesce(CAST(delivered_qty AS DOUBLE), 0) AS delivered
            FROM file
        )
        SELECT
            round(100 * sum(least(delivered, ordered)) / sum(ordered), 1),
            round(100 * avg(CAST(delivered >= ordered AND ordered > 0 AS INTEGER)), 1)
        FROM rows_as_they_stand
        """,
    )
    assert (unit, line) == (92.8, 88.9)


def test_the_fill_of_the_lines_counts_each_line_once(con: duckdb.DuckDBPyConnection) -> None:
    unit, line, n_never, n_over = one(
        con,
        """
        WITH shipped AS (
            SELECT order_id, line_no, sum(qty_shipped) AS quantity
            FROM shipments GROUP BY order_id, line_no
        )
        SELECT
            round(100 * sum(least(coalesce(quantity, 0), qty_ordered)) / sum(qty_ordered), 2),
            round(100 * avg(CAST(coalesce(quantity, 0) >= qty_ordered AS INTEGER)), 2),
            count(*) FILTER (WHERE quantity IS NULL),
            count(*) FILTER (WHERE quantity > qty_ordered)
        FROM order_lines LEFT JOIN shipped USING (order_id, line_no)
        """,
    )
    assert (unit, line, n_never, n_over) == (93.41, 89.74, 1049, 1864)
