"""Cubes: sums over the metric views by declared grains, so that no page reads all lines.

A cube is never a second definition: it is the view, summed. Which ones a metric keeps is declared
in the `grains` line of its SQL header as "<period>+<period> x <group>"; measure() picks the
smallest that can answer a question exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import duckdb

GROUPS: dict[str, tuple[str, ...]] = {
    "site": ("site_id", "region", "item_family", "business_unit"),
    "segment": ("site_id", "region", "item_family", "business_unit", "segment"),
    "customer": ("customer_id", "segment"),
    "item": ("item_id", "item_family", "business_unit"),
    "site_item": ("site_id", "region", "item_id", "item_family", "business_unit"),
    "supplier": ("supplier_id", "site_id", "region"),
}
"""What a cube of each group is split by, as far as the metric has it. Dimensions of none of the
groups (a delay, a basis, a bucket) take few values and are in every cube."""

CLUSTERED_BY_SITE = "site_item"
"""Group whose cubes lie site by site, so that one site's items are read without the rest."""

NESTED: dict[str, tuple[str | None, ...]] = {
    "day": ("day", "week", "month", "quarter", "year", None),
    "week": ("week", None),
    "month": ("month", "quarter", "year", None),
}
"""Periods of a cube -> the periods that can be summed from it."""

Sums = tuple[tuple[str, str], ...]
"""Column -> the expression that sums it. Quantities stay exact decimals, squares are floating."""


class Definition(Protocol):
    """What a cube needs to know of a metric."""

    @property
    def metric(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def grains(self) -> tuple[str, ...]: ...
    @property
    def dimensions(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Source:
    """A relation that answers a question: its date column, the length of its periods, its sums."""

    relation: str
    dated_by: str
    period: str
    sums: Sums


def build_cubes(con: duckdb.DuckDBPyConnection, definition: Definition) -> int:
    """Make the cubes of one metric and list them in cubes.catalogue; return how many.

    A coarser cube is summed from a finer one of the same group, so the lines are read once a group.
    """
    finest: dict[str, str] = {}
    for grain in sorted(definition.grains, key=lambda text: list(NESTED).index(_period(text))):
        period, group = grain.split(" x ")
        dimensions = cube_dimensions(definition, group)
        table = f"cubes.{definition.metric}__{period}_{group}"
        if group in finest and period in NESTED[finest[group]]:
            finer = f"cubes.{definition.metric}__{finest[group]}_{group}"
            _sum_into(
                con,
                table,
                period,
                dimensions,
                Source(finer, "period", finest[group], _SUMS_OF_CUBE),
            )
        else:
            _sum_into(con, table, period, dimensions, view_source(definition.metric))
            finest[group] = period
        (n_rows,) = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
        con.execute(
            "INSERT INTO cubes.catalogue VALUES (?, ?, ?, ?, ?)",
            [definition.metric, period, list(dimensions), table, n_rows],
        )
    return len(definition.grains)


def cube_dimensions(definition: Definition, group: str) -> tuple[str, ...]:
    """Return what a cube of this metric and group is split by."""
    grouped = {name for names in GROUPS.values() for name in names}
    return tuple(
        name for name in definition.dimensions if name in GROUPS[group] or name not in grouped
    )


def create_catalogue(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty list of cubes."""
    con.execute(
        "CREATE OR REPLACE TABLE cubes.catalogue ("
        "metric VARCHAR, period VARCHAR, dimensions VARCHAR[], relation VARCHAR, n_rows BIGINT)"
    )


@dataclass(frozen=True)
class Cube:
    """One cube of a build: what it is split by, and where it is."""

    period: str
    dimensions: frozenset[str]
    relation: str

    def answers(
        self, every: str | None, dimensions: Sequence[str], since: date | None, until: date | None
    ) -> bool:
        """Whether the question can be summed from this cube without cutting a period of it."""
        return (
            every in NESTED[self.period]
            and self.dimensions.issuperset(dimensions)
            and starts_period(self.period, since)
            and ends_period(self.period, until)
        )

    def source(self) -> Source:
        """Return how to read it."""
        return Source(self.relation, "period", self.period, _SUMS_OF_CUBE)


def read_cubes(con: duckdb.DuckDBPyConnection) -> dict[str, list[Cube]]:
    """Return the cubes of each metric, smallest first."""
    rows = con.execute(
        "SELECT metric, period, dimensions, relation FROM cubes.catalogue ORDER BY n_rows, relation"
    ).fetchall()
    cubes: dict[str, list[Cube]] = {}
    for metric, period, dimensions, relation in rows:
        cubes.setdefault(metric, []).append(Cube(period, frozenset(dimensions), relation))
    return cubes


def view_source(metric: str) -> Source:
    """Return how to read the view of a metric: always right, and never fast."""
    return Source(f"metrics.{metric}", "metric_date", "day", _SUMS_OF_VIEW)


def starts_period(period: str, day: date | None) -> bool:
    """Whether no period of this length is cut by beginning on the day."""
    if day is None or period == "day":
        return True
    return day.weekday() == 0 if period == "week" else day.day == 1


def ends_period(period: str, day: date | None) -> bool:
    """Whether no period of this length is cut by ending on the day."""
    return day is None or starts_period(period, day + timedelta(days=1))


_SUMS_OF_VIEW: Sums = (
    ("numerator", "coalesce(sum(numerator), 0)"),
    ("denominator", "coalesce(sum(denominator), 0)"),
    ("squares", "coalesce(sum(CAST(denominator AS DOUBLE) * CAST(denominator AS DOUBLE)), 0)"),
    ("n", "coalesce(sum(n), 0)"),
    ("pending", "coalesce(sum(CAST(is_pending AS INTEGER)), 0)"),
)
_SUMS_OF_CUBE: Sums = tuple((name, f"sum({name})") for name, _ in _SUMS_OF_VIEW)


def _period(grain: str) -> str:
    return grain.split(" x ", maxsplit=1)[0]


def _sum_into(
    con: duckdb.DuckDBPyConnection,
    table: str,
    period: str,
    dimensions: Sequence[str],
    source: Source,
) -> None:
    """Sum a source into a cube."""
    start = f"CAST(date_trunc('{period}', {source.dated_by}) AS DATE)"
    names = [f'"{name}"' for name in dimensions]
    sums = [f"{expression} AS {name}" for name, expression in source.sums]
    con.execute(
        f"CREATE OR REPLACE TABLE {table} AS "
        f"SELECT {', '.join([f'{start} AS period', *names, *sums])} "
        f"FROM {source.relation} GROUP BY {', '.join([start, *names])} "
        f"ORDER BY {', '.join(_order(names))}"
    )


def _order(names: list[str]) -> list[str]:
    """Return what a cube is sorted by: the period first, unless it is asked for site by site."""
    is_by_site = set(names) >= {f'"{name}"' for name in GROUPS[CLUSTERED_BY_SITE]}
    return ['"site_id"', "period", *names] if is_by_site else ["period", *names]
