"""The items table of a portfolio: prices, lead times, lots and limits, checked item by item."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.stock.curves import Floats, Integers, Supply, fixed_lead_times

LONGEST_LEAD_TIME = 120
"""Lead times beyond so many periods are taken for a mistake in the file."""


@dataclass(frozen=True)
class _Column:
    """A column of numbers: what stands in when absent (None: it may not be), and its range."""

    name: str
    absent: float | None
    least: float = 0.0
    may_be_least: bool = True

    @property
    def expected(self) -> str:
        bound = "at least" if self.may_be_least else "above"
        return f"a number {bound} {self.least:g}"

    def fits(self, number: "pd.Series[float]") -> "pd.Series[bool]":
        inside = number >= self.least if self.may_be_least else number > self.least
        return inside & np.isfinite(number)


_COLUMNS = (
    _Column("unit_cost", None, may_be_least=False),
    _Column("lead_time", None),
    _Column("review_period", 1.0, may_be_least=False),
    _Column("moq", 0.0),
    _Column("order_multiple", 1.0, may_be_least=False),
    _Column("unit_price", np.nan),
    _Column("criticality", 1.0),
    _Column("holding_rate", np.nan),
    _Column("shortage_cost", np.nan),
    _Column("min_level", np.nan),
    _Column("max_level", np.nan),
)


@dataclass(frozen=True)
class Items:
    """A portfolio's items, one entry each, in the order of the series.

    Attributes
    ----------
    ids
        unique_id.
    unit_cost, unit_price
        Money per unit on hand, and per unit sold (the cost where no price is given) [currency].
    lead_time, review
        Whole periods; a fraction of a lead time counts as a whole period, because the goods serve
        no demand before the next one.
    multiple
        Orders are multiples of this [units].
    lot
        The smallest order: the MOQ raised to the order multiple [units].
    unit
        Levels are multiples of this: 1, or the order multiple where that is less [units].
    criticality
        Weight of a unit filled.
    holding_rate, shortage_cost
        Cost of holding per value and year, cost of a unit short [currency]; NaN if not given.
    min_level, max_level
        Limits of the order-up-to level set by people [units]; NaN if none.
    """

    ids: NDArray[np.object_]
    unit_cost: Floats
    unit_price: Floats
    lead_time: Integers
    review: Integers
    multiple: Floats
    lot: Floats
    unit: Floats
    criticality: Floats
    holding_rate: Floats
    shortage_cost: Floats
    min_level: Floats
    max_level: Floats

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.intp]) -> "Items":
        """The items at `rows`, in that order."""
        return Items(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def supply(self, lead_weights: Floats | None = None) -> Supply:
        """Replenishment of the items, with measured lead times if their weights are given."""
        weights = fixed_lead_times(self.lead_time) if lead_weights is None else lead_weights
        return Supply(weights, self.review, self.lot, self.unit)


def read_items(table: pd.DataFrame, series_ids: NDArray[np.object_]) -> tuple[Items, pd.DataFrame]:
    """Check the items and match them with the series.

    Parameters
    ----------
    table
        One row per item: unique_id, unit_cost, lead_time and any of the other columns.
    series_ids
        unique_id of each series with demand.

    Returns
    -------
    The usable items in the order of the series, and unique_id with reason for all others: of
    series without an item, of items without a series, of items with an impossible value.

    Raises
    ------
    ValueError
        A column that every item needs is missing.
    """
    absent = [name for name in ("unique_id", "unit_cost", "lead_time") if name not in table.columns]
    if absent:
        raise ValueError(
            f"column {absent[0]} is missing (expected unique_id, unit_cost, lead_time)"
        )
    named = table[table["unique_id"].notna()]
    keys = named["unique_id"].astype(str)
    twice = keys.duplicated(keep=False)
    reasons = dict.fromkeys(keys[twice], "is in the items file more than once")
    usable = named[~twice].set_index(keys[~twice])
    frame = pd.DataFrame({c.name: _numbers(usable, c, reasons) for c in _COLUMNS})
    for key, value in frame["lead_time"][frame["lead_time"] > LONGEST_LEAD_TIME].items():
        text = f"lead_time {value:g} is over {LONGEST_LEAD_TIME} periods (is it in days?)"
        reasons.setdefault(str(key), text)
    _match(frame.index.astype(str).tolist(), [str(key) for key in series_ids], reasons)
    kept = [str(key) for key in series_ids if str(key) not in reasons]
    refused = pd.DataFrame(sorted(reasons.items()), columns=["unique_id", "reason"], dtype=str)
    return _items(frame.loc[kept]), refused


def _match(items: list[str], series: list[str], reasons: dict[str, str]) -> None:
    """Add a reason for every item without a series and every series without an item."""
    with_item, with_series = set(items), set(series)
    for key in series:
        if key not in with_item:
            reasons.setdefault(key, "has no row in the items file")
    for key in items:
        if key not in with_series:
            reasons.setdefault(key, "has no series of demand")


def _numbers(table: pd.DataFrame, column: _Column, reasons: dict[str, str]) -> "pd.Series[float]":
    """One column as numbers; impossible values are added to the reasons by item."""
    if column.name not in table.columns:
        return pd.Series(column.absent, index=table.index, dtype=float)
    text = table[column.name]
    number = pd.to_numeric(text, errors="coerce").astype(float)
    blank = text.isna() | (text.astype(str).str.strip() == "")
    for key, value in text[~blank & ~column.fits(number)].items():
        reasons.setdefault(str(key), f"{column.name} {value} is not {column.expected}")
    if column.absent is None:
        for key in text[blank].index:
            reasons.setdefault(str(key), f"{column.name} is missing (expected {column.expected})")
        return number
    return number.mask(blank, column.absent)


def _items(frame: pd.DataFrame) -> Items:
    """Arrays out of checked values."""
    column = {name: frame[name].to_numpy(dtype=float) for name in frame.columns}
    multiple = column["order_multiple"]
    price = np.where(np.isnan(column["unit_price"]), column["unit_cost"], column["unit_price"])
    return Items(
        ids=np.asarray(frame.index, dtype=object),
        unit_cost=column["unit_cost"],
        unit_price=price,
        lead_time=np.ceil(column["lead_time"] - 1e-9).astype(np.int64),
        review=np.maximum(1, np.ceil(column["review_period"] - 1e-9)).astype(np.int64),
        multiple=multiple,
        lot=np.maximum(multiple, np.ceil(column["moq"] / multiple - 1e-9) * multiple),
        unit=np.minimum(multiple, 1.0),
        criticality=column["criticality"],
        holding_rate=column["holding_rate"],
        shortage_cost=column["shortage_cost"],
        min_level=column["min_level"],
        max_level=column["max_level"],
    )
