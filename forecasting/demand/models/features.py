"""What a global model sees of each series at an origin, scaled so that small and large meet."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from forecasting.demand.calendar import shift_profile
from forecasting.demand.distribution import Floats
from forecasting.demand.panel import Panel, after, of_known

LAGS = {"MS": 12, "W": 13, "D": 14}
WINDOWS = {
    "MS": (2, 3, 4, 6, 9, 12, 18, 24),
    "W": (2, 4, 8, 13, 26, 52),
    "D": (3, 7, 14, 28, 56, 182),
}
YEAR = {"MS": 12, "W": 52, "D": 364}
DISCOUNTS = (0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True)
class Origin:
    """The series as they stand after `n_periods` periods.

    Parameters
    ----------
    panel
        History only.
    level
        Scale of each series (n,) [units]: its recent mean, held away from zero.
    shared
        Features that do not depend on the step ahead, (n,) each.
    profile
        What each place of the yearly cycle does to demand (`calendar.shift_profile`).
    """

    panel: Panel
    level: Floats
    shared: dict[str, Floats]
    profile: Floats

    @classmethod
    def of(cls, panel: Panel) -> "Origin":
        """Compute everything that does not depend on the step ahead; the panel is `coded`."""
        y, year = panel.y, YEAR[panel.freq]
        level = _level(y, year)
        shared = _memory(y / level[:, None], panel.freq)
        shared["log_level"] = np.log(level)
        for name, numbers in panel.attributes.items():
            shared[f"attribute_{name}"] = numbers.to_numpy(dtype=float)
        return cls(panel, level, shared, shift_profile(panel))

    @cached_property
    def _scaled(self) -> Floats:
        """The series in their own scale."""
        return self.panel.y / self.level[:, None]

    @cached_property
    def _now(self) -> Floats:
        """The shared features side by side."""
        return np.column_stack(list(self.shared.values()))

    def at(self, step: int) -> Floats:
        """Features (n, k) for the period `step` ahead."""
        panel, n = self.panel, len(self.panel)
        year, last = YEAR[panel.freq], panel.n_periods
        scaled = self._scaled
        target = after(panel.periods[-1], panel.freq, step)
        ahead = [
            np.full(n, float(step)),
            np.full(n, float(target.day_of_year)),
            np.full(n, float(target.month)),
            np.full(n, float(target.day_of_week)),
        ]
        for back in (1, 2):
            for shift in (-1, 0, 1):
                place = last + step - 1 - back * year + shift
                ahead.append(scaled[:, place] if 0 <= place < last else np.full(n, np.nan))
        ahead.append(ahead[5] * self.shared["growth"])
        if self.profile.size:
            place = last + step - 1
            around = (place + np.arange(-1, 2)) % self.profile.size
            ahead += [np.full(n, value) for value in self.profile[around]]
        else:
            ahead += [np.zeros(n)] * 3
        return np.hstack([self._now, np.stack(ahead, axis=1)])


def categorical(panel: Panel) -> list[int]:
    """Positions of the attribute columns among the features."""
    names = list(Origin.of(panel.take(np.arange(min(len(panel), 1)))).shared)
    return [place for place, name in enumerate(names) if name.startswith("attribute_")]


def coded(panel: Panel) -> Panel:
    """The panel with category numbers for attributes, by the sorted texts."""
    numbers = {
        name: pd.factorize(texts.astype(str), sort=True)[0]
        for name, texts in panel.attributes.items()
    }
    return replace(panel, attributes=pd.DataFrame(numbers, index=range(len(panel))))


def _level(y: Floats, year: int) -> Floats:
    """Mean of the last year, drawn a little to the panel's, never zero."""
    recent = y[:, -year:]
    known = np.isfinite(recent)
    n_known, summed = known.sum(axis=1), np.nansum(recent, axis=1)
    typical = float(np.median(summed[n_known > 0] / n_known[n_known > 0])) if known.any() else 1.0
    whole = of_known(np.nanmean, y)
    start = np.where(np.isfinite(whole) & (n_known == 0), whole, max(typical, 1e-3))
    level = (summed + 0.5 * np.minimum(start, np.where(summed > 0, summed, start))) / (
        n_known + 0.5
    )
    return np.asarray(np.maximum(level, 1e-3 * max(typical, 1e-3)))


def _memory(scaled: Floats, freq: str) -> dict[str, Floats]:
    """Lags, windows, discounted means and the rhythm of demand."""
    n, length = scaled.shape
    wide = np.full((n, 2 * YEAR[freq] + 8), np.nan)
    width = min(length, wide.shape[1])
    wide[:, wide.shape[1] - width :] = scaled[:, length - width :]
    found: dict[str, Floats] = {f"lag_{j}": wide[:, -j] for j in range(1, LAGS[freq] + 1)}
    for window in WINDOWS[freq]:
        recent = wide[:, -window:]
        found[f"mean_{window}"] = of_known(np.nanmean, recent)
        if window >= 4:
            sold = np.where(np.isnan(recent), np.nan, recent > 0)
            found[f"share_{window}"] = of_known(np.nanmean, sold)
            found[f"max_{window}"] = of_known(np.nanmax, recent)
            found[f"deviation_{window}"] = of_known(np.nanstd, recent)
    age = np.arange(length)[::-1]
    known = np.isfinite(scaled)
    for discount in DISCOUNTS:
        weight = discount**age * known
        found[f"discounted_{discount}"] = (weight * np.nan_to_num(scaled)).sum(axis=1) / np.maximum(
            weight.sum(axis=1), 1e-9
        )
    positive = np.nan_to_num(scaled) > 0
    any_positive = positive.any(axis=1)
    found["since_last"] = np.where(any_positive, positive[:, ::-1].argmax(axis=1), length)
    found["age"] = np.where(any_positive, length - positive.argmax(axis=1), 0)
    found["n_positive"] = positive.sum(axis=1).astype(float)
    found["mean_size"] = of_known(np.nanmean, np.where(positive, scaled, np.nan))
    found["mean_all"] = of_known(np.nanmean, scaled)
    found["growth"] = _growth(wide, YEAR[freq])
    return {name: np.asarray(value, dtype=float) for name, value in found.items()}


def _growth(wide: Floats, year: int) -> Floats:
    """Recent weeks or months against the same a year ago, between a half and two."""
    span = max(3, round(year * 8 / 52))
    return growth_ratio(wide[:, -span:], wide[:, -span - year : -year])


def growth_ratio(recent: Floats, before: Floats) -> Floats:
    """Sum of `recent` over sum of `before` where both are known; 1 where there is nothing."""
    both = np.isfinite(recent) & np.isfinite(before)
    now, then = np.where(both, recent, 0).sum(axis=1), np.where(both, before, 0).sum(axis=1)
    ratio = np.where(then > 0, now / np.where(then > 0, then, 1.0), 1.0)
    return np.where(both.sum(axis=1) >= 2, ratio.clip(0.5, 2.0), 1.0)
