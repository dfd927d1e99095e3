"""What the simulated business is like: physical quantities only, never an outcome."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np


@dataclass(frozen=True)
class Settings:
    """Parameters of one simulated business.

    Every rate here is a cause (demand, cover, lead time, habit of people); fill rates and
    on-time rates follow from the simulation.

    Parameters
    ----------
    seed
        Seed of every random stream; the same settings give the same bytes.
    warm_up_start
        First simulated day; nothing before `first_day` is delivered in the feeds.
    first_day, last_day
        First and last day of order entry that the feeds hold.
    go_live
        The day on which a policy handed in takes over from the cover rule.
    handling_start
        The day from which damage and documents of a shipment are recorded.
    promise_start
        The day from which promise dates of suppliers are collected.
    n_parts, n_customers
        Size of the business [parts, customers].
    lines_per_day
        Mean order lines per weekday over all sites at the start [lines/day].
    growth
        Growth of order lines [1/year].
    cover_months
        Order-up-to level of the cover rule [months of mean demand].
    review_days
        Days between two reviews of a part at a site under the cover rule [days].
    new_review_days
        The same under the policy that takes over at go-live [days].
    transfer_chance
        Chance that a planner approves shipping a short line from another site, per look.
    builds_per_month
        Mean engine builds planned at the plant [builds/month].
    plant_buffer_days
        Days by which the plant orders parts earlier than the stated lead time asks [days].
    expedites_per_week
        Purchase lines that the plant can have pulled in per week from go-live on; 0 is no
        expediting [lines/week].
    """

    seed: int = 20260614
    warm_up_start: date = date(2023, 4, 3)
    first_day: date = date(2024, 6, 1)
    last_day: date = date(2026, 6, 14)
    go_live: date = date(2025, 12, 1)
    handling_start: date = date(2025, 3, 1)
    promise_start: date = date(2025, 2, 3)
    n_parts: int = 300
    n_customers: int = 60
    lines_per_day: float = 62.0
    growth: float = 0.08
    cover_months: float = 3.35
    review_days: int = 28
    new_review_days: int = 7
    transfer_chance: float = 0.15
    builds_per_month: float = 30.0
    plant_buffer_days: int = 17
    expedites_per_week: int = 6

    @property
    def n_days(self) -> int:
        """Simulated days, warm-up included [days]."""
        return (self.last_day - self.warm_up_start).days + 1

    def day_of(self, when: date) -> int:
        """Index of a calendar day, 0 on the first simulated day."""
        return (when - self.warm_up_start).days

    def date_of(self, day: int) -> date:
        """Calendar day of an index."""
        return self.warm_up_start + timedelta(days=int(day))

    def stream(self, purpose: str) -> np.random.Generator:
        """Random stream of its own for one purpose, so that a change elsewhere leaves it alone."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])
