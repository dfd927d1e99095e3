"""The simulated grocer: laws of its trading, its faults found again, and before against after."""

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from data.build import build
from data.ingest import ingest
from data.warehouse import current_build
from sample_data.faults import Fault
from sample_data.grocer.feeds import write_grocer
from sample_data.grocer.outcome import season_errors, shared_out
from sample_data.grocer.range import BEAUTY, GROCERY
from sample_data.grocer.settings import GrocerSettings
from sample_data.grocer.trading import GrocerRun, simulate_grocer

SMALL = GrocerSettings(n_stores=7, n_counters=4)


@pytest.fixture(scope="module")
def run() -> GrocerRun:
    return simulate_grocer(SMALL)


@pytest.fixture(scope="module")
def written(run: GrocerRun, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fault]]:
    folder = tmp_path_factory.mktemp("grocer")
    return folder, write_grocer(run, folder)[1]


def test_the_same_settings_give_the_same_bytes(
    written: tuple[Path, list[Fault]], tmp_path: Path
) -> None:
    write_grocer(simulate_grocer(SMALL), tmp_path)

    def prints(folder: Path) -> dict[str, str]:
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.iterdir())
        }

    assert prints(tmp_path) == prints(written[0])


def test_a_season_sells_no_more_than_it_has_and_hides_only_what_ran_out(run: GrocerRun) -> None:
    for one in run.seasons:
        if one.delivered is None:
            continue
        start = SMALL.week_of(one.season.start)
        weeks = slice(start, min(start + 8, SMALL.n_sold))
        sold, wanted = run.sold[one.pairs, weeks], run.grocer.demand[one.pairs, weeks]
        assert (sold.sum(axis=1) <= one.on_hand + one.delivered).all()
        in_stock = run.in_stock[one.pairs, weeks]
        assert (sold[in_stock] == wanted[in_stock]).all()
        assert (sold <= wanted).all()


def test_what_is_shared_out_and_held_back_is_what_was_bought(run: GrocerRun) -> None:
    for one in run.seasons:
        if one.allocated is None:
            continue
        item = run.grocer.pairs["item"].to_numpy()[one.pairs]
        sent = np.bincount(item, one.allocated, len(one.total))
        np.testing.assert_array_equal(sent + one.held_back, one.total)


def test_the_tool_shares_out_groceries_from_its_start_and_beauty_never(run: GrocerRun) -> None:
    lines = shared_out(run)
    tool = lines.groupby(["season_id", "business_unit"])["is_tool"].mean()
    assert tool.xs(BEAUTY, level=1).tolist() == [0, 0, 0, 0]
    assert tool.xs(GROCERY, level=1).to_dict() == {
        "christmas-2024": 0, "easter-2025": 0, "christmas-2025": 1, "easter-2026": 1,
    }  # fmt: skip


def test_planted_errors_of_execution_are_found_again_by_the_build(
    written: tuple[Path, list[Fault]], tmp_path: Path
) -> None:
    folder, faults = written
    ingest([folder], tmp_path)
    build(tmp_path)
    current = current_build(tmp_path)
    assert current is not None
    with duckdb.connect(str(current.path), read_only=True) as con:
        found = con.execute(
            "SELECT kind, count(*) FROM marts.execution_errors GROUP BY kind"
        ).fetchall()
        (rejected,) = con.execute("SELECT count(*) FROM health.rejects").fetchall()[0]
    assert dict(found) == {fault.outcome.rsplit(" ", 1)[1]: fault.n for fault in faults}
    assert Counter(kind for kind, _ in found).total() == 3
    assert rejected == 0


@pytest.fixture(scope="module")
def errors() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Errors of the committed business, and of the same one that kept the old rule."""
    runs = (simulate_grocer(replace(GrocerSettings(), tool_start=day)) for day in
            (GrocerSettings().tool_start, None))  # fmt: skip
    made, kept = (season_errors(run) for run in runs)
    return made, kept


def test_the_tool_lowers_the_errors_and_the_old_rule_does_not(
    errors: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    made, kept = errors
    mine = made[made["business_unit"] == GROCERY]
    before, after = mine[~mine["is_tool"]], mine[mine["is_tool"]]
    assert before["error"].min() > 0.12
    assert after["error"].max() < 0.105
    assert after["upper"].max() < before["lower"].min()
    old = kept[(kept["business_unit"] == GROCERY) & kept["season_id"].isin(after["season_id"])]
    assert old["error"].min() > 0.11
    assert (old["error"].to_numpy() > after["error"].to_numpy() + 0.02).all()


def test_luck_is_what_no_tool_could_have_avoided(
    errors: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    for table in errors:
        assert table["luck"].between(0.04, 0.08).all()
        assert (table["error"] > table["luck"]).all()
