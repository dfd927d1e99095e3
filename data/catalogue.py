"""The catalogue: what the headers of the SQL files say, and what a build says it was made with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from data import steps
from data.cubes import Cube, read_cubes
from data.errors import UserError

BUILDS_REMEMBERED = 8


@dataclass(frozen=True)
class Metric:
    """One metric: what the header of its SQL file says.

    Parameters
    ----------
    metric, label
        Identifier and name for people.
    unit
        "ratio" (0 to 1) or the unit of the value.
    better
        "higher" or "lower".
    version
        Raised with every change of meaning.
    kind
        "share" of things that count one each, "ratio" weighted by quantity or value, "curve" whose
        `always` dimension is never summed away, "distribution" with an observation per row.
    grains
        Cubes that are kept, such as "month x site" (in the header: "day+month x site").
    dimensions
        What it may be split and filtered by.
    always
        Dimensions that every answer is split by.
    description
        Population, reference date and what is left out.
    sql
        The whole file.
    """

    metric: str
    label: str
    unit: str
    better: str
    version: int
    kind: str
    grains: tuple[str, ...]
    dimensions: tuple[str, ...]
    always: tuple[str, ...]
    description: str
    sql: str


def read_header(text: str) -> Metric:
    """Read a metric out of the comment at the top of its SQL file.

    Examples
    --------
    >>> read_header(steps.sql("metrics", "line_fill_rate")).label
    'Line fill rate'
    """
    keys: dict[str, str] = {}
    prose: list[str] = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        key, colon, value = line[2:].strip().partition(":")
        if colon and key in _KEYS and not prose:
            keys[key] = value.strip()
        else:
            prose.append(line[2:].strip())
    return Metric(
        metric=keys["metric"],
        label=keys["label"],
        unit=keys["unit"],
        better=keys["better"],
        version=int(keys["version"]),
        kind=keys["kind"],
        grains=_expanded(keys["grains"]),
        dimensions=_listed(keys["by"]),
        always=_listed(keys.get("always", "")),
        description=" ".join(prose),
        sql=text,
    )


def catalogue() -> dict[str, Metric]:
    """Return every metric by identifier, in the order in which people read them."""
    return {name: read_header(steps.sql("metrics", name)) for name in steps.METRICS}


@dataclass(frozen=True)
class Contents:
    """What a build holds: its as-of date, its metrics as it defined them, and its cubes."""

    build_id: str
    as_of_date: date
    metrics: Mapping[str, Metric]
    cubes: Mapping[str, Sequence[Cube]]

    def find(self, name: str) -> Metric:
        """Return one metric.

        Raises
        ------
        UserError
            Where the build has no such metric; names those it has.
        """
        if name not in self.metrics:
            known = ", ".join(self.metrics)
            raise UserError(f"there is no metric '{name}' (expected one of: {known})")
        return self.metrics[name]


def read_contents(con: duckdb.DuckDBPyConnection) -> Contents:
    """Return what a build holds. A build never changes, so it is read once."""
    key = con.execute("SELECT build_id, as_of_date, built_at FROM marts.build").fetchall()[0]
    if key not in _READ:
        texts = con.execute("SELECT sql FROM health.metrics ORDER BY position").fetchall()
        metrics = {metric.metric: metric for metric in (read_header(text) for (text,) in texts)}
        while len(_READ) >= BUILDS_REMEMBERED:
            _READ.pop(next(iter(_READ)), None)
        _READ[key] = Contents(key[0], key[1], metrics, read_cubes(con))
    return _READ[key]


def built_catalogue(con: duckdb.DuckDBPyConnection) -> dict[str, Metric]:
    """Return the metrics as this build defined them, whatever the files say by now."""
    return dict(read_contents(con).metrics)


_KEYS = (
    "metric",
    "label",
    "unit",
    "better",
    "version",
    "kind",
    "grains",
    "by",
    "always",
)
_READ: dict[tuple[str, date, datetime], Contents] = {}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _expanded(text: str) -> tuple[str, ...]:
    """Write "day+week x site" as "day x site", "week x site"."""
    halves = (grain.split(" x ") for grain in _listed(text))
    return tuple(
        f"{period} x {group}" for periods, group in halves for period in periods.split("+")
    )
