"""What came of the allocations, counted from the demand itself, which no file holds."""

import numpy as np
import pandas as pd

from forecasting.season.misallocation import avoidable, judge
from sample_data.grocer.settings import WEEKS_OF_SEASON
from sample_data.grocer.trading import GrocerRun
from sample_data.grocer.world import Floats
from sample_data.readme import table


def shared_out(run: GrocerRun) -> pd.DataFrame:
    """One row per season, item and site: what it got and what customers wanted, in truth.

    Columns: season_id, start, business_unit, item, site, is_tool, is_open, on_hand, allocated,
    demand, rate [units].
    """
    parts = []
    for one in run.seasons:
        start = run.grocer.settings.week_of(one.season.start)
        is_over = start + WEEKS_OF_SEASON <= run.sold.shape[1]
        if one.allocated is None or not is_over:
            continue
        weeks = slice(start, start + WEEKS_OF_SEASON)
        item, site = run.grocer.pairs.to_numpy()[one.pairs].T
        parts.append(
            pd.DataFrame(
                {
                    "season_id": one.season.season_id,
                    "start": start,
                    "business_unit": run.grocer.items["business_unit"].to_numpy()[item],
                    "item": item,
                    "site": site,
                    "is_tool": one.is_tool,
                    "is_open": run.grocer.is_open[site, weeks].any(axis=1),
                    "on_hand": one.on_hand,
                    "allocated": one.allocated,
                    "demand": run.grocer.demand[one.pairs, weeks].sum(axis=1),
                    "rate": run.grocer.rate[one.pairs, weeks].sum(axis=1),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def season_errors(run: GrocerRun) -> pd.DataFrame:
    """Allocation errors of every season that is over, by business unit; closed stores left out.

    Columns: season_id, business_unit, is_tool, n_lines, units, error, luck, avoidable, lower,
    upper [shares of the allocated units]. Luck is simulated with the true demand rates.
    """
    lines = shared_out(run)
    lines = lines[lines["is_open"]]
    rows = []
    for (_, season, unit), own in lines.groupby(["start", "season_id", "business_unit"]):
        given, wanted, rate, stock = (
            _matrix(own, name) for name in ("allocated", "demand", "rate", "on_hand")
        )
        outcome = judge(given, wanted, stock)
        pack = run.grocer.items["pack"].to_numpy()[np.unique(own["item"])]
        found, _ = avoidable(
            outcome, rate, on_hand=stock, pack=pack, noise=run.grocer.settings.dispersion, draws=200
        )
        rows.append(
            {
                "season_id": season,
                "business_unit": unit,
                "is_tool": bool(own["is_tool"].all()),
                "n_lines": len(own),
                "units": int(given.sum()),
                "error": found.rate,
                "luck": found.luck,
                "avoidable": found.avoidable,
                "lower": found.lower,
                "upper": found.upper,
            }
        )
    return pd.DataFrame(rows)


def _matrix(lines: pd.DataFrame, column: str) -> Floats:
    wide = lines.pivot(index="item", columns="site", values=column).fillna(0.0)
    return wide.to_numpy(dtype=float)


def season_figures(run: GrocerRun, kept: GrocerRun) -> str:
    """The errors as Markdown, beside the same business that kept the old rule."""
    errors, others = season_errors(run), season_errors(kept)
    rows = [
        [
            str(row.season_id),
            str(row.business_unit),
            "tool" if row.is_tool else "last year's share",
            f"{row.n_lines:,}",
            f"{row.units:,}",
            f"{row.error:.1%}",
            f"{row.luck:.1%}",
            f"{row.avoidable:.1%} ({row.lower:.1%} to {row.upper:.1%})",
            f"{other.error:.1%}",
        ]
        for row, other in zip(errors.itertuples(), others.itertuples(), strict=True)
    ]
    header = ["season", "business unit", "shared out by", "lines", "units", "allocation error"]
    header += ["of it luck", "avoidable", "had last year's share been kept"]
    return "\n".join(
        [
            "### The grocer's allocations, by season",
            "",
            *table(header, rows),
            "",
            "Counted from the demand itself, which the feeds do not hold: they have sales, which "
            "an empty shelf cuts short. Allocation error: share of the allocated units that stood "
            "in the wrong store. Luck: what is left of it when the true demand rates are known.",
        ]
    )
