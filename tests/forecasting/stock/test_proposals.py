"""What to do now, on drawn cases: positions, lots, limits, transfers before purchases."""

import numpy as np
import pandas as pd
import pytest

from forecasting.demand.distribution import NegativeBinomial
from forecasting.stock.curves import Supply, build_curves
from forecasting.stock.items import Items, read_items
from forecasting.stock.proposals import Levels, Proposals, Standing, outlook, propose
from tests import drawn


class Poisson:
    """Demand of the same Poisson rate in every period."""

    def __init__(self, rate: list[float]) -> None:
        self.rate = np.array(rate)

    def lead_time(self, periods: int) -> NegativeBinomial:
        return NegativeBinomial.of(self.rate * periods, np.inf)


def read(text: str) -> tuple[pd.DataFrame, Items, Levels, Standing]:
    """A drawn desk: a row per part-site."""
    rows = pd.DataFrame(drawn.read(text))
    for name in ("highest", "moq", "multiple", "at_once", "soon"):
        if name not in rows:
            rows[name] = {"highest": np.nan, "moq": 0, "multiple": 1, "at_once": 0, "soon": 0}[name]
    rows["unique_id"] = rows["part"] + "@" + rows["site"]
    column = {
        name: pd.to_numeric(rows[name]).to_numpy(float)
        for name in rows.columns.difference(["part", "site", "unique_id"])
    }
    table = pd.DataFrame(
        {
            "unique_id": rows["unique_id"], "unit_cost": 10.0, "lead_time": 2,
            "moq": column["moq"], "order_multiple": column["multiple"],
        }
    )  # fmt: skip
    items, _ = read_items(table, rows["unique_id"].to_numpy(object))
    levels = Levels(column["trigger"], column["level"], column["highest"])
    standing = Standing(
        column["hand"],
        column["owed"],
        column["in_time"],
        column["at_once"],
        column["soon"],
        np.zeros(len(rows)),
    )
    return rows, items, levels, standing


def run(
    text: str, daily: float = 0.1, parent: list[int] | None = None
) -> tuple[pd.DataFrame, Proposals]:
    rows, items, levels, standing = read(text)
    item = np.unique(rows["part"], return_inverse=True)[1]
    centre = None if parent is None else np.array(parent)
    pace = np.full(len(rows), daily)
    return rows, propose(items, item, levels, standing, pace, parent=centre)


def moves(made: Proposals) -> list[tuple[int, int, float]]:
    """Giver, taker and quantity of each transfer, in order."""
    return sorted(made.transfers[["giver", "taker", "qty"]].itertuples(index=False, name=None))


def bought(text: str, daily: float = 0.1) -> dict[str, tuple[float, int]]:
    """Quantity and days until due, by part-site."""
    rows, made = run(text, daily)
    ids = rows["unique_id"].to_numpy()[made.purchases["row"]]
    return {
        key: (qty, days)
        for key, qty, days in zip(
            ids, made.purchases["qty"], made.purchases["in_days"], strict=True
        )
    }


def test_orders_up_to_the_level_where_the_position_is_at_the_reorder_point() -> None:
    assert bought(
        """
        part | site | hand | owed | in_time | trigger | level
        -----+------+------+------+---------+---------+------
        at   | LYO  |    4 |    0 |       0 |       4 |     9
        in   | LYO  |    0 |    0 |       9 |       4 |     9
        owed | LYO  |    6 |    3 |       0 |       4 |     9
        """
    ) == {"at@LYO": (5.0, 0), "owed@LYO": (6.0, 0)}


def test_an_order_that_comes_too_late_does_not_hide_a_stock_out() -> None:
    # 50 are on order for after lead time and review: they are in no column of this desk but soon.
    assert bought(
        """
        part  | site | hand | owed | in_time | soon | trigger | level
        ------+------+------+------+---------+------+---------+------
        later | LYO  |    0 |    0 |       0 |   50 |       4 |     9
        """
    ) == {"later@LYO": (9.0, 0)}


def test_what_falls_to_the_reorder_point_soon_is_proposed_with_its_day() -> None:
    # One a day: 6 above the trigger are 6 days; with 20 more coming it is far off.
    assert bought(
        """
        part | site | hand | owed | in_time | soon | trigger | level
        -----+------+------+------+---------+------+---------+------
        six  | LYO  |   10 |    0 |       0 |    0 |       4 |     9
        far  | LYO  |   10 |    0 |       0 |   20 |       4 |     9
        """,
        daily=1.0,
    ) == {"six@LYO": (5.0, 6)}


def test_orders_are_whole_lots_and_never_pass_a_limit_set_by_people() -> None:
    assert bought(
        """
        part  | site | hand | owed | in_time | trigger | level | moq | multiple | highest
        ------+------+------+------+---------+---------+-------+-----+----------+--------
        lots  | LYO  |    3 |    0 |       0 |       4 |     9 |   0 |        4 |
        moq   | LYO  |    3 |    0 |       0 |       4 |     9 |  10 |        4 |
        cut   | LYO  |    3 |    0 |       0 |       4 |     9 |   0 |        4 |      10
        small | LYO  |    3 |    0 |       0 |       4 |     9 |  10 |        4 |      12
        """
    ) == {"lots@LYO": (8.0, 0), "moq@LYO": (12.0, 0), "cut@LYO": (4.0, 0)}


def test_what_is_spare_elsewhere_is_moved_before_anything_is_bought() -> None:
    rows, made = run(
        """
        part | site | hand | owed | in_time | trigger | level
        -----+------+------+------+---------+---------+------
        one  | DER  |    0 |    2 |       0 |       2 |     6
        one  | LYO  |   11 |    0 |       0 |       2 |     6
        one  | MEM  |    6 |    0 |       0 |       2 |     6
        two  | DER  |    0 |    0 |       0 |       2 |     6
        """,
        daily=0.01,
    )
    ids = rows["unique_id"].to_numpy()
    assert [
        (ids[giver], ids[taker], qty)
        for giver, taker, qty in made.transfers.itertuples(index=False)
    ] == [("one@LYO", "one@DER", 5.0)]
    # After the transfer one@DER stands at 3, above its trigger; two has nobody to ask.
    bought = made.purchases
    assert (ids[bought["row"]].tolist(), bought["qty"].to_list()) == (["two@DER"], [6.0])
    assert dict(zip(ids, made.after, strict=True)) == {
        "one@DER": 3.0, "one@LYO": 6.0, "one@MEM": 6.0, "two@DER": 6.0,
    }  # fmt: skip


def test_customers_who_wait_are_served_from_elsewhere_though_enough_is_coming() -> None:
    _, made = run(
        """
        part | site | hand | owed | in_time | trigger | level
        -----+------+------+------+---------+---------+------
        one  | DER  |    0 |    2 |      10 |       2 |     6
        one  | LYO  |   11 |    0 |       0 |       2 |     6
        """
    )
    assert made.transfers["qty"].to_list() == [2.0]
    assert made.purchases.empty


def test_customers_who_wait_for_what_comes_at_once_ask_no_other_site() -> None:
    _, made = run(
        """
        part | site | hand | owed | in_time | at_once | trigger | level
        -----+------+------+------+---------+---------+---------+------
        one  | DER  |    0 |    2 |      10 |       4 |       2 |     6
        one  | LYO  |   11 |    0 |       0 |       0 |       2 |     6
        """
    )
    assert made.transfers.empty


def test_a_centre_gives_what_it_has_owes_the_rest_and_buys_for_both() -> None:
    _, made = run(
        """
        part | site | hand | owed | in_time | trigger | level
        -----+------+------+------+---------+---------+------
        one  | HUB  |   10 |    0 |       0 |      11 |    12
        one  | DER  |    0 |    0 |       0 |       5 |     6
        one  | LYO  |    0 |    0 |       0 |       7 |     8
        one  | MEM  |    0 |    0 |       0 |       2 |     3
        """,
        parent=[-1, 0, 0, -1],
    )
    # Eight days of demand are missing at LYO, six at DER: LYO comes first.
    assert moves(made) == [(0, 1, 2.0), (0, 2, 8.0)]
    assert made.asked.tolist() == [14, 0, 0, 0]
    assert made.before.tolist() == [-4, 0, 0, 0]
    # MEM has no centre and buys; the centre buys up to its level for what it owes, too.
    bought = dict(zip(made.purchases["row"], made.purchases["qty"], strict=True))
    assert bought == {0: 16.0, 3: 3.0}
    assert made.after.tolist() == [12, 2, 8, 3]


def test_what_is_spare_at_a_sister_site_comes_before_what_the_centre_keeps() -> None:
    _, made = run(
        """
        part | site | hand | owed | in_time | trigger | level
        -----+------+------+------+---------+---------+------
        one  | HUB  |   10 |    0 |       0 |       3 |    10
        one  | DER  |    0 |    0 |       0 |       5 |     6
        one  | LYO  |   12 |    0 |       0 |       7 |     8
        """,
        parent=[-1, 0, 0],
    )
    sent = moves(made)
    assert sent[-1] == (2, 1, 4.0)
    # DER stands at 4 then, still at its trigger of 5: the centre adds 2.
    assert sent[0] == (0, 1, 2.0)
    assert made.purchases.empty


def test_a_position_reads_what_the_curve_says_there() -> None:
    # Poisson 1 a period, lead time 2, review 1: three periods' demand of mean 3 (metrics.md).
    model = Poisson([1.0])
    curves = build_curves(model, Supply.of(np.array([2])))
    three, two = model.lead_time(3), model.lead_time(2)
    for level in (-2.0, 0.0, 5.0, 6.0):
        found = outlook(curves, np.array([level]))
        missed = three.expected_shortage([level])[0] - two.expected_shortage([level])[0]
        assert found.unfilled[0] == pytest.approx(missed, abs=1e-9)
        assert found.ready[0] == pytest.approx(three.cdf(np.array([level]))[0], abs=1e-9)
    half = outlook(curves, np.array([5.5])).unfilled[0]
    five, six = (outlook(curves, np.array([level])).unfilled[0] for level in (5.0, 6.0))
    assert half == pytest.approx((five + six) / 2)
    assert outlook(curves, np.array([1e6])).ready[0] == pytest.approx(1.0, abs=1e-5)
