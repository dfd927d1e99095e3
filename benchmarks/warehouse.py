"""Build time, page queries and memory of a warehouse of any size.

    python -m benchmarks.warehouse --lines 1000000 --out DIR

Times are CPU seconds over all threads; wall times on a shared machine say little. The build runs
in a process of its own, so that its peak memory is its own. Each page is the questions that it
asks: the sum over them is what one look at the page costs, without charts.
"""

import argparse
import json
import resource
import subprocess
import sys
from datetime import date
from functools import partial
from pathlib import Path

from benchmarks.questions import BEFORE, QUARTER, Question, ask_all, cpu_ms, metric, rows
from data.warehouse import connect

TREND = {"since": date(2024, 7, 1), "until": date(2026, 6, 30), "every": "month"}
HEADLINES = (
    "order_on_time_rate",
    "availability_rate",
    "line_fill_rate",
    "unit_fill_rate",
    "otif_order_rate",
)
WEEK_AHEAD = {"since": date(2026, 6, 15), "until": date(2026, 6, 21)}
FOUR = ("unit_fill_rate", "line_fill_rate", "order_fill_rate", "value_fill_rate")
MISSED = "missed_units_by_cause"
ANYWHERE = dict.fromkeys(
    (
        "cause",
        "supplier_id",
        "site_id",
        "region",
        "item_family",
        "item_id",
        "customer_id",
        "segment",
    )
)
BUDGET_MS = 50


def _pages(site_id: str) -> dict[str, list[Question]]:
    """Return what each page asks; a card and the trend of its metric share one series."""
    pages: dict[str, list[Question]] = {}
    for name, where in (("all sites", {}), ("one site", {"site_id": site_id})):
        trend, quarter = {**TREND, "where": where}, {**QUARTER, "where": where}
        both = (quarter, {**BEFORE, "where": where})
        by_site = [metric("line_fill_rate", **period, by=["site_id"]) for period in both]
        pages[f"overview, {name}"] = [
            *(metric(headline, **trend) for headline in HEADLINES),
            *by_site,
            *(
                metric(rate, **period, by=by)
                for rate in ("order_on_time_rate", "availability_rate")
                for period in both
                for by in ([], ["site_id"])
            ),
            metric("engines_shipped_on_time", **trend),
            metric("repeat_miss_rate", **trend),
            metric("repeat_miss_rate", **quarter, by=["customer_id"]),
            metric("line_fill_rate", **WEEK_AHEAD, where=where),
            metric("backorder_age", where=where),
        ]
        pages[f"fill rate, {name}"] = [
            *(metric(rate, **trend) for rate in FOUR),
            *by_site,
            metric("fill_by_delay", **quarter),
            metric("backorder_age", by=["age_bucket"], where=where),
            *(
                metric(rate, **quarter, by=["item_id"])
                for rate in ("unit_fill_rate", "value_fill_rate")
            ),
        ]
        listed = {**ANYWHERE, **{column: [value] for column, value in where.items()}, **QUARTER}
        pages[f"choke points, {name}"] = [
            *(metric(MISSED, **quarter, by=by) for by in (["supplier_id"], ["cause"])),
            metric(MISSED, **both[1]),
            metric(MISSED, **trend, by=["cause"]),
            rows("choke_points", **listed),
            rows("missed_postings", **listed),
        ]
    return pages


def run(command: list[str]) -> tuple[float, float]:
    """Run a command; return its CPU seconds and the peak memory of all such so far, in GB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", *command], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, after.ru_maxrss / 2**20


def _time_pages(warehouse: Path) -> dict[str, dict[str, float]]:
    """Return CPU milliseconds of each page, the median of five looks after a first one."""
    with connect(warehouse) as con:
        site_id = con.execute("SELECT min(site_id) FROM marts.sites").fetchall()[0][0]
        return {
            page: {"questions": len(asked), "cpu_ms": cpu_ms(partial(ask_all, con, asked))}
            for page, asked in _pages(site_id).items()
        }


def main() -> None:
    """Make the feeds, load and build them, time the pages, print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    feeds, warehouse = given.out / "feeds", given.out / "warehouse"
    if not feeds.exists():
        size = ["--lines", str(given.lines), "--seed", str(given.seed), "--out", str(feeds)]
        run(["data", "sample", *size])
    home = ["--warehouse", str(warehouse)]
    ingest_cpu, _ = run(["data", "ingest", str(feeds), *home])
    build_cpu, peak = run(["data", "build", *home])
    pages = _time_pages(warehouse)
    size_mb = max(path.stat().st_size for path in (warehouse / "builds").glob("build-*")) / 1e6
    told = {
        "lines": given.lines,
        "ingest_cpu_s": round(ingest_cpu, 1),
        "build_cpu_s": round(build_cpu, 1),
        "build_cpu_s_per_million_lines": round(build_cpu / given.lines * 1e6, 2),
        "peak_memory_gb": round(peak, 2),
        "build_file_mb": round(size_mb),
    }
    print(json.dumps(told, indent=1))
    for page, timing in pages.items():
        verdict = "" if timing["cpu_ms"] <= BUDGET_MS else f"  over {BUDGET_MS} ms"
        print(
            f"{page:<40} {timing['questions']:3.0f} questions {timing['cpu_ms']:7.1f} ms{verdict}"
        )


if __name__ == "__main__":
    main()
