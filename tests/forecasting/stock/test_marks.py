"""Fill against money, replayed out of sample: ours against months of cover at equal money."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import spares as real
from benchmarks import stock
from forecasting.demand.panel import Panel


def made_up_spares(n_items: int, seed: int) -> real.Spares:
    """Lumpy demand, prices over four decades, dear parts rarer, lead times of 1 to 12 months."""
    rng = np.random.default_rng(seed)
    price = rng.lognormal(5, 1.8, n_items)
    rate = np.exp(rng.normal(0.3, 1.0, n_items) - 0.35 * np.log(price / 150))
    size = rng.uniform(0.3, 1.5, n_items)[:, None]
    y = rng.negative_binomial(size, size / (size + rate[:, None]), (n_items, 60)).astype(float)
    months = pd.date_range("2020-01-01", periods=60, freq="MS")
    ids = np.array([str(i) for i in range(n_items)], dtype=object)
    panel = Panel(ids, y, months, "MS", pd.DataFrame(index=range(n_items)))
    return real.Spares(panel, price, rng.integers(1, 13, n_items))


@pytest.mark.parametrize("seed", [2, 3])
def test_where_cover_fills_70_percent_the_same_money_fills_91_and_no_less_value(seed: int) -> None:
    spares = made_up_spares(600, seed)
    cover = stock.months_of_cover(spares)
    money = stock.at_fill(cover, 0.7)
    models = stock.fitted_models(spares, boosted=False)
    value = stock.at_money(cover, money, "value")
    # A few dear parts make up most of the value: ask for a margin over what has to come true.
    ours = stock.guarded(spares, models, money * np.array([0.8, 0.95]), value + 0.04)
    assert stock.at_money(ours, money, "units") >= 0.91
    assert stock.at_money(ours, money, "value") >= value


@pytest.mark.shared
@pytest.mark.skipif(not real.SHARED.is_dir(), reason="needs the shared real files")
def test_car_parts_need_the_published_money_for_cover_and_less_for_ours() -> None:
    spares = real.carparts()
    cover = stock.months_of_cover(spares)
    money = stock.at_fill(cover, 0.7)
    assert stock.at_fill(cover, 0.9) / money == pytest.approx(2.68, abs=0.05)
    models = stock.fitted_models(spares, boosted=False)
    (ours,) = stock.marginal(spares, models, money * np.geomspace(1, 5, 8))
    assert stock.at_fill(ours, 0.9) / money < 2.34
    assert stock.at_fill(ours, 0.95) / money < 3.72
