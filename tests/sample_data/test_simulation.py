"""The simulated distribution centres: laws that hold in any run, and what a policy changes."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sample_data.feeds import Written
from sample_data.policies import ReviewState, in_lots, months_of_cover
from sample_data.simulation import Run, simulate
from tests.sample_data.conftest import SMALL


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def test_the_same_settings_give_the_same_bytes(
    small_feeds: tuple[Path, Written], tmp_path: Path
) -> None:
    simulate(SMALL).write(tmp_path)
    assert fingerprints(tmp_path) == fingerprints(small_feeds[0])


def test_another_seed_gives_another_business(small_run: Run) -> None:
    other = simulate(replace(SMALL, seed=1))
    assert other.demand.qty.sum() != small_run.demand.qty.sum()


def test_stock_is_what_came_in_less_what_went_out(small_run: Run) -> None:
    history, world = small_run.history, small_run.world
    on_hand = history.stock[0].astype(int)
    moved = np.zeros_like(on_hand)
    at = {(p, s): k for k, (p, s) in enumerate(world.part_sites[["part", "site"]].to_numpy())}
    for sent in history.shipments:
        if sent.day < len(moved):
            moved[sent.day, at[sent.part, sent.site]] -= sent.qty
    for purchase in history.purchases:
        for receipt in purchase.receipts:
            if receipt.day < len(moved):
                moved[receipt.day, purchase.part_site] += receipt.qty - receipt.rejected
    np.testing.assert_array_equal(np.diff(on_hand, axis=0), moved[:-1])
    assert on_hand.min() >= 0


def test_no_line_gets_more_than_it_ordered(small_run: Run) -> None:
    demand, history = small_run.demand, small_run.history
    served = np.zeros(demand.n, dtype=int)
    for sent in history.shipments:
        served[sent.line] += sent.qty
    for ended in history.cancellations:
        served[ended.line] += ended.qty
    assert (served <= demand.qty).all()
    on_last_day = history.stock[3, -1].sum() + demand.qty[demand.day == demand.day.max()].sum()
    assert (demand.qty - served).sum() <= on_last_day


def test_shipments_leave_on_working_days_of_their_site(small_run: Run) -> None:
    is_working = small_run.world.is_working
    assert all(is_working[sent.site, sent.day] for sent in small_run.history.shipments)


def test_a_policy_that_orders_nothing_empties_the_shelves_after_go_live(small_run: Run) -> None:
    def nothing(state: ReviewState) -> NDArray[np.int64]:
        return np.zeros(len(state.on_hand), dtype=np.int64)

    before, after = small_run, simulate(SMALL, nothing)
    go_live = SMALL.day_of(SMALL.go_live)
    np.testing.assert_array_equal(
        before.history.stock[:, :go_live], after.history.stock[:, :go_live]
    )
    fell_to, was = (
        after.monthly()["availability"].iloc[-1],
        before.monthly()["availability"].iloc[-1],
    )
    assert fell_to < was - 0.1


def test_the_same_customers_order_whatever_the_policy(small_run: Run) -> None:
    one = small_run.demand
    other = simulate(SMALL, months_of_cover(9.0)).demand
    np.testing.assert_array_equal(one.qty, other.qty)
    np.testing.assert_array_equal(one.patience, other.patience)


def test_more_months_of_cover_make_more_lines_available() -> None:
    shares = [
        simulate(replace(SMALL, cover_months=months)).monthly()["availability"].mean()
        for months in (1.5, 3.0, 6.0)
    ]
    assert shares == sorted(shares)
    assert shares[2] - shares[0] > 0.2


@pytest.mark.parametrize(
    ("wanted", "moq", "multiple", "ordered"),
    [(0, 10, 5, 0), (1, 10, 5, 10), (11, 10, 5, 15), (15, 10, 5, 15), (7, 1, 1, 7)],
)
def test_orders_are_raised_to_the_lot(wanted: int, moq: int, multiple: int, ordered: int) -> None:
    one = [np.array([value]) for value in (wanted, moq, multiple)]
    assert in_lots(*one).tolist() == [ordered]


def test_the_committed_business_starts_near_65_percent_available_and_70_percent_on_time(
    committed_old: Run,
) -> None:
    before = committed_old.monthly().loc[: pd.Period("2025-11", "M")]
    lines, orders = before["n_lines"], before["n_orders"]
    availability = (before["availability"] * lines).sum() / lines.sum()
    on_time = (before["on_time"] * orders).sum() / orders.sum()
    assert lines.sum() > 25_000
    assert availability == pytest.approx(0.65, abs=0.03)
    assert on_time == pytest.approx(0.70, abs=0.03)
    assert before["availability"].iloc[:3].mean() == pytest.approx(0.65, abs=0.03)


def test_the_products_policy_lifts_availability_and_the_old_rule_does_not(
    committed_old: Run, committed_new: Run
) -> None:
    spring = slice(pd.Period("2026-03", "M"), pd.Period("2026-05", "M"))
    before = committed_old.monthly().loc[: pd.Period("2025-11", "M")].mean()
    old, new = (run.monthly().loc[spring].mean() for run in (committed_old, committed_new))
    assert new["availability"] == pytest.approx(0.89, abs=0.02)
    assert old["availability"] < before["availability"] + 0.06
    assert new["on_time"] > old["on_time"] + 0.15
    assert new["value_fill"] > old["value_fill"]
    assert new["stock_value"] < 1.15 * old["stock_value"]
