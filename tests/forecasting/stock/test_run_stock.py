"""The step that plans stock, over a small build: what people decided is obeyed by the next run."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import decisions, forecasts
from data.build import build
from data.ingest import ingest
from data.journal import Journal, journal_url
from data.warehouse import connect
from forecasting.commands import _run_stock
from forecasting.commands._steps import Options, Rhythm, Work, empty
from tests import small

AS_OF = small.LAST_DAY
WEEKS = 60
SETTINGS = '[planning]\nobjective = "units"\ntarget = 0.9\nfloor = 0.5\n'


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A1: short at LYO with 500 ordered for next year, plenty at DER; 00123 has no cost at MEM."""
    folder = tmp_path_factory.mktemp("plan")
    small.write_feeds(folder / "feeds")
    small.write(
        folder / "feeds" / "stock.csv", "snapshot_date item_id site_id qty_on_hand qty_backordered",
        [(AS_OF, "A1", "LYO", 2, 5), (AS_OF, "A1", "DER", 3000, 0), (AS_OF, "A1", "MEM", 30, 0),
         (AS_OF, "Z9", "LYO", 4, 0)],
    )  # fmt: skip
    day = AS_OF - dt.timedelta(days=100)
    orders = [(f"PO{k}", "10", "S-1", "A1", site, day, 20) for k, site in enumerate(("LYO", "MEM"))]
    small.write(
        folder / "feeds" / "purchase_order_lines.csv",
        "po_id line_no supplier_id item_id site_id order_date qty_ordered promised_date",
        [*((*order, "") for order in orders),
         ("PO9", "10", "S-1", "A1", "LYO", AS_OF, 500, AS_OF + dt.timedelta(days=300))],
    )  # fmt: skip
    small.write(
        folder / "feeds" / "receipts.csv", "po_id line_no received_date qty_received",
        [(order[0], "10", day + dt.timedelta(days=21), 20) for order in orders],
    )  # fmt: skip
    made = folder / "warehouse"
    ingest([folder / "feeds"], made)
    assert build(made).build is not None
    (made / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return made


@pytest.fixture
def journal(warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    """A journal of one's own beside the shared warehouse."""
    monkeypatch.delenv("SETTINGS", raising=False)
    monkeypatch.setenv("JOURNAL_URL", f"sqlite:///{tmp_path / 'journal.sqlite'}")
    with closing(Journal(journal_url(warehouse))) as opened:
        yield opened


def demand() -> dict[str, pd.DataFrame]:
    """Ten a week of A1 at each of three sites, Poisson."""
    weeks = np.arange(1, WEEKS + 1)
    sums = [
        pd.DataFrame(
            {
                "item_id": "A1", "site_id": site, "periods": weeks, "qty_mean": 10.0 * weeks,
                "qty_variance": 10.0 * weeks, "qty_step": 1.0,
            }
        )
        for site in small.SITES
    ]  # fmt: skip
    choices = pd.DataFrame({"item_id": "A1", "site_id": list(small.SITES)}).assign(
        n_periods=60, demand_class="smooth"
    )
    return {"forecast_demand": pd.concat(sums, ignore_index=True), "forecast_choices": choices}


def run(warehouse: Path) -> dict[str, pd.DataFrame]:
    with closing(connect(warehouse)) as con:
        work = Work(con, AS_OF, warehouse, Options(), tables=demand())
        work.rhythm = Rhythm("W", "asked for", 13, 60)
        return _run_stock.step(work)


def rows(table: pd.DataFrame, site: str) -> pd.DataFrame:
    return table[table["site_id"] == site].reset_index(drop=True)


def test_a_far_off_order_hides_no_shortage_and_spare_stock_moves_before_anything_is_bought(
    warehouse: Path, journal: Journal
) -> None:
    made = run(warehouse)
    policy = rows(made["policies"], "LYO").iloc[0]
    assert (policy["in_time_qty"], policy["later_qty"], policy["position_qty"]) == (0, 500, -3)
    assert policy["shortage_rate"] == 1.0
    (moved,) = rows(made["proposals"], "LYO").to_dict("records")
    assert (moved["kind"], moved["from_site_id"]) == ("transfer", "DER")
    assert moved["qty"] == policy["order_up_to_qty"] + 3
    assert "-3" not in moved["why"]
    assert "2 free, 5 owed: DER has more than its own level" in moved["why"]
    assert rows(made["proposals"], "DER").empty
    assert policy["set_by"] in ("floor 0.50", "most units per money")


def test_what_is_bought_says_from_whom_when_it_comes_and_why(
    warehouse: Path, journal: Journal
) -> None:
    journal.append([decisions.limit("A1", "DER", "Ada", "keep", build_id=None, min_level=3000.0)])
    made = run(warehouse)
    bought = rows(made["proposals"], "MEM").iloc[0]
    assert (bought["kind"], bought["supplier_id"]) == ("purchase", "S-1")
    assert bought["cost"] == bought["qty"] * 70
    assert bought["order_by_date"] == AS_OF
    # Both lines that came took 21 days; A1 states no lead time.
    assert abs((bought["expected_date"] - AS_OF).days - 21) <= 14
    assert bought["fill_after_rate"] > bought["fill_before_rate"]
    assert bought["why"].startswith("demand 43 a month, lead time ")
    assert bought["confidence"] == "low"
    assert (
        "2 lead times measured" in bought["confidence_reason"]
        or "1 lead times" in (bought["confidence_reason"])
    )
    assert rows(made["policies"], "DER")["set_by"].to_list() == ["minimum 3000 set by people"]


def test_limits_and_no_stock_decided_by_people_are_obeyed(
    warehouse: Path, journal: Journal
) -> None:
    journal.append(
        [
            decisions.limit("A1", "LYO", "Ada", "shelf", build_id=None, max_level=7.0),
            decisions.limit("A1", "MEM", "Ada", "closes", build_id=None, is_stocked=False),
        ]
    )
    made = run(warehouse)
    policy = rows(made["policies"], "LYO").iloc[0]
    # Levels of a part of large demand are steps of several units.
    assert 5 <= policy["order_up_to_qty"] <= 7
    assert policy["set_by"] == "maximum 7 set by people"
    assert rows(made["policies"], "MEM").empty
    notes = rows(made["plan_notes"], "MEM")
    assert "is not a stocked item" in notes["note"].to_list()


def decide(journal: Journal, row: pd.Series, decision: str) -> None:
    told = [row.to_dict()]
    journal.append(decisions.decided(told, decision, "Ada", "known", as_of=AS_OF, build_id="b"))


def test_what_is_approved_counts_as_placed_and_what_is_refused_is_not_put_again(
    warehouse: Path, journal: Journal
) -> None:
    first = run(warehouse)["proposals"]
    assert run(warehouse)["proposals"]["proposal_id"].to_list() == first["proposal_id"].to_list()
    moved, other = rows(first, "LYO").iloc[0], rows(first, "MEM").iloc[0]
    assert (moved["kind"], other["kind"]) == ("transfer", "transfer")
    decide(journal, moved, "approved")
    decide(journal, other, "refused")
    again = run(warehouse)
    assert rows(again["proposals"], "LYO").empty
    bought = rows(again["proposals"], "MEM").iloc[0]
    assert bought["kind"] == "purchase"
    decide(journal, bought, "refused")
    assert rows(run(warehouse)["proposals"], "MEM").empty
    there = rows(again["policies"], "LYO").iloc[0]
    assert there["position_qty"] == moved["qty"] - 3
    given = rows(again["policies"], "DER").iloc[0]
    assert given["on_hand_qty"] == 3000 - moved["qty"]


@pytest.fixture(scope="module")
def supplied(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with LYO supplied from DER in five days."""
    folder = tmp_path_factory.mktemp("centre")
    made = folder / "warehouse"
    shutil.copytree(warehouse, made)
    small.write(
        folder / "sites.csv",
        "site_id site_name site_type region timezone in_contract parent_site_id days_from_parent",
        [("LYO", "LYO", "dc", "EMEA", "UTC", "true", "DER", 5)],
    )
    small.write(
        folder / "stock.csv", "snapshot_date item_id site_id qty_on_hand qty_backordered",
        [(AS_OF, "A1", "DER", 12, 0)],
    )  # fmt: skip
    ingest([folder / "sites.csv", folder / "stock.csv"], made)
    assert build(made).build is not None
    return made


def test_a_site_with_a_centre_asks_it_and_the_centre_buys(supplied: Path, journal: Journal) -> None:
    made = run(supplied)
    site, centre = (rows(made["policies"], name).iloc[0] for name in ("LYO", "DER"))
    assert pd.isna(site["supplier_id"])
    assert site["lead_days"] < centre["lead_days"]
    assert "lead time from DER 1" in site["why"]
    # Its own customers ask for ten a week, and so do those of LYO.
    assert centre["demand_month_qty"] == pytest.approx(10 / 7 * 30.4)
    assert centre["why"].startswith("demand 43 a month, its sites ask for 43, lead time ")
    assert centre["set_by"].startswith(("covers what its sites ask in", "keeps nothing"))
    (moved,) = rows(made["proposals"], "LYO").to_dict("records")
    assert (moved["kind"], moved["from_site_id"], moved["qty"]) == ("transfer", "DER", 12)
    assert moved["expected_date"] == AS_OF + dt.timedelta(days=5)
    asked = site["order_up_to_qty"] + 3
    assert f"{asked:g} asked for by its sites" in centre["why"]
    assert centre["position_qty"] == 12 - asked
    (bought,) = rows(made["proposals"], "DER").to_dict("records")
    assert bought["kind"] == "purchase"
    assert bought["qty"] >= centre["order_up_to_qty"] - centre["position_qty"]


def test_where_goods_from_the_centre_are_refused_the_part_is_bought(
    supplied: Path, journal: Journal
) -> None:
    decide(journal, rows(run(supplied)["proposals"], "LYO").iloc[0], "refused")
    made = run(supplied)
    (bought,) = rows(made["proposals"], "LYO").to_dict("records")
    assert (bought["kind"], bought["supplier_id"]) == ("purchase", "S-1")
    assert "from DER" not in rows(made["policies"], "LYO")["why"].iloc[0]


def test_one_refused_item_does_not_change_how_long_the_others_travel() -> None:
    parts = pd.DataFrame(
        {
            "item_id": ["A1", "B2"], "site_id": "LYO", "parent_site_id": "DER",
            "days_from_parent": [np.nan, 5.0],
        }
    )  # fmt: skip
    moves = pd.DataFrame({"item_id": ["A1", "B2", "B2"], "site_id": "LYO"}, index=[4, 7, 9])
    moves["from_site_id"] = ["DER", "DER", "MEM"]
    days = _run_stock._travel(moves, parts).dt.days
    assert days.to_dict() == {4: _run_stock.TRANSFER_DAYS, 7: 5, 9: _run_stock.TRANSFER_DAYS}


def test_stock_far_beyond_a_years_demand_of_all_sites_is_found(
    warehouse: Path, journal: Journal
) -> None:
    # 3,032 on hand and 500 on order; 3 x 520 are expected in a year, at most about 1,625 probable.
    (row,) = run(warehouse)["excess_stock"].to_dict("records")
    assert (row["on_hand_qty"], row["on_order_qty"], row["is_obsolete"]) == (3032, 500, False)
    assert row["year_demand_qty"] == pytest.approx(1560)
    assert row["excess_qty"] == 3532 - row["probable_demand_qty"]
    assert row["excess_on_order_qty"] == 500
    assert row["excess_value"] == 70 * row["excess_qty"]


def test_without_stock_snapshots_there_is_a_plan_without_rows(tmp_path: Path) -> None:
    made = run(small.make(tmp_path))
    assert {name: len(table) for name, table in made.items()} == {
        "policies": 0, "proposals": 0, "excess_stock": 0, "plan_notes": 0,
    }  # fmt: skip
    assert list(made["proposals"].columns) == list(forecasts.TABLES["proposals"])
    assert empty("policies").empty
