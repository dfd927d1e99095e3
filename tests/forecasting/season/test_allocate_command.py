"""`python -m forecasting allocate`: what it writes, what it says, how it refuses."""

import json
from pathlib import Path

import pandas as pd
import pytest

from forecasting.__main__ import main

WEEKS = pd.date_range(end="2023-10-30", periods=60, freq="7D")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sales of one item at two stores, three to one; ids with leading zeros; a total of 100."""
    rows = [
        (f"007/{site}", week.date().isoformat(), level)
        for site, level in (("001", 30), ("002", 10))
        for week in WEEKS
    ]
    pd.DataFrame(rows, columns=["unique_id", "ds", "y"]).to_csv(tmp_path / "s.csv", index=False)
    (tmp_path / "supply.csv").write_text("item_id,qty_total\n007,100\n")
    return tmp_path


def run(folder: Path, *more: str, supply: str = "supply.csv", start: str = "2023-11-06") -> int:
    arguments = ["--series", str(folder / "s.csv"), "--freq", "W"]
    arguments += ["--supply", str(folder / supply), "--start", start, "--end", "2023-12-31"]
    return main(["allocate", *arguments, "--out", str(folder / "out.csv"), *more])


def test_writes_what_each_site_gets_the_same_each_time(folder: Path) -> None:
    assert run(folder) == 0
    first = (folder / "out.csv").read_bytes()
    assert first.decode() == "item_id,site_id,qty\n007,001,75.0\n007,002,25.0\n"
    assert run(folder) == 0
    assert (folder / "out.csv").read_bytes() == first


def test_stock_on_hand_counts(folder: Path) -> None:
    (folder / "stock.csv").write_text("item_id,site_id,qty_on_hand\n007,001,60\n")
    assert run(folder, "--on-hand", str(folder / "stock.csv")) == 0
    assert pd.read_csv(folder / "out.csv")["qty"].tolist() == [60, 40]


def test_says_what_came_out_for_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "packs.csv").write_text("item_id,qty_total,pack\n007,100,12\n")
    assert run(folder, "--json", supply="packs.csv") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["qty_allocated"], said["qty_rest"]) == (96, 4)
    assert said["notes"] == ["item 007: 4 of the total stay: less than a pack of 12"]


def test_a_refused_item_is_named_and_the_rest_is_done(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "two.csv").write_text("item_id,qty_total\n007,100\n008,-1\n")
    assert run(folder, supply="two.csv") == 1
    assert "left out: item 008: qty_total is -1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "start", "message"),
    [
        ("item_id\n007\n", "2023-11-06", "supply.csv: column qty_total is missing"),
        ("item_id,qty_total\n007,100\n", "06/11/2023", "--start '06/11/2023' is not a date"),
        ("item_id,qty_total\n007,100\n", "2020-01-01", "no row before the start of the season"),
        ("item_id,qty_total\n007,100\n", "2024-03-01", "ends on 2023-12-31 before it starts"),
    ],
)
def test_a_mistake_of_the_caller_is_one_line_and_status_2(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    written: str,
    start: str,
    message: str,
) -> None:
    (folder / "supply.csv").write_text(written)
    assert run(folder, start=start) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_a_total_of_0_gives_0_to_every_site(folder: Path) -> None:
    (folder / "none.csv").write_text("item_id,qty_total\n007,0\n")
    assert run(folder, supply="none.csv") == 0
    assert pd.read_csv(folder / "out.csv")["qty"].tolist() == [0, 0]


def test_less_than_a_pack_per_store_goes_to_the_store_with_the_most_demand(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "one.csv").write_text("item_id,qty_total,pack\n007,15,12\n")
    assert run(folder, supply="one.csv") == 0
    assert pd.read_csv(folder / "out.csv")["qty"].tolist() == [12, 0]
    assert "item 007: 3 of the total stay: less than a pack of 12" in capsys.readouterr().err


def test_a_total_below_the_minimum_displays_is_kept_and_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "sites.csv").write_text("site_id,qty_presentation\n001,80\n002,40\n")
    assert run(folder, "--sites", str(folder / "sites.csv")) == 0
    sent = pd.read_csv(folder / "out.csv")["qty"]
    assert sent.sum() == 100
    assert sent[0] >= 80
    assert "item 007: the total does not cover every minimum" in capsys.readouterr().err


def test_a_closed_store_gets_nothing_and_all_closed_keeps_the_total(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "sites.csv").write_text("site_id,is_open\n001,0\n")
    assert run(folder, "--sites", str(folder / "sites.csv")) == 0
    assert pd.read_csv(folder / "out.csv")["qty"].tolist() == [0, 100]
    (folder / "sites.csv").write_text("site_id,is_open\n001,0\n002,0\n")
    assert run(folder, "--sites", str(folder / "sites.csv")) == 0
    assert pd.read_csv(folder / "out.csv")["qty"].tolist() == [0, 0]
    assert "item 007: 100 of the total stay: no site may take more" in capsys.readouterr().err


def test_stores_and_items_without_history_get_a_part_and_the_total_is_kept(folder: Path) -> None:
    (folder / "sites.csv").write_text("site_id\n003\n")
    (folder / "two.csv").write_text("item_id,qty_total\n007,100\n008,60\n")
    assert run(folder, "--sites", str(folder / "sites.csv"), supply="two.csv") == 0
    sent = pd.read_csv(folder / "out.csv", dtype={"item_id": str, "site_id": str})
    assert sent.groupby("item_id")["qty"].sum().to_dict() == {"007": 100, "008": 60}
    assert (sent["qty"] > 0).all()
    assert len(sent) == 6


@pytest.mark.parametrize(
    ("freq", "dates", "season"),
    [
        ("D", pd.date_range(end="2023-11-05", periods=500), "2023-11-06 to 2023-12-31"),
        ("MS", pd.date_range(end="2023-10-01", periods=30, freq="MS"), "2023-11-01 to 2023-12-01"),
    ],
)
def test_days_and_months_are_allocated_like_weeks(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    freq: str,
    dates: pd.DatetimeIndex,
    season: str,
) -> None:
    rows = [
        (f"007/{site}", day.date().isoformat(), level)
        for site, level in (("001", 30), ("002", 10))
        for day in dates
    ]
    pd.DataFrame(rows, columns=["unique_id", "ds", "y"]).to_csv(folder / "s.csv", index=False)
    (folder / "supply.csv").write_text("item_id,qty_total,pack\n007,101,2\n008,30,12\n")
    (folder / "sites.csv").write_text("site_id,qty_presentation\n002,40\n")
    assert run(folder, "--freq", freq, "--sites", str(folder / "sites.csv"), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["season"] == season
    aligned = {"D": "thanksgiving", "MS": "the same months a year before"}[freq]
    assert said["reference_aligned_on"] == aligned
    sent = pd.read_csv(folder / "out.csv", dtype={"item_id": str})
    assert sent.groupby("item_id")["qty"].sum().to_dict() == {"007": 100, "008": 24}
    assert said["qty_rest"] == 7
    assert sent["qty"].tolist()[:2] == [60, 40]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("site_id,is_open\n001,closed\n", "sites.csv: site 001: is_open is closed (expected yes"),
        ("site_id,qty_min,qty_max\n001,50,20\n", "sites.csv: site 001: qty_min 50 is more than"),
        ("site_id,item_id,qty_min,qty_max\n001,,50,\n001,007,,20\n",
         "item 007, site 001: qty_min 50 is more than qty_max 20"),
    ],
)  # fmt: skip
def test_a_limit_that_nobody_can_keep_is_refused_with_its_site(
    folder: Path, capsys: pytest.CaptureFixture[str], written: str, said: str
) -> None:
    (folder / "sites.csv").write_text(written)
    assert run(folder, "--sites", str(folder / "sites.csv")) == 2
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1


def test_what_has_no_history_and_limits_of_no_use_are_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "two.csv").write_text("item_id,qty_total\n007,100\n008,60\n")
    (folder / "sites.csv").write_text("site_id,item_id,qty_max\n003,,90\n001,999,20\n")
    assert run(folder, "--sites", str(folder / "sites.csv"), supply="two.csv") == 0
    said = capsys.readouterr().err
    assert "note: site 003: no sales are known, planned as a new store\n" in said
    assert "note: item 008: no sales are known, planned as a new item\n" in said
    assert "note: site 001, item 999: the item is not in the supply, its limits" in said


def test_stock_in_a_warehouse_makes_it_no_store(folder: Path) -> None:
    (folder / "stock.csv").write_text("item_id,site_id,qty_on_hand\n007,DC1,500\n007,001,60\n")
    assert run(folder, "--on-hand", str(folder / "stock.csv")) == 0
    sent = pd.read_csv(folder / "out.csv", dtype={"site_id": str})
    assert sent["site_id"].tolist() == ["001", "002"]
    assert sent["qty"].tolist() == [60, 40]


def test_less_than_one_pack_in_all_stays_whole(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "one.csv").write_text("item_id,qty_total,pack\n007,7,12\n")
    assert run(folder, supply="one.csv") == 0
    assert pd.read_csv(folder / "out.csv")["qty"].tolist() == [0, 0]
    assert "item 007: 7 of the total stay: less than a pack of 12" in capsys.readouterr().err
