"""Regular panels of demand: one row per series, one column per period, unknown demand as NaN."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.demand.distribution import Floats

SEASONS = {"MS": 12, "W": 52, "D": 7}
DAYS_OF = {"W": 7, "D": 1}
TYPO_RATIO = 200.0
TYPO_NEIGHBOURS = 3


@dataclass(frozen=True)
class Panel:
    """Demand of n series over T periods.

    Parameters
    ----------
    ids
        `unique_id` of each series.
    y
        Demand (n, T) [units]; NaN where it is not known: before the start of life, out of stock
        (sales there are no demand), not reported, left out as a typing mistake.
    periods
        First day (months, days) or the file's own weekday (weeks) of each period.
    freq
        MS, W or D.
    attributes
        What is known of each series beside its demand, one text column each, n rows.
    """

    ids: NDArray[np.object_]
    y: Floats
    periods: pd.DatetimeIndex
    freq: str
    attributes: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def season(self) -> int:
        """Periods in a cycle: a year of months or weeks, a week of days."""
        return SEASONS[self.freq]

    @property
    def n_periods(self) -> int:
        return int(self.y.shape[1])

    @property
    def unit(self) -> Floats:
        """The grain of each series (n,) [units]: 1 for whole numbers, else 1e-4 of its level."""
        known = np.nan_to_num(self.y)
        whole = (np.abs(known - np.rint(known)) < 1e-9).all(axis=1)
        positive = (known > 0).sum(axis=1)
        level = known.sum(axis=1) / np.maximum(positive, 1)
        fine = 10.0 ** (np.floor(np.log10(np.where(level > 0, level, 1.0))) - 4)
        return np.where(whole, 1.0, np.minimum(fine, 1.0))

    def take(self, index: NDArray[np.intp]) -> "Panel":
        """The series at `index`, in that order."""
        kept = pd.DataFrame(index=range(len(index)))
        for name, texts in self.attributes.items():
            kept[name] = texts.to_numpy()[index]
        return replace(self, ids=self.ids[index], y=self.y[index], attributes=kept)

    def until(self, n_periods: int) -> "Panel":
        """What is known after the first `n_periods` periods: the training side of a back-test."""
        return replace(self, y=self.y[:, :n_periods], periods=self.periods[:n_periods])

    def future(self, horizon: int) -> pd.DatetimeIndex:
        """The next `horizon` periods."""
        return following(self.periods[-1], self.freq, horizon)


def of_known(function: Callable[..., Floats], values: Floats) -> Floats:
    """A NaN-skipping function of each row, NaN for rows without one known value, (n,).

    numpy warns of such rows, and its warnings cannot be silenced in one thread alone.
    """
    answer = np.full(len(values), np.nan)
    some = np.isfinite(values).any(axis=1)
    answer[some] = function(values[some], axis=1)
    return answer


def following(last: pd.Timestamp, freq: str, n: int) -> pd.DatetimeIndex:
    """The `n` periods after `last`."""
    if freq == "MS":
        return pd.DatetimeIndex([after(last, freq, k) for k in range(1, n + 1)])
    days = np.arange(1, n + 1) * DAYS_OF[freq]
    return pd.DatetimeIndex(last + pd.to_timedelta(days, unit="D"))


def after(last: pd.Timestamp, freq: str, n: int) -> pd.Timestamp:
    """The n-th period after `last`."""
    if freq == "MS":
        return last + pd.DateOffset(months=n)
    return last + pd.Timedelta(days=DAYS_OF[freq] * n)


def without_typos(panel: Panel) -> tuple[Panel, pd.Series]:
    """Take amounts that tower over all else in their series as not known.

    An amount is a typing mistake when it is at least 200 times the next lower amount of the series,
    at least three other positive amounts are known, and it is among at most a twentieth of them.

    Returns
    -------
    The panel with those amounts NaN, and a note for each series that had one, by its position.
    """
    ranked = np.sort(np.nan_to_num(panel.y), axis=1)
    below, above = ranked[:, :-1], ranked[:, 1:]
    n_positive = (ranked > 0).sum(axis=1)
    n_above = ranked.shape[1] - 1 - np.arange(ranked.shape[1] - 1)
    few = (n_above <= np.maximum(1, n_positive // 20)[:, None]) & (
        n_positive[:, None] - n_above >= TYPO_NEIGHBOURS
    )
    jump = (below > 0) & (above >= TYPO_RATIO * below) & few
    if not jump.any():
        return panel, pd.Series(dtype=str)
    ceiling = np.where(jump.any(axis=1), below[np.arange(len(panel)), jump.argmax(axis=1)], np.inf)
    towering = np.nan_to_num(panel.y) > ceiling[:, None]
    hit = np.flatnonzero(towering.any(axis=1))
    notes = [
        f"{np.nanmax(panel.y[i]):,.0f} is over {TYPO_RATIO:.0f} times the next amount "
        f"({ceiling[i]:,.0f}): taken as a typing mistake, not as demand"
        for i in hit
    ]
    return replace(panel, y=np.where(towering, np.nan, panel.y)), pd.Series(notes, index=hit)
