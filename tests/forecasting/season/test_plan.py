"""Plans from sales and a supply: sensible on odd chains, and clear when they refuse."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecasting.season.basis import make_basis
from forecasting.season.faults import SeasonError
from forecasting.season.likeness import likeness
from forecasting.season.orders import Order
from forecasting.season.plan import Plan, make_plan

START, END = pd.Timestamp("2023-11-06"), pd.Timestamp("2023-12-31")
SIZES = {"north": 60.0, "south": 30.0, "west": 10.0}


def sales(n_weeks: int = 70, **sizes: float) -> pd.DataFrame:
    """Steady weekly sales up to the start: two items, the stores' shares as their sizes."""
    weeks = pd.date_range(end=START - pd.Timedelta(days=7), periods=n_weeks, freq="7D")
    return pd.DataFrame(
        [
            (f"{item}/{site}", week, level * size)
            for item, level in (("drums", 1.0), ("flutes", 2.0))
            for site, size in (sizes or SIZES).items()
            for week in weeks
        ],
        columns=["unique_id", "ds", "y"],
    )


def plan(series: pd.DataFrame, supply: dict[str, object], **options: object) -> Plan:
    table = pd.DataFrame(supply)
    return make_plan(Order(series, "W", table, START, END, **options))  # type: ignore[arg-type]


def by_site(found: Plan, item: str = "drums") -> dict[str, float]:
    rows = found.allocation[found.allocation["item_id"] == item]
    return dict(zip(rows["site_id"], rows["qty"].round(6), strict=True))


DRUMS = {"item_id": ["drums"], "qty_total": [100]}


@pytest.mark.parametrize("n_weeks", [5, 30, 70, 130])
def test_steady_shares_are_found_whatever_the_length_of_the_history(n_weeks: int) -> None:
    assert by_site(plan(sales(n_weeks), DRUMS)) == {"north": 60, "south": 30, "west": 10}


def test_rows_from_the_start_on_change_nothing() -> None:
    later = pd.DataFrame({"unique_id": ["drums/west"], "ds": [START], "y": [9999.0]})
    found = plan(pd.concat([sales(), later]), DRUMS)
    assert by_site(found) == {"north": 60, "south": 30, "west": 10}
    assert found.notes == ["1 rows from 2023-11-06 on were not used"]


def test_an_item_never_sold_goes_everywhere_as_the_stores_usually_sell() -> None:
    found = plan(sales(), {"item_id": ["harps"], "qty_total": [100]})
    assert by_site(found, "harps") == {"north": 60, "south": 30, "west": 10}


def test_an_item_never_sold_follows_the_items_like_it() -> None:
    series = pd.concat([sales(north=50, south=50), sales(north=50, south=50)])
    weeks = pd.date_range(end=START - pd.Timedelta(days=7), periods=70, freq="7D")
    bells = [("bells/north", week, 90.0) for week in weeks]
    bells += [("bells/south", week, 10.0) for week in weeks]
    series = pd.concat([series, pd.DataFrame(bells, columns=series.columns)])
    items = pd.DataFrame({"item_id": ["bells", "gongs", "drums"], "family": ["x", "x", "y"]})
    found = plan(series, {"item_id": ["gongs"], "qty_total": [100]}, items=items)
    assert by_site(found, "gongs")["north"] == pytest.approx(88, abs=3)


def test_a_store_never_seen_gets_what_stores_like_it_get() -> None:
    sites = pd.DataFrame(
        {"site_id": ["east", "west", "north", "south"], "format": ["s", "s", "l", "l"]}
    )
    found = by_site(plan(sales(), DRUMS, sites=sites))
    assert found["east"] == pytest.approx(9, abs=1)
    assert found["west"] == pytest.approx(9, abs=1)
    assert sum(found.values()) == 100


def test_a_store_open_for_five_weeks_gets_its_share_of_those_weeks() -> None:
    series = sales()
    is_late = series["unique_id"].str.endswith("/south")
    late = is_late & (series["ds"] < START - pd.Timedelta(weeks=5))
    assert by_site(plan(series[~late], DRUMS))["south"] == pytest.approx(30, abs=2)


def test_a_store_without_sales_for_long_is_closed_unless_said_otherwise() -> None:
    series = sales()
    ended = series["unique_id"].str.endswith("/west") & (series["ds"] > "2023-06-01")
    found = plan(series[~ended], DRUMS)
    assert by_site(found) == {"north": 67, "south": 33, "west": 0}
    assert "item drums, site west: no known sales for long, taken as closed" in found.notes[0]
    opened = pd.DataFrame({"site_id": ["west"], "is_open": [True]})
    assert by_site(plan(series[~ended], DRUMS, sites=opened))["west"] > 5


def test_limits_packs_stock_and_closures_are_kept() -> None:
    sites = pd.DataFrame(
        {
            "site_id": ["north", "south", "west"],
            "item_id": [None, "drums", None],
            "is_open": [1, 1, 0],
            "qty_max": [48, np.nan, np.nan],
            "qty_on_hand": [0, 10, 0],
        }
    )
    supply = {"item_id": ["drums"], "qty_total": [100], "pack": [12], "qty_held_back": [10]}
    found = plan(sales(), supply, sites=sites)
    assert by_site(found) == {"north": 48, "south": 36, "west": 0}
    assert found.supply[["qty_held_back", "qty_allocated", "qty_rest"]].to_numpy().tolist() == [
        [10, 84, 6]
    ]
    assert found.notes == ["item drums: 6 of the total stay: less than a pack of 12"]


def test_totals_of_nothing_and_of_less_than_a_unit_per_store_are_kept() -> None:
    found = plan(sales(), {"item_id": ["drums", "flutes"], "qty_total": [0, 2.5]})
    assert by_site(found) == {"north": 0, "south": 0, "west": 0}
    assert sum(by_site(found, "flutes").values()) == 2.5


def test_a_blank_pack_is_no_pack() -> None:
    found = plan(sales(), {"item_id": ["drums"], "qty_total": [100], "pack": [np.nan]})
    assert by_site(found) == {"north": 60, "south": 30, "west": 10}


def test_items_that_cannot_be_allocated_are_refused_by_name_and_the_rest_is_done() -> None:
    found = plan(sales(), {"item_id": ["drums", "flutes", "harps"], "qty_total": [100, -1, "many"]})
    assert found.refused == [
        ("flutes", "qty_total is -1 (expected 0 or more)"),
        ("harps", "qty_total is many (expected 0 or more)"),
    ]
    assert sum(by_site(found).values()) == 100


@pytest.mark.parametrize(
    ("supply", "options", "message"),
    [
        ({"item_id": ["drums"]}, {}, "column qty_total is missing"),
        ({"item_id": ["a", "a"], "qty_total": [1, 2]}, {}, "a: comes more than once"),
        (DRUMS, {"event": "carnival"}, "event 'carnival' is unknown"),
        (DRUMS, {"sites": pd.DataFrame({"site_id": ["west"], "qty_max": [-3]})}, "site west: qty_"),
    ],
)
def test_a_mistake_is_refused_in_one_line(
    supply: dict[str, object], options: dict[str, object], message: str
) -> None:
    with pytest.raises(SeasonError, match=message):
        plan(sales(), supply, **options)


def test_a_season_after_all_history_is_planned_across_the_gap() -> None:
    series = sales()
    found = plan(series[series["ds"] < "2023-10-01"], DRUMS)
    assert found.window.season.gap == 5
    assert by_site(found) == {"north": 60, "south": 30, "west": 10}


def test_likeness_counts_the_attributes_that_agree() -> None:
    known = pd.DataFrame({"family": ["a", "a", "b"], "size": [1.0, 1.0, 1.0]})
    assert likeness(known).tolist() == [[0, 1, 0.5], [1, 0, 0.5], [0.5, 0.5, 0]]


def test_a_new_store_is_as_large_as_the_planner_says_beside_the_one_it_is_like() -> None:
    sites = pd.DataFrame({"site_id": ["east"], "like": ["north"], "like_size": [0.5]})
    found = by_site(plan(sales(), {"item_id": ["drums"], "qty_total": [130]}, sites=sites))
    assert found["east"] == pytest.approx(30, abs=1)
    assert found["north"] == pytest.approx(60, abs=1)
    assert sum(found.values()) == 130


def test_a_new_item_follows_the_one_the_planner_names() -> None:
    series = pd.concat([sales(), sales().iloc[:0]])
    weeks = pd.date_range(end=START - pd.Timedelta(days=7), periods=70, freq="7D")
    bells = [(f"bells/{site}", week, 50.0) for site in ("north", "south") for week in weeks]
    series = pd.concat([series, pd.DataFrame(bells, columns=series.columns)])
    items = pd.DataFrame({"item_id": ["gongs"], "like": ["bells"]})
    found = by_site(plan(series, {"item_id": ["gongs"], "qty_total": [100]}, items=items), "gongs")
    # A tenth of the say is left to the stores' general size.
    assert found["north"] == pytest.approx(47, abs=2)
    assert found["south"] == pytest.approx(43, abs=2)


def test_another_total_is_allocated_on_the_basis_as_on_a_new_forecast() -> None:
    order = Order(sales(), "W", pd.DataFrame(DRUMS), START, END)
    basis = make_basis(order)
    more = replace(order, supply=pd.DataFrame({"item_id": ["drums"], "qty_total": [777]}))
    assert make_plan(more, basis).allocation.equals(make_plan(more).allocation)


def test_the_reference_season_can_be_named_and_must_lie_in_the_history() -> None:
    named = pd.Timestamp("2022-10-31")
    assert plan(sales(), DRUMS, reference=named).window.season.lag == 53
    with pytest.raises(SeasonError, match="reference season starts on 2019-01-01"):
        plan(sales(), DRUMS, reference=pd.Timestamp("2019-01-01"))
