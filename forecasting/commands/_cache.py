"""Results kept by the content they were made from, so that what has not changed is not redone."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from forecasting.demand.models import boosted
from forecasting.demand.panel import Panel

VERSION = 2


def folder() -> Path:
    """Where results are kept: `cache/forecasts` in the warehouse folder."""
    return Path(os.environ.get("WAREHOUSE", ".warehouse")) / "cache" / "forecasts"


def fingerprint(panel: Panel, **settings: object) -> str:
    """Name of a result: a hash of every amount, id, period and attribute, and of the settings."""
    digest = hashlib.sha256(json.dumps([_programs(), settings], sort_keys=True).encode())
    digest.update(np.ascontiguousarray(panel.y).tobytes())
    digest.update("\x1f".join(map(str, panel.ids)).encode())
    digest.update(panel.periods.as_unit("s").asi8.tobytes())
    digest.update(panel.attributes.to_csv(index=False).encode())
    digest.update(panel.freq.encode())
    return digest.hexdigest()[:24]


def _programs() -> list[str]:
    """What computed it: another release of a library may answer otherwise."""
    names = ("prophet", "numpy", "scipy", "lightgbm")
    releases = [
        metadata.version(name)
        for name in names
        if boosted.unavailable() is None or name != "lightgbm"
    ]
    return [str(VERSION), *releases]


def has(name: str, place: Path | None = None) -> bool:
    """Whether the result called `name` is kept."""
    return ((place or folder()) / f"{name}.parquet").is_file()


def kept(
    name: str, make: Callable[[], pd.DataFrame], use: bool = True, place: Path | None = None
) -> pd.DataFrame:
    """The result called `name`, made and kept (in `place`) if it is not there yet."""
    path = (place or folder()) / f"{name}.parquet"
    if use and path.is_file():
        path.touch()
        return pd.read_parquet(path)
    frame = make()
    if use:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        frame.to_parquet(partial, index=False)
        partial.replace(path)
    return frame


def forget(place: Path, days: int = 30) -> None:
    """Remove results that nobody has asked for in so many days."""
    oldest = time.time() - days * 86_400
    for path in place.glob("*.parquet"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
