"""Weeks or months: the rhythm whose forecast of a lead time's demand was nearer to what came."""

import numpy as np

from forecasting.demand.distribution import Floats
from forecasting.demand.losses import LEVELS
from forecasting.demand.models.empirical import EmpiricalMixture
from forecasting.demand.panel import Panel

DAYS = {"W": 7.0, "MS": 30.4375}
LONGEST_WINDOWS = 4
CLEARLY = 0.02


def spans(
    days: Floats, freq: str, horizon: int
) -> "np.ndarray[tuple[int, ...], np.dtype[np.intp]]":
    """Whole periods that cover each number of days, at least 1 and at most the horizon."""
    return np.clip(np.ceil(days / DAYS[freq] - 1e-9), 1, horizon).astype(np.intp)


def lead_time_loss(panel: Panel, days: float) -> float:
    """Pinball loss of the demand over `days`, over the demand itself; NaN on a short history.

    Mean of the levels .5 to .99 over up to four windows at the end of the panel, each forecast from
    before it with the mixture that carries intermittent parts, which takes milliseconds.
    """
    length = max(1, round(days / DAYS[panel.freq]))
    loss = demand = 0.0
    for window in range(1, LONGEST_WINDOWS + 1):
        cut = panel.n_periods - window * length
        if cut < 2 * length + 2:
            break
        before = panel.until(cut)
        known = np.isfinite(before.y).any(axis=1)
        actual = panel.y[:, cut : cut + length].sum(axis=1)
        amounts = EmpiricalMixture().fit(before, length).lead_time(length).quantile(LEVELS)
        apart = actual[:, None] - amounts
        each = np.maximum(LEVELS * apart, (LEVELS - 1) * apart).mean(axis=1)
        counted = known & np.isfinite(actual)
        loss += float(each[counted].sum())
        demand += float(actual[counted].sum())
    return loss / demand if demand > 0 else float("nan")


def choose(weeks: Panel, months: Panel, days: float) -> tuple[str, str]:
    """W or MS, and why.

    Weeks stand where the two are as good: they tell of a change sooner.

    Parameters
    ----------
    days
        The usual lead time.
    """
    # The same stretch of time for both, or the longer one would look the steadier.
    days = max(1, round(days / DAYS["MS"])) * DAYS["MS"]
    by_weeks, by_months = lead_time_loss(weeks, days), lead_time_loss(months, days)
    if not np.isfinite(by_weeks):
        return "W", "the history is too short to compare weeks with months"
    facts = f"loss per unit over {days:.0f} days: weeks {by_weeks:.3f}, months {by_months:.3f}"
    if np.isfinite(by_months) and by_months < (1 - CLEARLY) * by_weeks:
        return "MS", f"months were nearer to what came ({facts})"
    return "W", f"weeks were as near to what came, and tell of a change sooner ({facts})"
