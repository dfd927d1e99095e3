"""Any mix of good and bad rows in any dialect: nothing lost, nothing changed."""

import csv
import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.data.ingest.files import load, rows, said, write

HEADER = ["order_id", "line_no", "shipped_date", "qty_shipped", "shipment_id"]

NAMES = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Zs", "Zl", "Zp"]),
    min_size=1,
    max_size=6,
).filter(lambda text: not text.casefold().rstrip(":").endswith("total"))
MULTI_LINE = st.builds(lambda a, b, end: a + end + b, NAMES, NAMES, st.sampled_from(["\n", "\n\n"]))
QUANTITIES = st.integers(0, 10**8).map(lambda n: f"{n // 10000}.{n % 10000:04d}")
DATES = st.dates(min_value=date(1990, 1, 1), max_value=date(2189, 12, 31))

GOOD = st.tuples(st.one_of(NAMES, MULTI_LINE), NAMES, DATES.map(str), QUANTITIES)
BAD = st.one_of(
    st.tuples(NAMES, NAMES, st.sampled_from(["2026-02-30", "soon", "2026-1-2", ""]), QUANTITIES),
    st.tuples(NAMES, NAMES, DATES.map(str), st.sampled_from(["-1", "1,500", "1e3", "0x1", ""])),
    st.tuples(st.just(""), NAMES, DATES.map(str), QUANTITIES),
)
ROWS = st.lists(
    st.one_of(
        GOOD.map(lambda row: ("good", row)),
        BAD.map(lambda row: ("bad", row)),
        st.tuples(NAMES, NAMES).map(lambda row: ("ragged", row)),
    ),
    min_size=1,
    max_size=12,
)


def could_be_utf8(content: bytes) -> bool:
    """Whether a line of Windows text reads as UTF-8 too: then nothing can tell which it is."""
    for line in content.splitlines():
        try:
            if not line.isascii() and line.decode("utf-8"):
                return True
        except UnicodeDecodeError:
            continue
    return False


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    drawn=ROWS,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    n_blank=st.integers(0, 2),
)
def test_accepted_and_rejected_rows_are_all_there_are_and_accepted_values_are_exact(
    *,
    drawn: list[tuple[str, tuple[str, ...]]],
    delimiter: str,
    line_end: str,
    encoding: str,
    quoting: Literal[0, 1],
    n_blank: int,
) -> None:
    body = io.StringIO()
    writer = csv.writer(body, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerow(HEADER)
    expected, n_bad = [], 0
    for number, (kind, row) in enumerate(drawn):
        body.write(line_end * n_blank)
        line = body.getvalue().count("\n") + 1
        if kind == "ragged":
            writer.writerow(row)
        else:
            writer.writerow([*row, f"S{number}"])
        if kind == "good":
            order_id, line_no, day, quantity = row
            expected.append((order_id, line_no, day, quantity, f"S{number}", line))
        else:
            n_bad += 1
    content = body.getvalue().encode(encoding)
    assume(encoding != "cp1252" or not could_be_utf8(content))
    with TemporaryDirectory() as folder:
        warehouse = Path(folder) / "wh"
        path = write(Path(folder), "shipments.csv", content)
        report = load(path, warehouse)
        assert report.status == "loaded", report.message
        columns = ", ".join(f"CAST({name} AS VARCHAR)" for name in HEADER) + ", _line"
        assert rows(warehouse, "shipments", columns) == expected
        assert len(said(warehouse)) == n_bad
        assert report.entry.rows_in == len(drawn)
