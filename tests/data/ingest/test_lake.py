"""The ledger: the same bytes once, changed mappings, and runs that are killed at any point."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data import lake
from data.ingest import ingest
from tests.data.ingest.files import HEADER, load, order_line, rows, write

BODY = "\n".join((HEADER, *(order_line(number) for number in range(3000)))) + "\n"
CUSTOMERS = "customer_id,segment\nC1,a\nC2,b\n"


def test_the_same_bytes_again_do_nothing_and_say_so(tmp_path: Path) -> None:
    first = load(write(tmp_path, "customers.csv", CUSTOMERS), tmp_path / "wh")
    again = load(write(tmp_path, "customers_copy.csv", CUSTOMERS), tmp_path / "wh")
    assert again.status == "already loaded"
    assert again.message == (
        "customers_copy.csv: the same bytes are already loaded as customers "
        f"(customers.csv, {first.entry.loaded_at[:19]} UTC); nothing done"
    )
    assert len(lake.ledger(tmp_path / "wh")) == 1


def test_a_later_delivery_is_a_load_of_its_own_and_comes_after(tmp_path: Path) -> None:
    load(write(tmp_path, "customers_1.csv", CUSTOMERS), tmp_path / "wh")
    load(write(tmp_path, "customers_2.csv", CUSTOMERS.replace("C2,b", "C2,c")), tmp_path / "wh")
    assert rows(tmp_path / "wh", "customers", "customer_id, segment") == [
        ("C1", "a"),
        ("C2", "b"),
        ("C1", "a"),
        ("C2", "c"),
    ]
    entries = lake.ledger(tmp_path / "wh")
    assert [entry.seq for entry in entries] == [1, 2]
    assert entries[0].loaded_at < entries[1].loaded_at


def test_a_changed_mapping_retires_the_earlier_load_of_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, "kunden.csv", "nr,art\n1,x\n2,y\n")
    mapping = '[[feed]]\nfeed = "customers"\n[feed.columns]\ncustomer_id = "nr"\nsegment = {}\n'
    first = write(tmp_path, "first.toml", mapping.format('"art"'))
    second = write(
        tmp_path, "second.toml", mapping.format('{ column = "art", codes = { x = "A" } }')
    )
    one = load(path, tmp_path / "wh", mapping=first)
    two = load(path, tmp_path / "wh", mapping=second)
    assert two.entry.retires == (one.entry.load_id,)
    assert rows(tmp_path / "wh", "customers", "customer_id, segment") == [("1", "A")]
    back = load(path, tmp_path / "wh", mapping=first)
    assert (back.status, back.entry.retires) == ("loaded", (two.entry.load_id,))
    assert rows(tmp_path / "wh", "customers", "customer_id, segment") == [("1", "x"), ("2", "y")]


def test_a_mapping_mended_to_another_feed_retires_what_it_made_before(tmp_path: Path) -> None:
    path = write(tmp_path, "list.csv", "nr,name\nC1,x\n")
    told = '[[feed]]\nfeed = "customers"\n[feed.columns]\n{} = "nr"\n{} = "name"\n'
    load(
        path,
        tmp_path / "wh",
        mapping=write(tmp_path, "m.toml", told.format("customer_id", "customer_name")),
    )
    mended = told.replace("customers", "suppliers").format("supplier_id", "supplier_name")
    load(path, tmp_path / "wh", mapping=write(tmp_path, "m.toml", mended))
    assert rows(tmp_path / "wh", "suppliers", "supplier_id") == [("C1",)]
    assert rows(tmp_path / "wh", "customers", "customer_id") == []


def test_a_refusal_is_written_once_and_gives_way_to_a_load(tmp_path: Path) -> None:
    path = write(tmp_path, "daten.csv", "nr\n1\n")
    assert load(path, tmp_path / "wh").status == "refused"
    assert load(path, tmp_path / "wh").status == "refused"
    mapping = write(
        tmp_path, "m.toml", '[[feed]]\nfeed = "customers"\n[feed.columns]\ncustomer_id = "nr"\n'
    )
    load(path, tmp_path / "wh", mapping=mapping)
    statuses = [entry.status for entry in lake.ledger(tmp_path / "wh")]
    assert statuses == ["refused", "loaded"]


KILLED = """
import os, signal, sys
from pathlib import Path
from data import lake
from data.ingest import ingest

calls = 0

def killing(real):
    def one(*arguments):
        global calls
        calls += 1
        if calls == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
        real(*arguments)
    return one

lake.put = killing(lake.put)
lake._sync_folder = killing(lake._sync_folder)
ingest([Path(sys.argv[2])], Path(sys.argv[3]))
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("at_call", range(1, 8))
def test_killed_between_any_two_writes_the_next_run_works_and_nothing_is_lost_or_doubled(
    tmp_path: Path, at_call: int
) -> None:
    path = write(tmp_path, "order_lines.csv", BODY)
    command = [sys.executable, "-c", KILLED, str(at_call), str(path), str(tmp_path / "wh")]
    ended = subprocess.run(command, check=False, capture_output=True)
    assert ended.returncode == (-signal.SIGKILL if at_call <= 6 else 0), ended.stderr
    before = rows(tmp_path / "wh", "order_lines", "count(*)", ordered=False)
    assert before in ([], [(3000,)])
    assert load(path, tmp_path / "wh").status in ("loaded", "already loaded")
    assert rows(tmp_path / "wh", "order_lines", "count(*)", ordered=False) == [(3000,)]
    assert len(lake.ledger(tmp_path / "wh")) == 1
    stored = {one.stem for one in (tmp_path / "wh").glob("raw/*/*")}
    assert stored == {entry.load_id for entry in lake.ledger(tmp_path / "wh")}


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_killed_at_any_time_the_next_run_works_and_nothing_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "order_lines.csv", BODY)
    command = [sys.executable, "-m", "data", "ingest", str(path), "--warehouse"]
    for number, seconds in enumerate((0.3, 0.6, 0.8, 1.0, 1.2)):
        warehouse = tmp_path / f"wh{number}"
        run = subprocess.Popen([*command, str(warehouse)], stdout=subprocess.DEVNULL)
        time.sleep(seconds)
        run.kill()
        run.wait()
        load(path, warehouse)
        assert rows(warehouse, "order_lines", "count(*)", ordered=False) == [(3000,)]


def test_two_processes_loading_at_once_wait_for_each_other(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, f"customers_{number}.csv", CUSTOMERS.replace("C1", f"D{number}"))
        for number in range(4)
    ]
    command = [sys.executable, "-m", "data", "ingest", "--warehouse", str(tmp_path / "wh")]
    runs = [subprocess.Popen([*command, str(path)], stdout=subprocess.DEVNULL) for path in paths]
    assert [run.wait() for run in runs] == [0, 0, 0, 0]
    assert [entry.seq for entry in lake.ledger(tmp_path / "wh")] == [1, 2, 3, 4]
    assert rows(tmp_path / "wh", "customers", "count(*)", ordered=False) == [(8,)]


def test_the_command_line_ends_with_0_1_and_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "data", "ingest", "--warehouse", str(tmp_path / "wh")]

    def run(*arguments: str) -> tuple[int, str]:
        ended = subprocess.run([*command, *arguments], check=False, capture_output=True, text=True)
        assert "Traceback" not in ended.stderr
        return ended.returncode, ended.stderr.strip()

    good = write(tmp_path, "customers.csv", CUSTOMERS)
    bad = write(tmp_path, "sites.csv", "")
    assert run(str(good)) == (0, "")
    assert run(str(bad)) == (1, "refused: sites.csv is empty (0 bytes)")
    assert run(str(tmp_path / "none")) == (
        2,
        f"error: there is no file or folder {tmp_path / 'none'}",
    )


def test_ingest_of_a_folder_loads_every_file_it_knows(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", "customers.csv", CUSTOMERS)
    write(tmp_path / "in", "order_lines.csv", BODY)
    reports = ingest([tmp_path / "in"], tmp_path / "wh")
    assert [(one.entry.feed, one.entry.rows_accepted) for one in reports] == [
        ("customers", 2),
        ("order_lines", 3000),
    ]
