"""What moved a figure sums to its whole change, and what it cost is what was missed."""

import numpy as np
import pandas as pd
import pytest

from data import metrics
from ui import changes, show


def measured(**sites: tuple[float, float]) -> pd.DataFrame:
    rows = [(name, top, bottom, top / bottom, int(bottom)) for name, (top, bottom) in sites.items()]
    return pd.DataFrame(rows, columns=["site_id", "numerator", "denominator", "value", "n"])


def test_parts_sum_to_the_change_even_when_the_mix_shifts_and_a_site_is_new() -> None:
    then = measured(LYO=(90, 100), DER=(50, 100))
    now = measured(LYO=(45, 50), DER=(120, 200), NEW=(10, 10))
    parts = changes.contributions(now, then, "site_id")
    assert parts["contribution"].sum() == pytest.approx(175 / 260 - 140 / 200)
    (new,) = [part for part in parts.to_dict("records") if part["site_id"] == "NEW"]
    assert (new["now"], new["n"], new["n_before"]) == (1.0, 10, 0)


def test_a_site_that_keeps_its_share_and_rate_moves_nothing() -> None:
    same = measured(LYO=(90, 100), DER=(50, 100))
    assert changes.contributions(same, same, "site_id")["contribution"].tolist() == [0.0, 0.0]


def test_without_a_time_before_there_are_no_parts() -> None:
    now = measured(LYO=(90, 100))
    assert changes.contributions(now, now.iloc[:0], "site_id").empty


def test_worst_items_are_ordered_by_missed_value_and_unpriced_ones_come_last() -> None:
    names = ["item_id", "numerator", "denominator", "value", "n"]
    units = pd.DataFrame(
        [("a", 9, 10, 0.9, 3), ("b", 5, 10, 0.5, 3), ("c", 1, 10, 0.1, 3), ("d", 10, 10, 1.0, 3)],
        columns=names,
    )
    worth = pd.DataFrame([("a", 900, 1000, 0.9, 3), ("b", 5, 10, 0.5, 3)], columns=names)
    worst = changes.worst(units, worth)
    assert worst["item_id"].tolist() == ["a", "b", "c"]
    assert worst["qty_missed"].tolist() == [1, 5, 9]
    assert worst["value_missed"].tolist()[:2] == [100, 5]


def test_a_table_writes_each_share_with_the_decimals_of_its_n_and_greys_few_lines() -> None:
    rows = pd.DataFrame({"share": [0.0341, 0.8741], "n": [8, 5000]})
    style = show.styled(rows, [show.Column("share", "Share", rated_by="n"), show.Column("n", "n")])
    drawn = style.to_html()
    assert ">3 %<" in drawn
    assert ">87.4 %<" in drawn
    assert drawn.count("color: #8A94A0") == 1


def test_a_share_of_few_lines_is_greyed_by_an_n_that_is_not_drawn() -> None:
    rows = pd.DataFrame({"share": [0.9, 0.8], "n_share": [5, 500]})
    column = show.Column("share", "Share", lambda v: f"{v:.0%}", rated_by="n_share")
    drawn = show.styled(rows[["share"]], [column], rows).to_html()
    assert ">90%<" in drawn
    assert drawn.count("color: #8A94A0") == 1


def share(hits: float, trials: float) -> dict[str, float]:
    low, high = metrics.wilson(np.array([hits / trials]), np.array([trials]))
    return {"value": hits / trials, "lower": low.item(), "upper": high.item()}


def test_the_interval_of_a_change_is_newcombes() -> None:
    # Newcombe 1998, table II: 56/70 against 48/80, method 10.
    low, high = changes.chance(share(56, 70), share(48, 80))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_a_change_is_more_than_chance_only_where_its_interval_leaves_zero_out() -> None:
    few = changes.chance(share(9, 10), share(7, 10))
    many = changes.chance(share(900, 1000), share(700, 1000))
    assert few[0] < 0 < few[1]
    assert many[0] > 0
