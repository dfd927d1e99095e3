"""Prophet for many series at once: one design matrix, the bundled Stan program called directly.

Prophet's public API spends most of its time rebuilding the same Fourier and event columns and
checking frames. Here they are built once, by Prophet itself, for all series of a panel; each series
then costs one call of Prophet's own optimizer (L-BFGS) and a prediction in numpy. Point forecasts
equal `Prophet.fit(..., algorithm="LBFGS").predict(...)` to 1e-6 of their level, which a test holds;
a series on which the call fails goes through the public API instead.
"""

import json
import logging
import subprocess
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from forecasting.demand.distribution import Floats

LEAST_KNOWN = 5
CHANGEPOINT_RANGE = 0.8
MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class ProphetSettings:
    """What Prophet is told; the rest is its default.

    Parameters
    ----------
    yearly, weekly
        Whether the season is there (or its Fourier order): forced, never left to Prophet.
    multiplicative
        Whether season and events multiply the trend or add to it.
    growth
        linear or flat.
    changepoint_prior_scale
        How willing the trend is to bend.
    n_changepoints
        How many places it may bend at.
    """

    yearly: bool | int = True
    weekly: bool = False
    multiplicative: bool = True
    growth: Literal["linear", "flat"] = "linear"
    changepoint_prior_scale: float = 0.05
    n_changepoints: int = 25

    @property
    def mode(self) -> Literal["additive", "multiplicative"]:
        return "multiplicative" if self.multiplicative else "additive"


@dataclass(frozen=True)
class Design:
    """The columns all series share.

    Parameters
    ----------
    settings
        What Prophet is told.
    dates
        History and future, in order.
    n_history
        How many of them are history.
    events
        0/1 columns over `dates`.
    columns, sigmas, additive, multiplicative
        Prophet's own design matrix over `dates` and what it says of each column.
    """

    settings: ProphetSettings
    dates: pd.DatetimeIndex
    n_history: int
    events: pd.DataFrame
    columns: Floats = field(repr=False)
    sigmas: list[float] = field(repr=False)
    additive: Floats = field(repr=False)
    multiplicative: Floats = field(repr=False)

    @classmethod
    def of(
        cls,
        settings: ProphetSettings,
        history: pd.DatetimeIndex,
        future: pd.DatetimeIndex,
        events: pd.DataFrame,
    ) -> "Design":
        """Let Prophet build its columns over all dates once."""
        dates = pd.DatetimeIndex(history.append(future))
        model = new_prophet(settings, events)
        frame = pd.DataFrame({"ds": dates, "y": np.arange(len(dates), dtype=float)})
        for name in events:
            frame[name] = events[name].to_numpy()
        ready = model.preprocess(frame)
        return cls(
            settings, dates, len(history), events,
            np.ascontiguousarray(ready.X.to_numpy(dtype=float)),
            [float(sigma) for sigma in ready.sigmas],
            np.asarray(ready.s_a, dtype=float), np.asarray(ready.s_m, dtype=float),
        )  # fmt: skip


def new_prophet(settings: ProphetSettings, events: pd.DataFrame) -> Any:
    """A Prophet object with these settings, for the columns and for the public path."""
    logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)
    from prophet import Prophet

    # They tell of every fit; cmdstanpy sets its own level once, at its first use, so only switching
    # it off lasts.
    logging.getLogger("prophet").setLevel(logging.CRITICAL)
    logging.getLogger("cmdstanpy").disabled = True
    # Their own use of pandas is deprecated here and there; that is not ours to mend.
    warnings.filterwarnings("ignore", module=r"(prophet|cmdstanpy)\.")
    model = Prophet(
        growth=settings.growth,
        yearly_seasonality=settings.yearly,
        weekly_seasonality=settings.weekly,
        daily_seasonality=False,
        seasonality_mode=settings.mode,
        changepoint_prior_scale=settings.changepoint_prior_scale,
        n_changepoints=settings.n_changepoints,
        uncertainty_samples=0,
    )
    for name in events:
        model.add_regressor(str(name), standardize=False, mode=settings.mode)
    return model


def forecast(y: Floats, design: Design, jobs: int = 1) -> Floats:
    """Prophet's `yhat` of every series over history and future, (n, dates).

    Parameters
    ----------
    y
        Demand (n, history); NaN where it is not known.
    design
        The shared columns.
    jobs
        Optimizer processes at a time.

    Returns
    -------
    NaN rows for series with fewer than 5 known periods, and where Prophet fails altogether.
    """
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        batch = _Batch(design, Path(folder))
        if jobs == 1:
            rows = [batch.one(row, i) for i, row in enumerate(y)]
        else:
            with ThreadPoolExecutor(jobs) as pool:
                rows = list(pool.map(batch.one, y, range(len(y))))
    return np.stack(rows) if rows else np.empty((0, len(design.dates)))


class _Batch:
    """One optimizer call per series, with the text of the shared columns kept."""

    def __init__(self, design: Design, folder: Path) -> None:
        self.design = design
        self.folder = folder
        self.program = str(resources.files("prophet") / "stan_model" / "prophet_model.bin")
        columns = design.columns[: design.n_history]
        self.lines = np.array([json.dumps(row) for row in columns.tolist()], dtype=object)
        self.days = (design.dates - design.dates[0]).days.to_numpy(dtype=float)
        self.tail = json.dumps(
            {
                "K": columns.shape[1],
                "tau": design.settings.changepoint_prior_scale,
                "trend_indicator": 2 if design.settings.growth == "flat" else 0,
                "s_a": design.additive.tolist(),
                "s_m": design.multiplicative.tolist(),
                "sigmas": design.sigmas,
            }
        )[1:]

    def one(self, y: Floats, number: int) -> Floats:
        """`yhat` of one series."""
        known = np.flatnonzero(np.isfinite(y))
        if len(known) < LEAST_KNOWN:
            return np.full(len(self.days), np.nan)
        if np.ptp(y[known]) == 0:
            return np.full(len(self.days), y[known[0]])
        try:
            return self._direct(y, known, number)
        except (OSError, ValueError, IndexError, subprocess.SubprocessError):
            return self._public(y, known)

    def _direct(self, y: Floats, known: np.ndarray[Any, Any], number: int) -> Floats:
        scale = float(np.abs(y[known]).max())
        first, last = self.days[known[0]], self.days[known[-1]]
        times = (self.days - first) / (last - first)
        bends = self._bends(times[known])
        scaled = y[known] / scale
        data = self.folder / f"{number}.json"
        start, out = self.folder / f"{number}.init.json", self.folder / f"{number}.csv"
        data.write_text(self._text(scaled, times[known], known, bends), encoding="ascii")
        start.write_text(json.dumps(self._start(scaled, times[known], bends)), encoding="ascii")
        subprocess.run(
            [self.program, "random", "seed=1", "data", f"file={data}", f"init={start}", "output",
             f"file={out}", "method=optimize", "algorithm=lbfgs", "iter=10000"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        answer = self._predict(_parameters(out), times, bends)
        for path in (data, start, out):
            path.unlink()
        return answer * scale

    def _bends(self, times: Floats) -> Floats:
        """Changepoints evenly over the first 80 % of the known history, as Prophet places them."""
        size = int(np.floor(len(times) * CHANGEPOINT_RANGE))
        n_bends = min(self.design.settings.n_changepoints, size - 1)
        places = np.linspace(0, size - 1, n_bends + 1).round().astype(int)
        return np.asarray(times[places][1:])

    def _text(
        self, scaled: Floats, times: Floats, known: np.ndarray[Any, Any], bends: Floats
    ) -> str:
        own = {
            "T": len(known),
            "S": len(bends),
            "y": scaled.tolist(),
            "t": times.tolist(),
            "cap": [0.0] * len(known),
            "t_change": bends.tolist(),
        }
        return f'{json.dumps(own)[:-1]}, "X": [{",".join(self.lines[known])}], {self.tail}'

    def _start(self, scaled: Floats, times: Floats, bends: Floats) -> dict[str, object]:
        if self.design.settings.growth == "flat":
            growth, offset = 0.0, float(scaled.mean())
        else:
            growth = float((scaled[-1] - scaled[0]) / (times[-1] - times[0]))
            offset = float(scaled[0] - growth * times[0])
        return {
            "k": growth,
            "m": offset,
            "delta": [0.0] * len(bends),
            "beta": [0.0] * len(self.design.sigmas),
            "sigma_obs": 1.0,
        }

    def _predict(self, values: Floats, times: Floats, bends: Floats) -> Floats:
        growth, offset = values[0], values[1]
        delta = values[2 : 2 + len(bends)]
        beta = values[3 + len(bends) : 3 + len(bends) + len(self.design.sigmas)]
        if self.design.settings.growth == "flat":
            trend = np.full(len(times), offset)
        else:
            bent = (bends <= times[:, None]) * delta
            trend = (growth + bent.sum(axis=1)) * times + offset - bent @ bends
        shared = self.design.columns
        added = shared @ (beta * self.design.additive)
        return np.asarray(trend * (1 + shared @ (beta * self.design.multiplicative)) + added)

    def _public(self, y: Floats, known: np.ndarray[Any, Any]) -> Floats:
        """Through Prophet's own API; NaN where that fails too."""
        frame = pd.DataFrame({"ds": self.design.dates})
        for name in self.design.events:
            frame[name] = self.design.events[name].to_numpy()
        model = new_prophet(self.design.settings, self.design.events)
        try:
            model.fit(frame.iloc[known].assign(y=y[known]), algorithm="LBFGS")
        except (RuntimeError, ValueError):
            return np.full(len(frame), np.nan)
        return np.asarray(model.predict(frame)["yhat"], dtype=float)


def _parameters(path: Path) -> Floats:
    """k, m, delta, sigma_obs, beta ... of the optimizer's answer."""
    with path.open(encoding="ascii") as answer:
        rows = [line for line in answer if not line.startswith("#")]
    values = np.array([float(value) for value in rows[1].split(",")[1:]])
    if not np.isfinite(values).all():
        raise ValueError("the optimizer's answer is not finite")
    return values
