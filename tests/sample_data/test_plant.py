"""The engine line: laws of its supply, and expediting that works because parts come earlier."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sample_data.commitments import promised_by
from sample_data.feeds import Written
from sample_data.outcome import monthly_line_side
from sample_data.plant import PartFlow, Plant, rank_blockers
from sample_data.schedule import make_schedule
from sample_data.settings import Settings
from sample_data.simulation import Run
from sample_data.supply import PurchaseLine, Receipt
from sample_data.world import make_world


@pytest.fixture(scope="module")
def committed_plant() -> Plant:
    return plant_of(Settings())


def plant_of(settings: Settings) -> Plant:
    world = make_world(settings)
    return Plant(world, make_schedule(world)).run()


def line_side(plant: Plant) -> "tuple[float, float, pd.Series[float]]":
    """Share of requirements in time before go-live and from its second month on."""
    months = monthly_line_side(plant)
    good = months["n_requirements"] * months["line_side_on_time"]
    is_before = months.index < pd.Period("2025-12", "M")
    is_after = months.index > pd.Period("2025-12", "M")
    shares = [
        float(good[chosen].sum() / months["n_requirements"][chosen].sum())
        for chosen in (is_before, is_after)
    ]
    return shares[0], shares[1], months["n_engines"]


def test_expediting_lifts_the_line_from_the_low_70s_to_the_high_80s(
    committed_plant: Plant,
) -> None:
    before, after, engines = line_side(committed_plant)
    assert before == pytest.approx(0.71, abs=0.03)
    assert after == pytest.approx(0.885, abs=0.03)
    assert engines.iloc[1:-1].between(15, 50).all()


def test_with_expediting_the_line_climbs_and_without_it_stays_low(
    committed_plant: Plant,
) -> None:
    plain_before, plain_after, _ = line_side(plant_of(replace(Settings(), expedites_per_week=0)))
    before, after, _ = line_side(committed_plant)
    assert plain_before == pytest.approx(before, abs=0.001)
    assert plain_after == pytest.approx(plain_before, abs=0.04)
    assert plain_after < 0.76
    assert after > 0.85


def test_blockers_are_ranked_by_engines_unblocked_per_day_pulled_in() -> None:
    #   part | engine needs 1 on day | order comes on day | engines | days late | engines per day
    #   slow | 10                    | 30                 | 1       | 20        | 0.05
    #   bolt | 10, 12, 14            | 20                 | 3       | 10        | 0.30
    def flow(part: int, needs: list[int], due: int) -> PartFlow:
        purchase = PurchaseLine(part, part, 4, 0, 0, len(needs), due)
        purchase.receipts = [Receipt(due, len(needs))]
        builds = part * 100 + np.arange(len(needs))
        ones = np.arange(1, len(needs) + 1)
        return PartFlow(part, builds, np.array(needs), ones, 0, len(needs), [purchase])

    ranked = rank_blockers([flow(0, [10], 30), flow(1, [10, 12, 14], 20)], day=5, slips={})
    assert [(one.purchase.part, round(one.engines_per_day, 2)) for one in ranked] == [
        (1, 0.3),
        (0, 0.05),
    ]


def test_a_slipping_supplier_is_believed_later_than_it_says() -> None:
    purchase = PurchaseLine(0, 0, 4, 7, 0, 1, due=12)
    purchase.receipts = [Receipt(12, 1)]
    flow = PartFlow(0, np.array([1]), np.array([13]), np.array([1]), 0, 1, [purchase])
    assert rank_blockers([flow], day=5, slips={}) == []
    assert len(rank_blockers([flow], day=5, slips={7: 6.0})) == 1


def test_usable_receipts_add_up_to_the_order(small_run: Run) -> None:
    flows = small_run.plant.flows
    purchases = [*small_run.history.purchases, *(p for flow in flows for p in flow.purchases)]
    assert len(purchases) > 200
    for purchase in purchases:
        assert sum(one.qty - one.rejected for one in purchase.receipts) == purchase.qty


def test_no_promise_was_collected_before_collection_began(small_run: Run) -> None:
    settings = small_run.world.settings
    first = min(p.promises[0].recorded for p in small_run.history.purchases if p.promises)
    assert first > settings.day_of(settings.promise_start)


def test_coverage_rises(committed_plant: Plant) -> None:
    lines = [purchase for flow in committed_plant.flows for purchase in flow.purchases]
    day = Settings().day_of
    shares = []
    for start, end in (
        (date(2025, 2, 3), date(2025, 5, 1)),
        (date(2025, 8, 1), date(2025, 11, 1)),
        (date(2026, 2, 1), date(2026, 5, 1)),
    ):
        own = [bool(p.promises) for p in lines if day(start) <= p.ordered < day(end)]
        shares.append(np.mean(own))
    assert shares == sorted(shares)
    assert shares[0] < 0.8
    assert shares[2] > 0.9


def kept_first_promises(run: Run, start: date, end: date) -> "pd.Series[float]":
    """Share of first promises kept by behaviour: complete, and not over a week early."""
    day, behaviour = run.world.settings.day_of, run.world.suppliers["behaviour"].to_numpy()
    due = [
        (behaviour[one.supplier], 0 <= one.promises[0].promised - one.last_day <= 7)
        for one in run.history.purchases
        if one.promises and day(start) <= one.ordered < day(end)
    ]
    return pd.DataFrame(due, columns=["behaviour", "kept"]).groupby("behaviour")["kept"].mean()


def test_reviewed_suppliers_promise_what_they_can_keep_and_stay_apart(
    committed_new: Run,
) -> None:
    first = kept_first_promises(committed_new, date(2025, 2, 3), date(2025, 7, 1))
    later = kept_first_promises(committed_new, date(2025, 12, 1), date(2026, 4, 1))
    assert later["honest"] > 0.8
    assert 0.4 < later["optimistic"] < 0.8
    assert later["slipping"] < later["optimistic"]
    assert later["short-shipping"] < later["honest"] - 0.15
    assert later["optimistic"] > first["optimistic"] + 0.1
    assert later["slipping"] > first["slipping"] + 0.1


def test_the_promise_known_on_a_day_ignores_what_was_said_later(small_run: Run) -> None:
    moved = next(p for p in small_run.history.purchases if len(p.promises) > 1)
    first, second = moved.promises[:2]
    assert promised_by(moved, first.recorded) == first.promised
    assert promised_by(moved, second.recorded) == second.promised
    assert promised_by(moved, first.recorded - 1) == moved.due


def test_engines_ship_when_their_last_part_is_there(
    small_feeds: tuple[Path, Written],
) -> None:
    builds = pd.read_csv(small_feeds[0] / "builds.csv").set_index("build_id")
    needs = pd.read_parquet(small_feeds[0] / "build_requirements.parquet")
    missing = needs.loc[needs["available_date"].isna(), "build_id"].unique()
    assert builds.loc[missing, "shipped_date"].isna().all()
    assert builds["shipped_date"].notna().sum() > 50
    is_there = needs["available_date"].notna()
    assert (needs["qty_available"] == needs["qty_required"])[is_there].all()
    assert (needs["qty_available"] < needs["qty_required"])[~is_there].all()


def test_planted_faults_of_purchasing_are_in_the_files(
    small_feeds: tuple[Path, Written],
) -> None:
    folder, written = small_feeds
    listed = {fault.name: fault.n for fault in written.faults}
    lines, receipts = (
        pd.concat([pd.read_csv(path) for path in sorted(folder.glob(f"{feed}_*.csv"))])
        for feed in ("purchase_order_lines", "receipts")
    )
    promises = pd.concat([pd.read_parquet(p) for p in folder.glob("supplier_promises_*.parquet")])
    key = ["po_id", "line_no"]
    reused = lines[lines.duplicated(key, keep=False)].groupby("po_id")["order_date"].nunique()
    found = {
        "PO number used again": int((reused > 1).sum()),
        "need date before the order date": int((lines["need_date"] < lines["order_date"]).sum()),
        "two promises at one instant": int(promises.duplicated([*key, "recorded_at"]).sum()),
        "promise recorded after its receipt": int(
            (promises["reason"] == "written up afterwards").sum()
        ),
        "receipt taken back and booked again": int((receipts["qty_received"] < 0).sum()),
        "receipt of an unknown PO": int((~receipts["po_id"].isin(lines["po_id"])).sum()),
        "exact copy of a row of receipts": int(receipts.duplicated().sum()),
    }
    assert found == {name: listed[name] for name in found}
