"""Feeds of any size: as many lines as asked for, the same bytes twice, keys that hold."""

import json
from pathlib import Path

import pandas as pd
import pytest

from data.__main__ import main


def test_writes_as_many_lines_as_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", "--lines", "700", "--seed", "3", "--out", str(tmp_path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    lines = pd.read_csv(tmp_path / "order_lines.csv", dtype=str)
    assert printed["rows"]["order_lines"] == len(lines) == 700
    assert not lines.duplicated(["order_id", "line_no"]).any()
    assert lines["order_id"].nunique() == 300
    assert lines["order_date"].max() <= "2026-06-14"


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for folder, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        main(["sample", "--lines", "300", "--seed", seed, "--out", str(tmp_path / folder)])
    read = {path: (tmp_path / path / "shipments.csv").read_bytes() for path in "abc"}
    assert read["a"] == read["b"] != read["c"]


def test_every_shipment_and_promise_belongs_to_a_line(tmp_path: Path) -> None:
    main(["sample", "--lines", "2000", "--seed", "5", "--out", str(tmp_path)])
    key = ["order_id", "line_no"]
    lines = pd.read_csv(tmp_path / "order_lines.csv").set_index(key)
    for feed in ("shipments", "order_promises"):
        rows = pd.read_csv(tmp_path / f"{feed}.csv").set_index(key)
        assert rows.index.isin(lines.index).all()
    sent = pd.read_csv(tmp_path / "shipments.csv").groupby(key)["qty_shipped"].sum()
    assert (sent <= lines["qty_ordered"].reindex(sent.index)).all()


@pytest.mark.parametrize(
    ("lines", "seed", "said"),
    [("0", "1", "--lines 0: expected 1 or more"), ("5", "-1", "--seed -1: expected 0 to 2^63 - 1")],
)
def test_a_mistake_of_the_caller_gets_one_line(
    lines: str, seed: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["sample", "--lines", lines, "--seed", seed, "--out", str(tmp_path)])
    assert status == 2
    assert capsys.readouterr().err == f"error: {said}\n"
