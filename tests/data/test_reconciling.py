"""Every row of every file is accounted for, by hand-counted deliveries."""

import json
from pathlib import Path

import pandas as pd
import pytest

from data.__main__ import main
from data.build import build
from data.ingest import ingest
from data.reconciling import reconcile
from data.rejects import read_rejects, to_mend
from tests.data.ingest.files import write

HEADER = "order_id,line_no,customer_id,item_id,site_id,order_date,requested_date,qty_ordered\n"
MOVES = "order_id,line_no,shipped_date,qty_shipped\n"


def line(order: str, qty: object, ordered: str = "2026-05-01") -> str:
    return f"{order},1,C,I,S,{ordered},2026-05-09,{qty}\n"


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """May; June, which repeats A with another quantity, a copy, two faults, a date to come."""
    may = write(tmp_path, "order_lines_05.csv", HEADER + line("A", 1) + line("B", 2))
    june = write(
        tmp_path,
        "order_lines_06.csv",
        HEADER
        + line("A", 5)
        + line("C", 3)
        + line("C", 3)
        + line("D", "many")
        + line("E", "few")
        + line("F", 1, "2099-01-01"),
    )
    folder = tmp_path / "wh"
    ingest([may, june], folder)
    rows = to_mend(read_rejects(folder, "order_lines_06.csv"))
    rows.loc[rows["order_id"] == "D", "qty_ordered"] = "7"
    mended = tmp_path / "order_lines_mended.csv"
    rows.to_csv(mended, index=False)
    ingest([mended], folder)
    moves = MOVES + "A,1,2026-05-03,1\nB,1,2026-05-03,2\n"
    ingest([write(tmp_path, "shipments_a.csv", moves)], folder)
    ingest([write(tmp_path, "shipments_b.csv", moves + "C,1,2026-05-04,3\n")], folder)
    return folder


def counts(loads: pd.DataFrame, file: str) -> dict[str, int]:
    (found,) = loads[loads["file"] == file].to_dict("records")
    return {
        str(name).removeprefix("n_"): int(n)
        for name, n in found.items()
        if str(name).startswith(("n_", "rows_in")) and n
    }


def test_rows_go_from_the_file_to_accepted_rejected_and_superseded(warehouse: Path) -> None:
    loads = reconcile(warehouse).loads
    assert counts(loads, "order_lines_05.csv") == {
        "rows_in": 2, "accepted": 2, "in_use": 1, "superseded": 1,
    }  # fmt: skip
    assert counts(loads, "order_lines_06.csv") == {
        "rows_in": 6, "accepted": 3, "faults": 2, "mended": 1, "duplicates": 1, "in_use": 2,
        "misdated": 1,
    }  # fmt: skip
    assert counts(loads, "order_lines_mended.csv") == {
        "rows_in": 2, "accepted": 1, "faults": 1, "in_use": 1,
    }  # fmt: skip
    assert counts(loads, "shipments_a.csv") == {"rows_in": 2, "accepted": 2, "superseded": 2}
    assert counts(loads, "shipments_b.csv") == {"rows_in": 3, "accepted": 3, "in_use": 3}


def test_each_superseded_row_names_the_row_that_stands_for_it(warehouse: Path) -> None:
    found = reconcile(warehouse).superseded
    assert found.to_numpy().tolist() == [
        ["order_lines", "A, 1", "order_lines_05.csv", 2, "order_lines_06.csv", 2],
        ["shipments", "A, 1, 2026-05-03", "shipments_a.csv", 2, "shipments_b.csv", 2],
        ["shipments", "B, 1, 2026-05-03", "shipments_a.csv", 3, "shipments_b.csv", 3],
    ]


def test_a_file_loaded_again_under_another_mapping_is_replaced_whole(tmp_path: Path) -> None:
    body = "o,l,d,q\nA,1,2026-05-01,2\nB,1,2026-05-01,x\n"
    path = write(tmp_path, "odd.csv", body)
    told = (
        '[[feed]]\nfeed = "shipments"\n[feed.columns]\norder_id = "o"\nline_no = "l"\n'
        'shipped_date = "d"\nqty_shipped = {}\n'
    )
    for rule in ('"q"', '{ column = "q", missing = "x", blank = "1" }'):
        mapping = write(tmp_path, "odd.toml", told.format(rule))
        ingest([path], tmp_path / "wh", mapping=mapping)
    loads = reconcile(tmp_path / "wh").loads
    assert loads[["fate", "rows_in", "n_accepted", "n_faults", "n_in_use"]].to_numpy().tolist() == [
        ["replaced whole", 2, 1, 1, 0],
        ["in use", 2, 2, 0, 2],
    ]


def test_the_build_carries_the_same_account_and_holds_it_as_a_check(warehouse: Path) -> None:
    made = build(warehouse)
    assert made.build is not None, made.failed
    assert "accepted_rows_are_in_use_or_superseded" in [one.check for one in made.checks]


def test_the_command_accounts_for_a_file_and_lists_rows(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["reconcile", "--warehouse", str(warehouse)]
    assert main([*told, "--file", "order_lines_06.csv"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "order_lines_06.csv (order_lines), in use: 6 rows = 2 faulty, 1 of them mended since, "
        "1 copies, 2 in use, 1 dated after the load",
        "6 rows in 1 loads: 2 in use, 0 not accounted for",
    ]
    assert main([*told, "--rows", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 3
    assert main([*told, "--file", "nowhere.csv"]) == 2
