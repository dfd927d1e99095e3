"""One season reviewed: planned from the past only, judged with luck told apart."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecasting.season.faults import SeasonError
from forecasting.season.review import DRAWS, Case, review, season_demand

START, N_PAST, N_WEEKS = pd.Timestamp("2025-11-03"), 104, 5
N_ITEMS = 80


def case(seed: int = 1, n_items: int = N_ITEMS) -> Case:
    """Items at two stores, Poisson 50 each in a season; 100 units split by the season before."""
    rng = np.random.default_rng(seed)
    weeks = pd.date_range(end=START + pd.Timedelta(weeks=N_WEEKS - 1), freq="7D",
                          periods=N_PAST + N_WEEKS)  # fmt: skip
    sold = rng.poisson(10.0, (n_items, 2, len(weeks)))
    names, stores = [f"P{n:03d}" for n in range(n_items)], ["A", "B"]
    keys = [f"{item}/{store}" for item in names for store in stores]
    sales = pd.DataFrame(
        {
            "unique_id": np.repeat(keys, len(weeks)),
            "ds": np.tile(weeks, len(keys)),
            "y": sold.ravel().astype(float),
            "in_stock": True,
        }
    )
    last_year = sold[:, :, N_PAST - 52 : N_PAST - 52 + N_WEEKS].sum(axis=2)
    to_a = np.round(100 * last_year[:, 0] / last_year.sum(axis=1))
    lines = pd.DataFrame(
        {
            "item_id": np.repeat(names, 2),
            "site_id": stores * n_items,
            "qty_on_hand": 0.0,
            "qty_allocated": np.column_stack([to_a, 100 - to_a]).ravel(),
            "is_closed": False,
        }
    )
    supply = pd.DataFrame({"item_id": names, "qty_total": 100.0, "qty_held_back": 0.0, "pack": 1.0})
    end = START + pd.Timedelta(days=7 * N_WEEKS - 1)
    return Case(START, end, START, "W", supply, lines, sales, pd.DataFrame({"site_id": stores}),
                pd.DataFrame({"item_id": names}), True)  # fmt: skip


@pytest.fixture(scope="module")
def found():  # type: ignore[no-untyped-def]
    given = case()
    return given, review(given)


def test_of_3_percent_lost_by_one_prior_season_luck_is_1_7_percent(found) -> None:  # type: ignore[no-untyped-def]
    given, made = found
    lines = given.lines.merge(made.results, on=["item_id", "site_id"])
    assert lines["qty_demand"].sum() == pytest.approx(2 * 50 * N_ITEMS, rel=0.05)
    short = (lines["qty_demand"] - lines["qty_allocated"]).clip(lower=0)
    left = (lines["qty_allocated"] - lines["qty_demand"]).clip(lower=0)
    both = pd.DataFrame({"short": short, "left": left}).groupby(lines["item_id"]).sum().min(axis=1)
    possible = np.minimum(lines["qty_demand"].sum(), 100 * N_ITEMS)
    luck = made.luck["qty_misallocated"].sum() / made.luck["qty_hindsight_sales"].sum()
    rate = both.sum() / possible
    assert rate == pytest.approx(0.030, abs=0.006)
    assert luck == pytest.approx(0.017, abs=0.002)
    assert rate - luck == pytest.approx(0.013, abs=0.006)
    assert len(made.luck) == DRAWS * N_ITEMS


def test_the_shadow_splits_the_same_total_better_than_one_prior_season(found) -> None:  # type: ignore[no-untyped-def]
    given, made = found
    lines = given.lines.merge(made.plans, on=["item_id", "site_id"])
    assert (lines.groupby("item_id")["qty_planned"].sum() == 100).all()
    off = {name: (lines[name] - 50).abs().mean() for name in ("qty_planned", "qty_allocated")}
    assert off["qty_planned"] < 0.6 * off["qty_allocated"]


def test_what_was_reported_after_the_decision_changes_no_plan() -> None:
    given = case(n_items=6)
    later = given.sales["ds"] >= START
    other = given.sales.assign(y=given.sales["y"].where(~later, 99.0))
    first, second = review(given), review(replace(given, sales=other))
    pd.testing.assert_frame_equal(first.plans, second.plans)
    pd.testing.assert_frame_equal(first.forecasts, second.forecasts)
    assert (first.results["qty_demand"] != second.results["qty_demand"]).all()


def test_a_closed_site_gets_nothing_in_shadow_and_no_result() -> None:
    given = case(n_items=6)
    shut = given.lines.assign(is_closed=given.lines["site_id"] == "B")
    made = review(replace(given, lines=shut))
    planned = made.plans.set_index(["item_id", "site_id"])["qty_planned"]
    assert (planned.xs("B", level=1) == 0).all()
    assert set(made.results["site_id"]) == {"A"}


def test_an_empty_shelf_hides_demand_and_the_other_store_tells_how_much() -> None:
    given = case(n_items=1)
    last = (given.sales["ds"] == given.sales["ds"].max()) & given.sales["unique_id"].eq("P000/B")
    cut = given.sales.assign(
        y=given.sales["y"].where(~last, 0.0), in_stock=given.sales["in_stock"] & ~last
    )
    demand = season_demand(replace(given, sales=cut)).set_index("site_id")["qty_demand"]
    sold = cut[cut["ds"] >= START].groupby("unique_id")["y"].sum()
    assert demand["A"] == sold["P000/A"]
    assert demand["B"] - sold["P000/B"] == pytest.approx(10, abs=6)


def test_a_season_without_any_sales_before_it_says_so() -> None:
    given = case(n_items=1)
    early = replace(given, decided=pd.Timestamp("2020-01-01"))
    with pytest.raises(SeasonError, match="no sales were reported before 2020-01-01"):
        review(early)


def beside(given: Case) -> Case:
    """The case with a warehouse that sells nothing, and a store C that sells another item."""
    other = given.sales.drop_duplicates("ds").assign(unique_id="X/C", y=50.0)
    return replace(
        given,
        sales=pd.concat([given.sales, other]),
        sites=pd.DataFrame({"site_id": ["A", "B", "C", "DC"]}),
    )


def sites_of(rows: pd.DataFrame) -> set[str]:
    return set(rows["site_id"])


def test_a_season_not_shared_out_is_planned_for_the_sites_that_sell_its_items() -> None:
    given = beside(case(n_items=6))
    made = review(replace(given, lines=given.lines.iloc[:0], is_over=False))
    assert sites_of(made.plans) == sites_of(made.forecasts) == {"A", "B"}
    assert (made.plans.groupby("item_id")["qty_planned"].sum() == 100).all()


def test_a_past_season_is_judged_at_the_sites_it_was_shared_out_to_and_nowhere_else() -> None:
    given = beside(case(n_items=6))
    made = review(given)
    assert sites_of(made.plans) == sites_of(made.results) == {"A", "B"}
    judged = ["item_id", "site_id", "qty_demand", "qty_hindsight"]
    alone = review(case(n_items=6)).results
    pd.testing.assert_frame_equal(made.results[judged], alone[judged])


def test_an_item_without_history_goes_in_shadow_only_where_it_was_shared_out_to() -> None:
    given = beside(case(n_items=6))
    new = given.sales["unique_id"].str.startswith("P000") & (given.sales["ds"] < START)
    made = review(replace(given, sales=given.sales[~new]))
    planned = made.plans[made.plans["item_id"] == "P000"].set_index("site_id")["qty_planned"]
    assert planned.index.to_list() == ["A", "B"]
    assert planned.sum() == 100
    assert sites_of(made.forecasts) == {"A", "B"}
