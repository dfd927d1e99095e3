"""The step that replays the past: two windows, each judged with what was known before it only."""

import datetime as dt
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.build import build
from data.ingest import ingest
from data.warehouse import connect
from forecasting.commands import _run_replay
from forecasting.commands._steps import Options, Rhythm, Work
from forecasting.stock import before_after
from tests import small

SUNDAY = small.LAST_DAY
WEEKS = 100
SIX_DAYS = dt.timedelta(days=6)
HALF = dt.timedelta(weeks=26)
SITES = ("LYO", "DER")
ITEMS = [(f"P{k}", "part", "blades", "engines", "EA", 5 * 3**k, 9 * 3**k, "true") for k in range(4)]


def write_past(folder: Path) -> None:
    """A hundred weeks of four parts at two sites; lead times of three weeks slip to six halfway."""
    small.write_feeds(folder)
    rng = np.random.default_rng(5)
    mondays = [SUNDAY - dt.timedelta(days=7 * back - 1) for back in range(WEEKS, 0, -1)]
    orders, shipped, stock, bought, received = [], [], [], [], []
    for week, day in enumerate(mondays):
        late = 42 if week > WEEKS // 2 else 21
        for site in SITES:
            for k, (item, *_) in enumerate(ITEMS):
                name = f"{item}{site}{week:03d}"
                qty = int(rng.poisson(12 / 3**k))
                if qty:
                    orders.append((name, "10", "C1", item, site, day, day, day, qty, 9 * 3**k))
                    shipped.append((name, "10", day, qty, site))
                held = (40 if week < 74 else 20) // (k + 1)
                stock += [(each, item, site, held) for each in (day, day + SIX_DAYS)]
                if week % 4 == 0:
                    bought.append((name, "10", "S-1", item, site, day, 20, ""))
                    arrived = day + dt.timedelta(days=late)
                    received += [(name, "10", arrived, 20)] if arrived <= SUNDAY else []
    items = "item_id description item_family business_unit uom unit_cost unit_price is_stocked"
    lines = ("order_id line_no customer_id item_id site_id order_date requested_date "
             "promised_date qty_ordered unit_price")  # fmt: skip
    purchases = "po_id line_no supplier_id item_id site_id order_date qty_ordered promised_date"
    for feed, header, rows in (
        ("items", items + " lead_time_days", [(*item, 21) for item in ITEMS]),
        ("order_lines", lines, orders),
        ("shipments", "order_id line_no shipped_date qty_shipped site_id", shipped),
        ("stock", "snapshot_date item_id site_id qty_on_hand", stock),
        ("purchase_order_lines", purchases, bought),
        ("receipts", "po_id line_no received_date qty_received", received),
    ):
        small.write(folder / f"{feed}.csv", header, rows)


def play(warehouse: Path, as_of: dt.date) -> dict[str, pd.DataFrame]:
    assert build(warehouse, as_of).build is not None
    with closing(connect(warehouse)) as con:
        work = Work(con, as_of, warehouse, Options(), rhythm=Rhythm("W", "asked for", 8, WEEKS))
        return _run_replay.step(work)


def window(table: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = table[table["window_name"] == name].drop(columns="window_name")
    return rows.reset_index(drop=True)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past")
    write_past(folder / "feeds")
    ingest([folder / "feeds"], folder / "warehouse")
    settings = '[planning]\nobjective = "lines"\nfloor = 0.5\n'
    (folder / "warehouse" / "settings.toml").write_text(settings, encoding="utf-8")
    return folder / "warehouse"


@pytest.fixture(scope="module")
def today(warehouse: Path) -> dict[str, pd.DataFrame]:
    return play(warehouse, SUNDAY)


def test_two_windows_of_half_a_year_end_to_end_each_at_the_money_that_was_held(
    today: dict[str, pd.DataFrame],
) -> None:
    for name, qty, until in (("later", 20, SUNDAY), ("earlier", 40, SUNDAY - HALF)):
        rows = window(today["replays"], name)
        assert set(rows["until_date"]) == {until - dt.timedelta(days=6)}
        assert set(rows["since_date"]) == {until - HALF + dt.timedelta(days=1)}
        assert set(rows["n_items"]) == {8}
        held = sum(cost * (qty // (k + 1)) for k, (*_, cost, _, _) in enumerate(ITEMS)) * 2
        equal = rows[rows["is_at_equal_money"]]
        assert list(equal["rule"]) == [before_after.OLD, before_after.OURS]
        assert equal["money"].to_numpy() == pytest.approx(held, rel=0.06)
        gains = window(today["replay_gains"], name).set_index("measure")
        both = equal.set_index("rule")["unit_fill_rate"]
        assert gains.loc["units", "difference"] == pytest.approx(both.iloc[1] - both.iloc[0])
        assert (gains["low"] <= gains["difference"]).all()
        assert (gains["difference"] <= gains["high"]).all()
    assert window(today["replays"], "earlier")["n_known"].iloc[0] == (
        window(today["replays"], "later")["n_known"].iloc[0] - 26
    )


def test_nothing_that_came_after_a_window_tells_in_it(
    warehouse: Path, today: dict[str, pd.DataFrame]
) -> None:
    # Half a year ago the earlier window was the later one; the demand, stock and receipts since,
    # with lead times twice as long, change nothing in it.
    then = play(warehouse, SUNDAY - HALF)
    for table in ("replays", "replay_gains"):
        pd.testing.assert_frame_equal(
            window(then[table], "later"), window(today[table], "earlier"), check_dtype=False
        )
    assert window(then["replays"], "earlier").empty


def test_without_half_a_year_before_the_first_plan_nothing_is_played(warehouse: Path) -> None:
    made = play(warehouse, SUNDAY - 2 * HALF)
    assert all(table.empty for table in made.values())
    assert list(made["replays"].columns)[:2] == ["window_name", "rule"]
