"""Ingest against DuckDB's own `read_csv` into a table, in the same run.

    python -m benchmarks.ingest --lines 10000000

CPU seconds of the whole process, children included; each in a process of its own. The mark is at
least half the speed of `read_csv` into a table of a database file, which, as ingest, leaves the
rows on disk; the same into memory is given beside it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.generate import write_feeds

INTO_A_FILE = """
import duckdb, sys
con = duckdb.connect(sys.argv[2])
con.execute("CREATE TABLE order_lines AS SELECT * FROM read_csv('" + sys.argv[1] + "')")
con.execute("CHECKPOINT")
"""
INTO_MEMORY = """
import duckdb, sys
con = duckdb.connect()
con.execute("CREATE TABLE order_lines AS SELECT * FROM read_csv('" + sys.argv[1] + "')")
"""
INGEST = """
import sys
from pathlib import Path
from data.ingest import ingest
(report,) = ingest([Path(sys.argv[1])], Path(sys.argv[2]))
assert report.status == "loaded" and report.entry.rows_rejected == 0, report.message
"""
MEASURE = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(used.ru_utime + used.ru_stime, int(peak) / 1024)
"""


def measure(program: str, *arguments: Path) -> tuple[float, float]:
    """Run a program and return its CPU time [s] and its peak of memory [MB]."""
    ended = subprocess.run(
        [sys.executable, "-c", program + MEASURE, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    cpu, peak = ended.stdout.splitlines()[-1].split()[-2:]
    return float(cpu), float(peak)


def main() -> None:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(description="Ingest against DuckDB's read_csv.")
    parser.add_argument("--lines", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        path = write_feeds(out, arguments.lines, tables=("order_lines",))["order_lines"]
        print(f"{arguments.lines:,} order lines, {path.stat().st_size / 1e6:,.0f} MB of CSV")
        memory = measure(INTO_MEMORY, path)
        table = measure(INTO_A_FILE, path, out / "table.duckdb")
        ingested = measure(INGEST, path, out / "warehouse")
    for what, (cpu, peak) in (
        ("read_csv into memory", memory),
        ("read_csv into a file", table),
        ("ingest", ingested),
    ):
        print(f"{what:22} {cpu:7.2f} CPU s   {peak:7,.0f} MB")
    print(
        f"speed of ingest: {table[0] / ingested[0]:.2f} x read_csv into a file, "
        f"{memory[0] / ingested[0]:.2f} x read_csv into memory"
    )


if __name__ == "__main__":
    main()
