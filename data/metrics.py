"""measure(): the one way to a figure.

A metric is a view of dated numerators and denominators at the lowest grain. measure() sums first
and divides last, from the smallest cube that can answer, else from the view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data.catalogue import Contents, Metric, built_catalogue, catalogue, read_contents, read_header
from data.cubes import Source, view_source
from data.errors import UserError

__all__ = [
    "PERIODS",
    "Metric",
    "built_catalogue",
    "catalogue",
    "measure",
    "read_contents",
    "read_header",
    "total",
    "wilson",
]

PERIODS = ("day", "week", "month", "quarter", "year")
Z_95 = 1.959963984540054
"""Quantile of the normal distribution for a two-sided 95 % interval."""

Value = str | int | Sequence[str | int]


@dataclass(frozen=True)
class Question:
    """What is asked of one metric."""

    every: str | None
    by: tuple[str, ...]
    since: date | None
    until: date | None
    where: Mapping[str, Value]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Everything it splits and filters by."""
        return (*self.by, *self.where)


def measure(
    con: duckdb.DuckDBPyConnection,
    metric: str,
    *,
    every: str | None = None,
    by: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    where: Mapping[str, Value] | None = None,
) -> pd.DataFrame:
    """Measure one metric: sums of numerator and denominator, then their ratio.

    Parameters
    ----------
    con
        A build, opened for reading.
    metric
        Identifier of the metric.
    every
        Length of the periods: day, week (from Monday), month, quarter or year; None is one period.
    by
        Dimensions to split by.
    since, until
        First and last day, both included; the day is the metric's reference date.
    where
        Dimension -> value, or several values, any of which may hold.

    Returns
    -------
    DataFrame
        period (first day; NaT without `every`), the dimensions, numerator, denominator, value
        (NaN is "no data": a denominator of 0), n judged, pending not yet judged, lower and upper
        (Wilson, 95 %; for a ratio of weights n is the effective number of lines, Kish 1965),
        squares (sum of the squared weights of the lines, so that rows can be summed: see `total`);
        of a distribution also p50, p90, maximum and cv (coefficient of variation) over its rows.
        `attrs` holds metric, version, as_of and source.

    Raises
    ------
    UserError
        Where the metric, a dimension or a period does not exist; names those that do.

    Examples
    --------
    >>> measure(con, "line_fill_rate", every="month", where={"site_id": "LYO"})  # doctest: +SKIP
    """
    contents = read_contents(con)
    definition = contents.find(metric)
    asked = Question(
        every,
        (*by, *(name for name in definition.always if name not in by)),
        since,
        until,
        dict(where or {}),
    )
    _check(definition, asked)
    source = _find_source(contents, definition, asked)
    answer: Any = con.execute(*_query(source, definition, asked)).fetchnumpy()
    measured = _frame(answer, definition, asked)
    measured.attrs = {
        "metric": metric,
        "version": definition.version,
        "as_of": contents.as_of_date.isoformat(),
        "build_id": contents.build_id,
        "source": source.relation,
    }
    return measured


def _check(definition: Metric, asked: Question) -> None:
    if asked.every is not None and asked.every not in PERIODS:
        raise UserError(
            f"there is no period '{asked.every}' (expected one of: {', '.join(PERIODS)})"
        )
    for name in asked.dimensions:
        if name not in definition.dimensions:
            known = ", ".join(definition.dimensions)
            raise UserError(
                f"{definition.metric} has no dimension '{name}' (expected one of: {known})"
            )
    if len(set(asked.by)) < len(asked.by):
        raise UserError(f"a dimension is named twice: {', '.join(asked.by)}")
    if asked.since and asked.until and asked.since > asked.until:
        raise UserError(f"since {asked.since} is after until {asked.until}")


def _find_source(contents: Contents, definition: Metric, asked: Question) -> Source:
    """Return the smallest cube that can answer exactly, else the view.

    A distribution asks for quantiles, which no sum can give: it is always read from its view.
    """
    if definition.kind != "distribution":
        for cube in contents.cubes.get(definition.metric, ()):
            if cube.answers(asked.every, asked.dimensions, asked.since, asked.until):
                return cube.source()
    return view_source(definition.metric)


def _query(source: Source, definition: Metric, asked: Question) -> tuple[str, list[object]]:
    """Write the query. Names come from the catalogue; every value is bound."""
    conditions, parameters = _conditions(source, asked)
    period = source.dated_by
    if asked.every is not None and asked.every != source.period:
        period = f"date_trunc('{asked.every}', {source.dated_by})"
    groups = [period] if asked.every else []
    groups += [f'"{name}"' for name in asked.by]
    # Sums are taken as they are and made floating outside: casts cost more here than the sum.
    sums = [f"{summed} AS {name}" for name, summed in source.sums]
    shown = [f"{period} AS period", *groups[1:]] if asked.every else groups
    sql = f"SELECT {', '.join([*shown, *sums, *_spread(definition)])} FROM {source.relation}"
    if conditions:
        sql += f" WHERE {' AND '.join(conditions)}"
    if groups:
        sql += f" GROUP BY {', '.join(groups)} ORDER BY {', '.join(groups)}"
    return sql, parameters


def _conditions(source: Source, asked: Question) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    parameters: list[object] = []
    for sign, bound in ((">=", asked.since), ("<=", asked.until)):
        if bound is not None:
            conditions.append(f"{source.dated_by} {sign} CAST(? AS DATE)")
            parameters.append(bound)
    for name, value in asked.where.items():
        values = [value] if isinstance(value, str | int) else list(value)
        marks = ", ".join("CAST(? AS VARCHAR)" for _ in values)
        # `IN ()` is no SQL: a filter that allows nothing answers with nothing.
        conditions.append(f'CAST("{name}" AS VARCHAR) IN ({marks})' if values else "FALSE")
        parameters.extend(str(one) for one in values)
    return conditions, parameters


def _spread(definition: Metric) -> list[str]:
    if definition.kind != "distribution":
        return []
    return [
        "quantile_cont(observation, 0.5) AS p50",
        "quantile_cont(observation, 0.9) AS p90",
        "CAST(max(observation) AS DOUBLE) AS maximum",
        "stddev_samp(observation) / nullif(avg(observation), 0) AS cv",
    ]


_COUNTS = ("n", "pending")
_SUMS = ("numerator", "denominator", "squares", *_COUNTS)


def _frame(answer: dict[str, np.ndarray], definition: Metric, asked: Question) -> pd.DataFrame:
    """Make the answer of the database into rows: sums, their ratio and its interval."""
    columns = {name: _plain(cells, name in _SUMS) for name, cells in answer.items()}
    n_rows = len(columns["n"])
    period = columns.pop("period", np.full(n_rows, "NaT", dtype="datetime64[us]"))
    kept = {name: columns.pop(name) for name in asked.by}
    sums = {name: columns.pop(name) for name in _SUMS}
    return pd.DataFrame(
        {
            "period": period.astype("datetime64[us]"),
            **kept,
            **_ratio(sums, has_interval=definition.unit == "ratio"),
            **columns,
        }
    )


def _plain(cells: np.ndarray, is_sum: bool) -> np.ndarray:
    """Take the mask off a column; the sum of no rows is 0."""
    if not isinstance(cells, np.ma.MaskedArray):
        return cells
    if is_sum:
        return cells.filled(0)
    return cells.filled(np.nan if cells.dtype.kind == "f" else None)


def _ratio(sums: dict[str, np.ndarray], *, has_interval: bool) -> dict[str, np.ndarray]:
    """Divide, and add the interval where the value is a share of something."""
    top, bottom, squares = (sums[name].astype(float) for name in _SUMS[:3])
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(bottom > 0, top / bottom, np.nan)
        trials = np.where(squares > 0, bottom * bottom / squares, np.nan)
    lower, upper = wilson(value, trials if has_interval else np.full_like(trials, np.nan))
    counts = {name: sums[name].astype(np.int64) for name in _COUNTS}
    return {
        "numerator": top,
        "denominator": bottom,
        "value": value,
        **counts,
        "lower": lower,
        "upper": upper,
        "squares": squares,
    }


def total(measured: pd.DataFrame, *, has_interval: bool = True) -> dict[str, float]:
    """Sum measured rows into one: numerators and denominators, never their ratios (rule G19).

    Parameters
    ----------
    measured
        Rows of `measure` that overlap in nothing, such as the months of a year.
    has_interval
        Whether the metric is a share of something (its unit is "ratio").

    Returns
    -------
    dict
        numerator, denominator, value, n, pending, lower, upper and squares, as `measure` gives
        them for the rows taken together; of no rows the value is NaN and n is 0.
    """
    sums = {name: np.array([measured[name].sum()]) for name in _SUMS}
    return {
        name: cells[0].item() for name, cells in _ratio(sums, has_interval=has_interval).items()
    }


def wilson(share: np.ndarray, trials: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval of a share (Wilson 1927), NaN where there is no share.

    Parameters
    ----------
    share
        Observed share [0, 1].
    trials
        Number of independent trials behind it.

    Examples
    --------
    >>> low, high = wilson(np.array([0.5]), np.array([10.0]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.2366, 0.7634)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        z2 = Z_95 * Z_95 / trials
        middle = (share + z2 / 2) / (1 + z2)
        half = Z_95 / (1 + z2) * np.sqrt(share * (1 - share) / trials + z2 / trials / 4)
    return np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
