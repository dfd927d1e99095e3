"""The commands policy, replay and orders from the command line, on a small portfolio."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasting.__main__ import main

N_ITEMS = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three years of months, items and a state."""
    rng = np.random.default_rng(2)
    months = pd.date_range("2023-01-01", periods=36, freq="MS")
    rate = rng.lognormal(0.5, 0.8, N_ITEMS)
    ids = [f"{i:03d}" for i in range(N_ITEMS)]
    demand = rng.poisson(rate[:, None], (N_ITEMS, 36))
    series = pd.DataFrame(
        {
            "unique_id": np.repeat(ids, 36),
            "ds": np.tile(months, N_ITEMS),
            "y": demand.ravel().astype(float),
        }
    )
    series.to_parquet(tmp_path / "series.parquet", index=False)
    series[series["ds"] < "2025-01-01"].to_csv(tmp_path / "past.csv", index=False)
    items = pd.DataFrame(
        {"unique_id": ids, "unit_cost": rng.lognormal(3, 1, N_ITEMS).round(2), "lead_time": 2}
    )
    items.to_csv(tmp_path / "items.csv", index=False)
    state = pd.DataFrame({"unique_id": ids, "on_hand": 2, "on_order_1": 1, "on_order_2": 0})
    state.to_csv(tmp_path / "state.csv", index=False)
    return tmp_path


def policy(folder: Path, *more: str, items: str = "items.csv") -> int:
    return main(
        [
            "policy",
            f"--series={folder / 'past.csv'}",
            "--freq=MS",
            f"--items={folder / items}",
            f"--out={folder / 'policy.csv'}",
            *more,
        ]
    )


def replay(folder: Path, *more: str) -> int:
    return main(
        [
            "replay",
            f"--series={folder / 'series.parquet'}",
            "--freq=MS",
            f"--items={folder / 'items.csv'}",
            f"--policy={folder / 'policy.csv'}",
            "--start=2025-01-01",
            *more,
        ]
    )


def orders(folder: Path, *more: str) -> int:
    return main(
        [
            "orders",
            f"--series={folder / 'past.csv'}",
            "--freq=MS",
            f"--items={folder / 'items.csv'}",
            f"--state={folder / 'state.csv'}",
            "--holding-cost=0.2",
            "--shortage-cost=1",
            f"--out={folder / 'orders.csv'}",
            *more,
        ]
    )


def test_a_planned_fill_comes_true_when_replayed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert policy(folder, "--target-fill-rate=0.9", "--json") == 0
    planned = json.loads(capsys.readouterr().out)
    assert planned["expected_units_fill_rate"] == pytest.approx(0.9, abs=0.01)
    assert replay(folder, "--json", f"--out={folder / 'played.parquet'}") == 0
    played = json.loads(capsys.readouterr().out)
    assert played["unit_fill_rate"] == pytest.approx(0.9, abs=0.05)
    assert played["periods"] == 12
    table = pd.read_parquet(folder / "played.parquet")
    assert table["mean_on_hand_value"].sum() == pytest.approx(played["mean_on_hand_value"])


def test_levels_are_written_with_ids_as_text(folder: Path) -> None:
    assert policy(folder, "--budget=3000", "--objective=lines", "--floor=0.3") == 0
    table = pd.read_csv(folder / "policy.csv", dtype={"unique_id": str})
    assert table.columns.tolist() == [
        "unique_id",
        "reorder_point",
        "order_up_to_level",
        "expected_fill_rate",
        "expected_on_hand",
        "cost",
    ]
    assert table["unique_id"].iloc[0] == "000"
    assert table["cost"].sum() <= 3000


def test_the_frontier_is_written_beside_the_levels(folder: Path) -> None:
    assert policy(folder, "--target-fill-rate=0.8", f"--frontier={folder / 'f.csv'}") == 0
    frontier = pd.read_csv(folder / "f.csv")
    assert (frontier["money"].diff().dropna() > 0).all()


def test_orders_are_written_and_the_same_twice(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert orders(folder, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    first = (folder / "orders.csv").read_bytes()
    assert orders(folder) == 0
    assert (folder / "orders.csv").read_bytes() == first
    table = pd.read_csv(folder / "orders.csv", dtype={"unique_id": str})
    assert table.columns.tolist() == ["unique_id", "qty"]
    assert said["units"] == table["qty"].sum() > 0


def test_a_bad_item_is_named_and_the_others_are_planned(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = pd.read_csv(folder / "items.csv", dtype={"unique_id": str})
    items.loc[3, "unit_cost"] = 0
    items.to_csv(folder / "bad.csv", index=False)
    assert policy(folder, "--target-fill-rate=0.9", items="bad.csv") == 1
    assert "left out: item 003 unit_cost 0.0 is not a number above 0" in capsys.readouterr().err
    assert len(pd.read_csv(folder / "policy.csv")) == N_ITEMS - 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target-fill-rate=1"], "--target-fill-rate 1 is not between 0 and 1"),
        (["--target-fill-rate=90"], "90 % is written 0.9"),
        (["--budget=-5"], "--budget -5 is not a sum of money"),
        (["--budget=1", "--floor=0.9"], "a budget of 1.00 is below"),
        (["--target-fill-rate=0.9", "--floor=1"], "--floor 1 is not from 0 to below 1"),
        (["--target-fill-rate=0.9", "--out=levels.xlsx"], "ends in .csv or .parquet"),
    ],
)
def test_a_mistake_of_the_caller_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert policy(folder, *arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert message in said
    assert said.count("\n") == 1


def test_a_replay_orders_at_the_reorder_point_of_the_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Two a month out of a level of 6, lead time 1: at 2 on hand, 4 are ordered and come in time.
    months = pd.date_range("2024-12-01", periods=5, freq="MS")
    pd.DataFrame({"unique_id": "A", "ds": months, "y": 2.0}).to_parquet(tmp_path / "series.parquet")
    items = pd.DataFrame({"unique_id": ["A"], "unit_cost": 1.0, "lead_time": 1})
    items.to_csv(tmp_path / "items.csv", index=False)
    levels = pd.DataFrame({"unique_id": ["A"], "order_up_to_level": 6})

    def held(**more: float) -> float:
        levels.assign(**more).to_csv(tmp_path / "policy.csv", index=False)
        assert replay(tmp_path, "--json") == 0
        return float(json.loads(capsys.readouterr().out)["mean_on_hand_value"])

    assert held() == np.mean([4, 2, 2, 2])
    assert held(reorder_point=np.nan) == held()
    assert held(reorder_point=2) == np.mean([4, 2, 0, 2])
    levels.assign(reorder_point=7).to_csv(tmp_path / "policy.csv", index=False)
    assert replay(tmp_path) == 2
    assert "item A has a reorder_point above its level" in capsys.readouterr().err


def test_a_replay_outside_the_series_says_where_they_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy(folder, "--target-fill-rate=0.9")
    assert replay(folder, "--start=2030-01-01") == 2
    assert "the series run from 2023-01-01 to 2025-12-01" in capsys.readouterr().err


def test_missing_files_and_columns_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert policy(folder, "--budget=5", items="nowhere.csv") == 2
    assert "nowhere.csv: no such file" in capsys.readouterr().err
    pd.DataFrame({"unique_id": ["000"]}).to_csv(folder / "thin.csv", index=False)
    assert policy(folder, "--budget=5", items="thin.csv") == 2
    assert "thin.csv: column unit_cost is missing" in capsys.readouterr().err


@pytest.fixture
def odd(folder: Path) -> Path:
    """The same portfolio, with a part of every kind that files hold though they should not."""
    items = pd.read_csv(folder / "items.csv", dtype={"unique_id": str}).set_index("unique_id")
    items["moq"] = 0
    items.loc["000", "unit_cost"] = 0
    items.loc["001", "unit_cost"] = np.nan
    items.loc["002", "lead_time"] = 0
    items.loc["003", "moq"] = 5000
    items.to_csv(folder / "items.csv")
    state = pd.read_csv(folder / "state.csv", dtype={"unique_id": str}).set_index("unique_id")
    state["on_order_3"] = 0
    state.loc["004", "on_hand"] = -3
    state.loc["005", "on_order_3"] = 7
    state.to_csv(folder / "state.csv")
    return folder


REFUSED = [
    {"unique_id": "000", "reason": "unit_cost 0.0 is not a number above 0"},
    {"unique_id": "001", "reason": "unit_cost is missing (expected a number above 0)"},
]


def test_a_policy_names_the_parts_without_a_price_and_plans_all_others(
    odd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert policy(odd, "--target-fill-rate=0.9", "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["refused"] == REFUSED
    assert [note["unique_id"] for note in said["notes"]] == ["003"]
    assert said["notes"][0]["note"].startswith("is ordered in lots of 5000, ")
    table = pd.read_csv(odd / "policy.csv", dtype={"unique_id": str}).set_index("unique_id")
    assert len(table) == N_ITEMS - 2
    assert np.isfinite(table["order_up_to_level"]).all()
    level, point = (table[name].astype(float) for name in ("order_up_to_level", "reorder_point"))
    assert level["002"] >= 1
    assert level["003"] - point["003"] >= 5000


def test_a_replay_names_the_parts_without_a_price_and_plays_all_others(
    odd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy(odd, "--target-fill-rate=0.9")
    capsys.readouterr()
    assert replay(odd, "--json", f"--out={odd / 'played.csv'}") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["items"] == N_ITEMS - 2
    assert said["refused"] == REFUSED
    played = pd.read_csv(odd / "played.csv", dtype={"unique_id": str}).set_index("unique_id")
    assert played["unit_fill_rate"].astype(float)["003"] == 1
    assert np.isfinite(played["mean_on_hand_value"]).all()


def test_orders_name_what_is_odd_in_stock_and_on_order_and_go_on(
    odd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert orders(odd, "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["refused"] == REFUSED
    assert said["notes"] == [
        {"unique_id": "004", "note": "on_hand -3 is below 0"},
        {"unique_id": "002", "note": LATE.format(1, 1)},
        {"unique_id": "005", "note": LATE.format(7, 3)},
    ]
    quantity = pd.read_csv(odd / "orders.csv", dtype={"unique_id": str}).set_index("unique_id")
    assert len(quantity) == N_ITEMS - 2
    assert (quantity["qty"] >= 0).all()
    assert quantity["qty"].astype(float)["003"] in (0, 5000)


LATE = "has {} on order due in {} periods, when an order placed now has arrived: not counted"


def test_a_budget_of_nothing_stocks_nothing_and_one_beyond_need_is_pointed_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert policy(folder, "--budget=0", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["mean_on_hand_value"] == 0
    assert (pd.read_csv(folder / "policy.csv")["order_up_to_level"] == 0).all()
    assert policy(folder, "--budget=1e12", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["expected_units_fill_rate"] > 0.999
    assert "the budget is beyond need" in said["notes"][0]["note"]


def test_lots_that_a_budget_cannot_pay_are_refused_with_the_least_that_would_do(
    odd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert policy(odd, "--budget=1") == 2
    assert "a budget of 1.00 is below" in capsys.readouterr().err
