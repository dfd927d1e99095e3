"""What the simulated grocer is like: causes only, never an error rate."""

import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

WEEKS_OF_SEASON = 8


@dataclass(frozen=True)
class Season:
    """One season: eight weeks from a Monday, for the items whose `events` hold its letter.

    Parameters
    ----------
    season_id
        Its name.
    letter
        C (Christmas), E (Easter) or S (summer).
    start
        Its first day, a Monday.
    held_back
        Part of the total that is kept for later, where the tool allocates [share].
    """

    season_id: str
    letter: str
    start: date
    held_back: float = 0.0


SEASONS = (
    Season("christmas-2024", "C", date(2024, 11, 4)),
    Season("easter-2025", "E", date(2025, 3, 3)),
    Season("christmas-2025", "C", date(2025, 11, 3)),
    Season("easter-2026", "E", date(2026, 2, 16)),
    Season("summer-2026", "S", date(2026, 5, 25), held_back=0.15),
    Season("christmas-2026", "C", date(2026, 11, 2), held_back=0.15),
)


@dataclass(frozen=True)
class GrocerSettings:
    """Parameters of one simulated grocer.

    Parameters
    ----------
    seed
        Seed of every random stream; the same settings give the same bytes.
    first_week, last_week
        Mondays of the first and the last week of sales.
    tool_start
        From then on Grocery is allocated by the product's own tool; Health and beauty never is.
        None keeps the old rule.
    n_stores, n_counters
        Grocery stores; health and beauty counters, each in one of the stores.
    size_drift, department_drift, item_drift
        How far a store's size, its taste for a department and for one item wander in a year
        [standard deviation of the logarithm].
    dispersion
        Variance of a week's demand over its mean; 1 is Poisson.
    buyer_error
        How far a total bought is off the demand to be expected [standard deviation of the log].
    promotion_chance, promotion_lift
        Chance per item and week of a promotion; how many times the usual demand it brings.
    markdown
        Part of the price that is lost on a unit left over at the end of a season [share].
    """

    seed: int = 20260614
    first_week: date = date(2023, 6, 5)
    last_week: date = date(2026, 6, 8)
    tool_start: date | None = date(2025, 9, 1)
    n_stores: int = 20
    n_counters: int = 14
    size_drift: float = 0.13
    department_drift: float = 0.13
    item_drift: float = 0.16
    dispersion: float = 1.3
    buyer_error: float = 0.08
    promotion_chance: float = 0.06
    promotion_lift: float = 1.6
    markdown: float = 0.5

    @property
    def weeks(self) -> pd.DatetimeIndex:
        """Mondays of every week of sales, and on to the end of the last season."""
        end = pd.Timestamp(SEASONS[-1].start) + pd.Timedelta(weeks=WEEKS_OF_SEASON - 1)
        return pd.date_range(self.first_week, end, freq="W-MON")

    @property
    def n_sold(self) -> int:
        """Weeks that have been sold."""
        return (self.last_week - self.first_week).days // 7 + 1

    def week_of(self, when: date) -> int:
        """Index of the week that a day is in."""
        return (when - self.first_week).days // 7

    def stream(self, purpose: str) -> np.random.Generator:
        """Random stream of its own for one purpose, so that a change elsewhere leaves it alone."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])
