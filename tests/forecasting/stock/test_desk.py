"""The desk: parts matched with demand, lead times and stock, what cannot be planned left out."""

import numpy as np
import pandas as pd
import pytest

from forecasting.stock.desk import Desk, SummedDemand, open_desk
from forecasting.stock.portfolio import Choice, choose

TODAY = pd.Timestamp("2026-06-14")
PART = {
    "site_id": "LYO", "description": "a part", "is_stocked": True, "is_old": False,
    "unit_cost": 10.0, "unit_price": 15.0, "criticality": "high", "moq": np.nan,
    "order_multiple": np.nan, "lead_time_days": 14.0, "supplier_id": "S1",
    "qty_on_hand": 4.0, "qty_reserved": 1.0, "qty_backordered": 0.0,
}  # fmt: skip


def positions(**parts: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([PART | {"item_id": name} | given for name, given in parts.items()])


def demand(*names: str, weekly: float = 2.0, reach: int = 8) -> pd.DataFrame:
    """Poisson demand of so much a week."""
    return pd.DataFrame(
        [
            (name, "LYO", k, weekly * k, weekly * k, 1.0)
            for name in names
            for k in range(1, reach + 1)
        ],
        columns=["item_id", "site_id", "periods", "qty_mean", "qty_variance", "qty_step"],
    )


def orders(*rows: tuple[str, float, int]) -> pd.DataFrame:
    """Open lines: item, quantity, and in how many days it is expected."""
    frame = pd.DataFrame(rows, columns=["item_id", "qty_open", "days"])
    frame["arrival_date"] = TODAY + pd.to_timedelta(frame["days"].astype(float), unit="D")
    return frame.assign(site_id="LYO")


def opened(
    parts: pd.DataFrame, table: pd.DataFrame, lines: pd.DataFrame | None = None, **more: object
) -> Desk:
    lines = orders() if lines is None else lines
    return open_desk(parts, table, None, lines, freq="W", as_of=TODAY, **more)  # type: ignore[arg-type]


def test_what_arrives_after_an_order_placed_now_does_not_hide_a_shortage() -> None:
    lines = orders(("A", 5, 3), ("A", 7, 21), ("A", 100, 22), ("elsewhere", 9, 1))
    desk = opened(positions(A={}), demand("A"), lines)
    assert desk.items.lead_time.tolist() == [2]
    assert desk.inventory.arrivals[0].tolist() == [5, 0, 7, 100, 0]
    # 4 on the shelf less 1 reserved; two weeks of lead time and one of review.
    assert desk.position().tolist() == [15]


def test_negative_stock_is_owed_to_customers() -> None:
    desk = opened(positions(A={"qty_on_hand": -3.0, "qty_reserved": 0.0}), demand("A"))
    assert (desk.inventory.on_hand[0], desk.inventory.backordered[0]) == (0, 3)
    assert desk.position().tolist() == [-3]


def test_what_cannot_be_planned_is_named_and_the_rest_goes_on() -> None:
    parts = positions(
        good={}, free={"unit_cost": 0.0}, priceless={"unit_cost": np.nan}, old={"is_old": True},
        special={"is_stocked": False}, idle={}, moq={"moq": -1.0},
    )  # fmt: skip
    desk = opened(parts, demand("good", "free", "priceless", "old", "special", "moq", "nowhere"))
    assert desk.parts["item_id"].tolist() == ["good"]
    told = dict(zip(desk.left_out["item_id"], desk.left_out["reason"], strict=True))
    assert told == {
        "free": "unit_cost 0.0 is not a number above 0",
        "priceless": "unit_cost is missing (expected a number above 0)",
        "old": "was not counted with its site for over 31 days",
        "special": "is not a stocked item",
        "idle": "has no demand that could be forecast",
        "moq": "moq -1.0 is not a number at least 0",
        "nowhere": "has demand and no stock snapshot",
    }


def test_a_desk_of_poisson_demand_plans_as_the_textbook_says() -> None:
    desk = opened(positions(A={"lead_time_days": 0.0}), demand("A", weekly=3.0))
    plan = choose(desk.curves(), desk.items, Choice("units", target=0.9))
    # Of 3 units in a review Poisson demand misses 0.1346 from a level of 5, and 0.3193 from 4.
    assert plan.level.tolist() == [5]
    assert plan.fill("units") == pytest.approx(1 - 0.1346 / 3, abs=1e-4)


def test_words_of_criticality_weigh_and_numbers_stand_for_themselves() -> None:
    parts = positions(
        a={"criticality": "High"}, b={"criticality": "low"}, c={"criticality": None},
        d={"criticality": "2.5"}, e={"criticality": "unheard of"},
    )  # fmt: skip
    desk = opened(parts, demand(*"abcde"))
    assert desk.items.criticality.tolist() == [4.0, 1.0, 1.0, 2.5, 1.0]


def test_one_supplier_later_moves_only_its_own_parts() -> None:
    parts = positions(a={}, b={"supplier_id": "S2"}, c={"supplier_id": None})
    desk = opened(parts, demand(*"abc"), more_days=pd.Series({"S2": 10.0}))
    assert desk.items.lead_time.tolist() == [2, 4, 2]


def test_demand_beyond_the_table_goes_on_and_its_doubt_grows() -> None:
    steps = np.arange(1.0, 9.0)[None]
    sure = SummedDemand(2.0 * steps, 6.0 * steps, np.ones(1))
    doubted = SummedDemand(2.0 * steps, 2.0 * steps**2.0, np.ones(1))
    far = sure.lead_time(16), doubted.lead_time(16)
    assert [float(one.mean[0]) for one in far] == [32.0, 32.0]
    assert [float(one.variance[0]) for one in far] == pytest.approx([96.0, 512.0])


def test_demand_ten_per_cent_higher_keeps_its_lumps() -> None:
    table = SummedDemand(np.array([[4.0, 8.0]]), np.array([[12.0, 40.0]]), np.ones(1))
    more = table.scaled(1.1)
    np.testing.assert_allclose(more.mean, [[4.4, 8.8]])
    for periods in (1, 2):
        np.testing.assert_allclose(more.lead_time(periods).size, table.lead_time(periods).size)
