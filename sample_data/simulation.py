"""The whole business in one call."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sample_data.commitments import promise
from sample_data.demand import Demand, make_demand
from sample_data.events import History
from sample_data.feeds import Written, write_feeds
from sample_data.operations import Operations
from sample_data.outcome import monthly, monthly_line_side
from sample_data.plant import Plant
from sample_data.policies import Policy
from sample_data.schedule import make_schedule
from sample_data.settings import Settings
from sample_data.world import World, make_world


@dataclass(frozen=True)
class Run:
    """A finished simulation."""

    world: World
    demand: Demand
    history: History
    plant: Plant

    def monthly(self) -> pd.DataFrame:
        """Outcome by month, see `sample_data.outcome.monthly`."""
        return monthly(self.world, self.demand, self.history)

    def monthly_line_side(self) -> pd.DataFrame:
        """Line-side and engine figures by month, see `outcome.monthly_line_side`."""
        return monthly_line_side(self.plant)

    def write(self, folder: Path) -> Written:
        """Write the feeds into a folder, made when missing."""
        return write_feeds(self.world, self.demand, self.history, self.plant, folder)


def simulate(settings: Settings, policy: Policy | None = None) -> Run:
    """Simulate the business of these settings day by day.

    Parameters
    ----------
    settings
        Physical parameters and seed.
    policy
        Takes over from the months-of-cover rule on `settings.go_live`; None keeps the old rule.
    """
    world = make_world(settings)
    demand = make_demand(world)
    history = Operations(world, demand, policy).run()
    rng = settings.stream("commitments")
    for purchase in history.purchases:
        promise(world, purchase, rng)
    return Run(world, demand, history, Plant(world, make_schedule(world)).run())
