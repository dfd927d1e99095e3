"""Builds: published whole or not at all, and never in the way of readers."""

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data import lake, warehouse
from data.__main__ import main
from data.build import build, check
from data.errors import UserError
from data.ingest import ingest
from data.metrics import measure

ORDERS = """order_id,line_no,customer_id,item_id,site_id,order_date,requested_date,qty_ordered
A,1,C1,P1,DC1,2026-03-02,2026-03-06,10
A,2,C1,P2,DC1,2026-03-02,2026-03-06,5
"""
SHIPMENTS = """order_id,line_no,shipped_date,qty_shipped
A,1,2026-03-05,10
A,2,2026-03-06,2
Z,1,2026-03-06,2
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A warehouse with two loads."""
    for name, text in (("order_lines", ORDERS), ("shipments", SHIPMENTS)):
        (tmp_path / f"{name}.csv").write_text(text)
    home = tmp_path / "warehouse"
    ingest([tmp_path / "order_lines.csv", tmp_path / "shipments.csv"], home)
    return home


def test_a_build_is_published_under_its_own_name_and_read_without_outside_access(
    place: Path,
) -> None:
    report = build(place)
    assert report.as_of_date == date(2026, 3, 6)
    current = warehouse.current_build(place)
    assert current is not None
    assert current.build_id == "20260306-1"
    assert current.path == place / "builds" / "build-20260306-1.duckdb"
    with warehouse.connect(place) as con:
        assert measure(con, "unit_fill_rate")[["numerator", "denominator"]].to_numpy().tolist() == [
            [12, 15]
        ]
        with pytest.raises(duckdb.Error):
            con.execute("SELECT * FROM read_csv('/etc/hosts')")
        with pytest.raises(duckdb.Error):
            con.execute("SET threads = 1")


def test_a_build_tells_of_loads_rejects_coverage_checks_and_asides(place: Path) -> None:
    bad = place.parent / "shipments_2.csv"
    bad.write_text("order_id,line_no,shipped_date,qty_shipped\nA,2,2026-13-01,2\n")
    ingest([bad], place, feed="shipments")
    report = build(place)
    assert report.failed == ()
    with warehouse.connect(place) as con:
        ask = con.execute
        assert ask("SELECT feed, rows_in, rows_accepted FROM health.ledger").fetchall() == [
            ("order_lines", 2, 2),
            ("shipments", 3, 3),
            ("shipments", 1, 0),
        ]
        assert ask("SELECT column_name, value FROM health.rejects").fetchall() == [
            ("shipped_date", "2026-13-01")
        ]
        assert ask("SELECT kind, n_rows FROM health.reject_summary").fetchall() == [("fault", 1)]
        assert ask(
            "SELECT month_date, n_rows FROM health.coverage WHERE feed = 'shipments'"
        ).fetchall() == [(date(2026, 3, 1), 3)]
        assert ask("SELECT count(*) FROM health.checks WHERE NOT is_passed").fetchall() == [(0,)]
        assert ask("SELECT subject FROM marts.asides WHERE feed = 'shipments'").fetchall() == [
            ("Z/1",)
        ]


def test_a_failed_check_publishes_nothing_and_says_which(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = build(place).build
    entry = next((place / "ledger").glob("*.json"))
    told = json.loads(entry.read_text())
    entry.write_text(json.dumps({**told, "rows_accepted": told["rows_accepted"] + 1}))
    report = build(place)
    assert report.build is None
    assert [outcome.check for outcome in report.failed] == [
        "rows_in_are_accepted_or_rejected",
        "accepted_rows_are_in_the_lake",
        "accepted_rows_are_in_use_or_superseded",
    ]
    assert warehouse.current_build(place) == first
    failure = warehouse.failed_checks(place)
    assert failure is not None
    assert failure.as_of_date == date(2026, 3, 6)
    assert [one.check for one in failure.failed] == [one.check for one in report.failed]
    assert failure.failed[0].examples == report.failed[0].examples
    assert main(["check", "--warehouse", str(place)]) == 1
    assert "check rows_in_are_accepted_or_rejected failed" in capsys.readouterr().err
    entry.write_text(json.dumps(told))
    build(place)
    assert warehouse.failed_checks(place) is None


def test_five_builds_are_kept_and_no_id_is_used_twice(place: Path) -> None:
    ids = [report.build.build_id for report in (build(place) for _ in range(7)) if report.build]
    earlier = build(place, as_of=date(2026, 3, 4)).build
    assert ids[-1] == "20260306-7"
    assert earlier is not None
    assert earlier.build_id == "20260304-8"
    kept = sorted(path.name for path in (place / "builds").glob("build-*"))
    assert len(kept) == warehouse.BUILDS_KEPT
    assert "build-20260304-8.duckdb" in kept


def test_a_reader_keeps_its_build_while_the_next_is_published(place: Path) -> None:
    build(place)
    with warehouse.connect(place) as old:
        (place.parent / "shipments_3.csv").write_text(
            "order_id,line_no,shipped_date,qty_shipped\nA,2,2026-03-06,3\n"
        )
        ingest([place.parent / "shipments_3.csv"], place, feed="shipments")
        build(place)
        with warehouse.connect(place) as new:
            assert measure(old, "unit_fill_rate")["numerator"].tolist() == [12]
            assert measure(new, "unit_fill_rate")["numerator"].tolist() == [15]


@pytest.mark.parametrize("left", ["making", "unpointed", "pointer aside"])
def test_a_killed_build_leaves_the_last_one_in_use_and_the_next_one_works(
    place: Path, left: str
) -> None:
    first = build(place).build
    if left == "making":
        (place / "builds" / ".making-1").mkdir()
        (place / "builds" / ".making-1" / "build.duckdb").write_bytes(b"half")
    elif left == "unpointed":
        (place / "builds" / "build-20260306-2.duckdb").write_bytes(b"half")
    else:
        (place / "current.json.new").write_text("{")
    assert warehouse.current_build(place) == first
    second = build(place).build
    assert second is not None
    assert second == warehouse.current_build(place)
    assert not list((place / "builds").glob(".making-*"))
    with warehouse.connect(place) as con:
        assert measure(con, "line_fill_rate")["n"].tolist() == [2]


def test_two_builds_do_not_run_at_once(place: Path) -> None:
    with (
        warehouse.building(place),
        pytest.raises(UserError, match="another build is running"),
        warehouse.building(place, timeout=0.1),
    ):
        pass


def test_an_empty_warehouse_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="run `python -m data ingest PATH` first"):
        build(tmp_path)
    with pytest.raises(UserError, match="run `python -m data build` first"):
        warehouse.connect(tmp_path)


def test_check_publishes_nothing(place: Path) -> None:
    report = check(place)
    assert report.build is None
    assert report.failed == ()
    assert warehouse.current_build(place) is None


def test_progress_counts_every_step(place: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build(place, progress=lambda step, number, of: told.append((step, number, of)))
    assert told[0][0] == "staging/items"
    assert [number for _, number, _ in told] == list(range(1, told[0][2] + 1))


def test_a_load_that_is_replaced_counts_no_more(place: Path) -> None:
    entries = lake.ledger(place)
    shipments = next(entry for entry in entries if entry.feed == "shipments")
    path = next((place / "ledger").glob(f"*{shipments.load_id}.json"))
    told = json.loads(path.read_text())
    (place / "ledger" / "00000099-order.json").write_text(
        json.dumps(
            {
                **json.loads(next((place / "ledger").glob("00000001-*.json")).read_text()),
                "seq": 99,
                "retires": [told["load_id"]],
            }
        )
    )
    build(place)
    with warehouse.connect(place) as con:
        assert measure(con, "unit_fill_rate")["numerator"].tolist() == [0]


def test_the_commands_print_figures_and_name_mistakes(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--warehouse", str(place)]
    assert main(["build", *home, "--as-of", "2026-03-05", "--json"]) == 0
    built = json.loads(capsys.readouterr().out)
    assert (built["build_id"], built["as_of_date"]) == ("20260305-1", "2026-03-05")
    assert main(["build", *home]) == 0
    assert "published build 20260306-2" in capsys.readouterr().out
    asked = ["measure", "unit_fill_rate", *home, "--every", "month", "--by", "site_id,item_id"]
    assert main([*asked, "--where", "item_id=P2", "--format", "csv"]) == 0
    header, row = capsys.readouterr().out.strip().splitlines()
    assert header.startswith("period,site_id,item_id,numerator,denominator,value,n,pending")
    assert row.startswith("2026-03-01,DC1,P2,2.0,5.0,0.4,1,0")
    assert main(["measure", "in_stock_rate", *home, "--json"]) == 0
    nothing = json.loads(capsys.readouterr().out)
    assert (nothing[0]["value"], nothing[0]["n"]) == (None, 0)
    assert main(["measure", "in_stock_rate", *home]) == 0
    assert "no data" in capsys.readouterr().out
    assert main(["check", *home, "--json"]) == 0
    capsys.readouterr()
    assert main(["metrics", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["metric"] == "unit_fill_rate"
    for mistake, told in (
        (["measure", "fill_rate"], "there is no metric 'fill_rate'"),
        (["measure", "unit_fill_rate", "--by", "city"], "no dimension 'city'"),
        (["measure", "unit_fill_rate", "--where", "DC1"], "--where 'DC1' has no '='"),
    ):
        assert main([*mistake, *home]) == 2
        assert told in capsys.readouterr().err
    with pytest.raises(SystemExit) as refused:
        main(["build", *home, "--as-of", "yesterday"])
    assert refused.value.code == 2
    assert "'yesterday' is not a date" in capsys.readouterr().err


def test_a_warehouse_made_anew_repeats_ids_but_no_token(place: Path) -> None:
    first = build(place).build
    shutil.rmtree(place)
    ingest([place.parent / "order_lines.csv", place.parent / "shipments.csv"], place)
    second = build(place).build
    assert first is not None
    assert second is not None
    assert first.build_id == second.build_id
    assert first.token != second.token
    assert warehouse.current_build(place) == second


def test_a_load_that_comes_while_a_build_runs_counts_in_the_next(place: Path) -> None:
    late = place.parent / "shipments_late.csv"
    late.write_text("order_id,line_no,shipped_date,qty_shipped\nA,2,2026-03-06,3\n")

    def load(_step: str, number: int, _of: int) -> None:
        if number == 1:
            ingest([late], place, feed="shipments")

    assert build(place, progress=load).failed == ()
    with warehouse.connect(place) as con:
        assert measure(con, "unit_fill_rate")["numerator"].tolist() == [12]
    build(place)
    with warehouse.connect(place) as con:
        assert measure(con, "unit_fill_rate")["numerator"].tolist() == [15]


@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-07", "2062-01-01"])
def test_an_as_of_date_outside_the_facts_is_refused(place: Path, day: str) -> None:
    with pytest.raises(UserError, match="expected 2026-03-02 to 2026-03-06"):
        build(place, as_of=date.fromisoformat(day))


def _damage(place: Path, what: str) -> None:
    if what == "file":
        shutil.rmtree(place)
        place.write_text("no folder")
    elif what == "ledger":
        entry = next((place / "ledger").glob("*.json"))
        entry.write_text(entry.read_text()[:40])
    elif what == "raw":
        next((place / "raw" / "shipments").glob("*.parquet")).unlink()
    else:
        (place / "current.json").write_text('{"build_id": "2026')


@pytest.mark.parametrize(
    ("what", "command", "said"),
    [
        ("file", ["build"], "is no folder"),
        ("file", ["measure", "unit_fill_rate"], "is no folder"),
        ("file", ["ingest", "order_lines.csv"], "cannot be made"),
        ("file", ["rejects"], "is no folder"),
        ("ledger", ["build"], "is cut short or damaged; put it back from a copy"),
        ("ledger", ["rejects"], "is cut short or damaged; put it back from a copy"),
        ("raw", ["build"], "is missing: the 3 rows accepted from shipments.csv"),
        ("pointer", ["measure", "unit_fill_rate"], "run `python -m data build` to write it anew"),
        ("pointer", ["build"], ""),
    ],
)
def test_a_damaged_warehouse_is_one_line_and_no_traceback(  # noqa: PLR0917
    place: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    command: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(place.parent)
    _damage(place, what)
    assert main([*command, "--warehouse", str(place)]) == (2 if said else 0)
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == (1 if said else 0)
