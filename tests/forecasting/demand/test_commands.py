"""`backtest` and `forecast` from file to file."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasting.__main__ import main
from tests.forecasting.demand.panels import intermittent


@pytest.fixture
def series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WAREHOUSE", str(tmp_path / "warehouse"))
    panel = intermittent(12, 40)
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat([f"000{i}" for i in range(12)], 40),
            "ds": np.tile(panel.periods.strftime("%Y-%m-%d"), 12),
            "y": panel.y.ravel(),
        }
    )
    path = tmp_path / "series.csv"
    frame.to_csv(path, index=False)
    return path


def test_backtest_writes_a_row_per_series_period_and_model(
    series: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = series.parent / "out.csv"
    options = ["--freq", "MS", "--horizon", "3", "--windows", "2", "--models", "tsb,year_mean"]
    assert main(["backtest", "--series", str(series), *options, "--out", str(out), "--json"]) == 0
    rows = pd.read_csv(out, dtype={"unique_id": str})
    levels = ["q_0.5", "q_0.8", "q_0.9", "q_0.95", "q_0.99"]
    assert list(rows) == ["unique_id", "ds", "cutoff", "model", "y", "yhat", *levels]
    assert len(rows) == 12 * 3 * 2 * 2
    assert set(rows["unique_id"]) == {f"000{i}" for i in range(12)}
    printed = json.loads(capsys.readouterr().out)
    assert {row["model"] for row in printed} == {"tsb", "year_mean"}


def test_the_second_run_takes_what_is_kept_and_writes_the_same(series: Path) -> None:
    outs = [series.parent / name for name in ("one.parquet", "two.parquet", "three.parquet")]
    options = ["--freq", "MS", "--horizon", "3", "--windows", "1", "--models", "chosen"]
    for out, extra in zip(outs, ([], [], ["--no-cache"]), strict=True):
        assert main(["backtest", "--series", str(series), *options, "--out", str(out), *extra]) == 0
    frames = [pd.read_parquet(out) for out in outs]
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])
    kept = list((series.parent / "warehouse" / "cache" / "forecasts").iterdir())
    assert len(kept) == 1


def test_forecast_names_the_model_of_each_series(series: Path) -> None:
    out = series.parent / "forecast.csv"
    options = ["--freq", "MS", "--horizon", "2", "--quantiles", "0.5,0.97"]
    assert main(["forecast", "--series", str(series), *options, "--out", str(out)]) == 0
    rows = pd.read_csv(out, dtype={"unique_id": str})
    assert list(rows) == ["unique_id", "ds", "model", "yhat", "q_0.5", "q_0.97"]
    assert len(rows) == 24
    assert rows["ds"].unique().tolist() == ["2023-05-01", "2023-06-01"]
    assert (rows["q_0.97"] >= rows["q_0.5"]).all()


WEEKS = pd.date_range("2024-01-01", periods=80, freq="W-MON")
STEADY = (np.random.default_rng(2).poisson(5, 80) + 1).astype(float)
GOOD = [f"good {n}" for n in range(8)]


def changed(place: int | slice, value: object) -> list[object]:
    amounts = STEADY.astype(object)
    amounts[place] = value
    return list(amounts)


BAD: dict[str, tuple[pd.DatetimeIndex, Iterable[object]]] = {
    "one period": (WEEKS[-1:], [5]),
    "two periods": (WEEKS[-2:], [5, 2]),
    "constant": (WEEKS, [7] * 80),
    "all zero": (WEEKS, [0] * 80),
    "negative": (WEEKS, -STEADY),
    "missing periods": (WEEKS[::3], STEADY[::3]),
    "duplicates": (pd.DatetimeIndex([*WEEKS, *WEEKS[:9]]), np.append(STEADY, STEADY[:9])),
    "daily": (pd.date_range("2025-01-01", periods=90), [1] * 90),
    "not a number": (WEEKS, changed(slice(3, 9), "nan")),
    "infinite": (WEEKS, changed(9, "inf")),
    "text": (WEEKS, changed(9, "n/a")),
    "typo": (WEEKS, changed(9, 5e6)),
    "begins now": (WEEKS[-1:] + pd.Timedelta(days=7), [4]),
    "monthly": (pd.date_range("2024-01-01", periods=18, freq="MS"), [20] * 18),
    "beyond demand": (WEEKS, STEADY * 1e200),
    "nothing known": (WEEKS, ["nan"] * 80),
}
REFUSED = {"monthly", "beyond demand", "nothing known"}


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Good series, bad ones, and one without a readable date."""
    monkeypatch.setenv("WAREHOUSE", str(tmp_path / "warehouse"))
    rng = np.random.default_rng(3)
    every = dict(BAD)
    for name in GOOD:
        every[name] = (WEEKS, rng.poisson(4, 80))
    parts = [
        pd.DataFrame({"unique_id": name, "ds": dates.strftime("%Y-%m-%d"), "y": list(amounts)})
        for name, (dates, amounts) in every.items()
    ]
    parts.append(pd.DataFrame({"unique_id": ["no date"], "ds": ["31/12/2025"], "y": [3]}))
    path = tmp_path / "bad.csv"
    pd.concat(parts).sample(frac=1, random_state=1).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    "command", [["forecast"], ["backtest", "--windows", "2", "--models", "chosen,seasonal_naive"]]
)
def test_each_bad_series_is_answered_or_refused_alone_and_the_run_goes_on(
    bad: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = bad.parent / "out.csv"
    options = ["--series", str(bad), "--freq", "W", "--horizon", "4", "--out", str(out)]
    assert main([*command, *options, "--jobs", "1"]) == 0
    rows = pd.read_csv(out)
    levels = [name for name in rows.columns if name.startswith("q_")]
    assert np.isfinite(rows[["yhat", *levels]]).all(axis=None)
    assert (rows[["yhat", *levels]] >= 0).all(axis=None)
    # A mistyped million moves nothing.
    assert rows.loc[rows["unique_id"] == "typo", "q_0.99"].max() < 50
    told = capsys.readouterr().err
    assert "no row with a readable date and amount (no date)" in told
    assert "mixed rhythms (monthly)" in told
    if command == ["forecast"]:
        assert "typing mistake, not as demand (typo)" in told
        assert set(rows["unique_id"]) == {*GOOD, *BAD} - REFUSED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["--freq", "Q"], "--freq 'Q' is unknown (expected MS, W, D)"),
        (["--horizon", "0"], "--horizon 0 is not a count of 1 or more"),
        (["--windows", "40"], "40 windows of 3 periods do not fit: there are 40 periods"),
        (["--models", "oracle"], "--models 'oracle' is unknown"),
        (["--series", "nowhere.csv"], "nowhere.csv: no such file"),
        (["--out", "out.txt"], "the ending '.txt' is unknown"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    series: Path, change: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {
        "--series": str(series), "--freq": "MS", "--horizon": "3", "--windows": "1",
        "--models": "tsb", "--out": str(series.parent / "out.csv"),
    }  # fmt: skip
    given[change[0]] = change[1]
    assert main(["backtest", *(part for pair in given.items() for part in pair)]) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1
    assert errors[0].startswith("error: ")
    assert said in errors[0]
