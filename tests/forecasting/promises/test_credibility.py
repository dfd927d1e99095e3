"""How much a promise is worth, against hand-counted and simulated suppliers."""

import numpy as np
import pandas as pd
import pytest

from forecasting.promises import credibility, outlook
from forecasting.promises.slips import count_slips, horizon_of

T = pd.Timestamp("2026-06-30")


def promises(rows: list[tuple[str, str, str, str | None]], site_id: str = "S1") -> pd.DataFrame:
    """Promises as (supplier, recorded, promised, completed)."""
    history = pd.DataFrame(
        rows, columns=["supplier_id", "recorded_date", "promised_date", "completed_date"]
    ).assign(site_id=site_id)
    dates = ["recorded_date", "promised_date", "completed_date"]
    return history.assign(**{name: pd.to_datetime(history[name]) for name in dates})


def simulated(seed: int, share_kept: dict[str, tuple[float, int]]) -> pd.DataFrame:
    """Promises of suppliers that keep a share of n promises and else are 1 to 20 days late."""
    rng = np.random.default_rng(seed)
    parts = []
    for supplier_id, (share, n) in share_kept.items():
        promised = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 150, n), unit="D")
        late = np.where(rng.random(n) < share, 0, rng.integers(1, 21, n))
        part = pd.DataFrame(
            {
                "supplier_id": supplier_id,
                "site_id": "S1",
                "recorded_date": promised - pd.to_timedelta(rng.integers(1, 100, n), unit="D"),
                "promised_date": promised,
                "completed_date": promised + pd.to_timedelta(late, unit="D"),
            }
        )
        parts.append(part)
    history = pd.concat(parts, ignore_index=True)
    return history.assign(line_id=history.index.astype(str))


def kept_share(history: pd.DataFrame, supplier_id: str) -> float:
    fitted = credibility.fit(count_slips(history, T, half_life_days=None))
    line = pd.DataFrame({"supplier_id": [supplier_id], "site_id": ["S1"], "horizon": ["8-30"]})
    return float(outlook.arrived_by(fitted.arrived(line), np.array([0.0]))[0])


def test_a_horizon_is_the_days_between_recording_and_the_day_promised() -> None:
    history = promises(
        [
            ("A", "2026-06-01", "2026-06-08", None),
            ("A", "2026-06-01", "2026-06-09", None),
            ("A", "2026-06-01", "2026-05-31", None),
        ]
    )
    horizons = horizon_of(history["recorded_date"], history["promised_date"])
    assert horizons.tolist() == ["0-7", "8-30", "unknown"]


def test_an_open_promise_counts_as_later_than_today_and_a_later_arrival_is_not_known_yet() -> None:
    history = promises(
        [
            ("A", "2026-06-01", "2026-06-20", None),
            ("A", "2026-06-01", "2026-06-20", "2026-07-05"),
            ("A", "2026-06-01", "2026-06-20", "2026-06-22"),
            ("A", "2026-07-01", "2026-07-20", "2026-07-20"),
        ]
    )
    counts = count_slips(history, T, half_life_days=None)
    assert counts[["slip_days", "is_open", "n"]].to_numpy().tolist() == [
        [2, False, 1],
        [10, True, 2],
    ]


def test_a_promise_counts_half_at_the_age_of_the_half_life() -> None:
    history = promises([("A", "2025-06-01", "2025-06-30", "2025-06-30")])
    assert count_slips(history, T, half_life_days=365.0)["weight"].tolist() == [0.5]


def test_the_pool_is_the_product_limit_estimate_with_open_lines() -> None:
    # Two of four come on the day; one stays open two days past it, one comes three days late:
    # after the first two, one of one left comes by day 3 (Kaplan and Meier 1958).
    history = promises(
        [
            ("A", "2026-05-01", "2026-06-10", "2026-06-10"),
            ("B", "2026-05-01", "2026-06-10", "2026-06-10"),
            ("C", "2026-05-01", "2026-06-28", None),
            ("D", "2026-05-01", "2026-06-10", "2026-06-13"),
        ]
    )
    fitted = credibility.fit(count_slips(history, T, half_life_days=None))
    pool = np.repeat(fitted.curves[0], 4, axis=0)
    assert outlook.arrived_by(pool, np.array([-1.0, 0.0, 2.0, 3.0])).tolist() == [0, 0.5, 0.5, 1]


def test_a_supplier_with_many_promises_keeps_its_own_share() -> None:
    history = simulated(1, {"good": (0.95, 400), "bad": (0.40, 400), "fair": (0.75, 400)})
    own = (history["completed_date"] <= history["promised_date"]).groupby(history["supplier_id"])
    for supplier_id, share in own.mean().items():
        assert kept_share(history, str(supplier_id)) == pytest.approx(share, abs=0.03)


def test_a_supplier_with_few_promises_is_drawn_to_the_pool() -> None:
    suppliers = {f"S{k}": (0.8, 60) for k in range(12)}
    history = simulated(2, {**suppliers, "new": (0.0, 2)})
    assert 0.5 < kept_share(history, "new") < 0.8


def test_an_unknown_supplier_gets_the_pool() -> None:
    history = simulated(3, {"good": (0.9, 200), "bad": (0.5, 200)})
    pool = (history["completed_date"] <= history["promised_date"]).mean()
    assert kept_share(history, "never seen") == pytest.approx(pool, abs=1e-9)


def test_curves_are_distributions() -> None:
    history = simulated(4, {"good": (0.9, 200), "bad": (0.5, 30), "tiny": (0.5, 1)})
    for curves in credibility.fit(count_slips(history, T)).curves:
        assert (np.diff(curves, axis=1) >= -1e-12).all()
        assert curves.min() >= 0
        assert curves[:, -1] == pytest.approx(1)


def test_suppliers_that_do_not_differ_weigh_little_beside_the_pool() -> None:
    alike = simulated(5, {f"S{k}": (0.8, 40) for k in range(40)})
    unlike = simulated(5, {f"S{k}": (0.5 if k % 2 else 0.99, 40) for k in range(40)})
    masses = [credibility.fit(count_slips(h, T, None)).masses[1] for h in (alike, unlike)]
    assert masses[0] > 100
    assert masses[1] < 10


def test_refuses_to_learn_from_nothing() -> None:
    with pytest.raises(ValueError, match="no promise has been completed yet"):
        credibility.fit(count_slips(promises([("A", "2026-06-01", "2026-07-20", None)]), T))
