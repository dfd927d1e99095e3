"""What kind of demand a series has, and why we say so."""

import numpy as np
import pandas as pd

from forecasting.demand.distribution import Floats
from forecasting.demand.models.features import YEAR
from forecasting.demand.panel import Panel

INTERVAL = 1.32
VARIATION = 0.49
SEASONALITY = 0.4
RECENT_YEARS = 2
SURPRISE = 0.005


def classify(panel: Panel) -> pd.DataFrame:
    """Class and reason of each series, in panel order.

    The borders between smooth, erratic, intermittent and lumpy are those of Syntetos, Boylan and
    Croston (2005): mean interval between demands 1.32 periods, squared coefficient of variation of
    the demand sizes 0.49, over the last two years. Before them come: *new* (known for less than
    half a year), *ending* (so long without demand that chance, at the former rate, is under half a
    per cent; or no longer reported), *sparse* (at most two demands), *seasonal* (years resemble one
    another).
    """
    year = YEAR[panel.freq]
    y = panel.y[:, -RECENT_YEARS * year :]
    known = np.isfinite(y)
    amounts = np.nan_to_num(y)
    n_known = np.isfinite(panel.y).sum(axis=1)
    n_demands = (amounts > 0).sum(axis=1)
    interval = known.sum(axis=1) / np.maximum(n_demands, 1)
    variation = _squared_variation(amounts)
    silent, chance = _silence(panel.y)
    likeness = _likeness(panel, year)
    often, like = interval < INTERVAL, variation < VARIATION
    always = np.ones(len(panel), dtype=bool)
    nearly = (
        "demand nearly every period (interval {interval:.2f}), of {{}} size (CV2 {variation:.2f})"
    )
    every = "demand every {interval:.1f} periods, of {{}} size (CV2 {variation:.2f})"
    tests = [
        (n_known < year // 2, "new", "known for {known:.0f} periods only"),
        (chance < SURPRISE, "ending", "no demand for {silent:.0f} periods, hardly by chance"),
        (n_demands <= 2, "sparse", "{demands:.0f} demands in the last two years"),
        (
            often & (likeness > SEASONALITY),
            "seasonal",
            "years are alike (correlation {likeness:.2f})",
        ),
        (often & like, "smooth", nearly.replace("{{}}", "like")),
        (often, "erratic", nearly.replace("{{}}", "changing")),
        (like, "intermittent", every.replace("{{}}", "like")),
        (always, "lumpy", every.replace("{{}}", "changing")),
    ]
    which = np.argmax(np.stack([test for test, _, _ in tests]), axis=0)
    facts = zip(n_known, silent, n_demands, likeness, interval, variation, strict=True)
    reasons = [
        tests[place][2].format(known=k, silent=s, demands=d, likeness=c, interval=i, variation=v)
        for place, (k, s, d, c, i, v) in zip(which, facts, strict=True)
    ]
    names = np.array([name for _, name, _ in tests])
    return pd.DataFrame({"unique_id": panel.ids, "demand_class": names[which], "reason": reasons})


def _squared_variation(amounts: Floats) -> Floats:
    """Squared coefficient of variation of the positive amounts; 0 with fewer than two."""
    hit = amounts > 0
    count = np.maximum(hit.sum(axis=1), 1)
    mean = amounts.sum(axis=1) / count
    variance = np.where(hit, (amounts - mean[:, None]) ** 2, 0.0).sum(axis=1) / np.maximum(
        count - 1, 1
    )
    return np.where(mean > 0, variance / np.where(mean > 0, mean, 1.0) ** 2, 0.0)


def _silence(y: Floats) -> tuple[Floats, Floats]:
    """Periods since the last demand, and the chance of that at the rate before it."""
    length = y.shape[1]
    hit = np.nan_to_num(y) > 0
    silent = np.where(hit.any(axis=1), hit[:, ::-1].argmax(axis=1), length)
    first = np.where(hit.any(axis=1), hit.argmax(axis=1), 0)
    span = np.maximum(length - silent - first, 1)
    rate = np.clip(hit.sum(axis=1) / span, 0.0, 0.99)
    known = np.isfinite(y)
    since = np.arange(length)[None, :] >= (length - silent)[:, None]
    out_of_stock = (since & ~known).sum(axis=1)
    ended = ~known[:, -max(3, length // 10) :].any(axis=1)
    quiet = np.where(ended, silent, silent - out_of_stock)
    chance = np.where(hit.any(axis=1), (1 - rate) ** quiet, 1.0)
    return silent.astype(float), np.where(hit.sum(axis=1) > 2, chance, 1.0)


def _likeness(panel: Panel, year: int) -> Floats:
    """Correlation of the last year with the year before, period by period; 0 without two years."""
    length = panel.n_periods
    if length < 2 * year:
        span = length - year
        if span < year // 2:
            return np.zeros(len(panel))
    else:
        span = year
    last, before = panel.y[:, -span:], panel.y[:, length - span - year : length - year]
    both = np.isfinite(last) & np.isfinite(before)
    count = np.maximum(both.sum(axis=1, keepdims=True), 1)
    apart = [np.where(both, values, 0.0) for values in (last, before)]
    apart = [np.where(both, v - v.sum(axis=1, keepdims=True) / count, 0.0) for v in apart]
    cross = (apart[0] * apart[1]).sum(axis=1)
    norm = np.sqrt((apart[0] ** 2).sum(axis=1) * (apart[1] ** 2).sum(axis=1))
    return np.where(norm > 0, cross / np.where(norm > 0, norm, 1.0), 0.0)
