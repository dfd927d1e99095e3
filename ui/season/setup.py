"""What a planner sets up for a season: dates, items with their buy, stores with limits, waves."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from forecasting.season.allocation import Rule
from forecasting.season.faults import SeasonError
from forecasting.season.orders import Order
from forecasting.season.seasons import EVENTS

ITEMS = {
    "item_id": "text",
    "qty_total": "number",
    "qty_held_back": "number",
    "pack": "number",
    "like": "text",
    "like_size": "number",
}
SITES = {
    "site_id": "text",
    "item_id": "text",
    "is_open": "flag",
    "qty_on_hand": "number",
    "qty_presentation": "number",
    "qty_min": "number",
    "qty_max": "number",
    "qty_need": "number",
    "quota": "number",
    "rank": "number",
    "like": "text",
    "like_size": "number",
}
WAVES = {"arrives_on": "date", "item_id": "text", "percent": "number"}
TABLES = {"items": ITEMS, "sites": SITES, "waves": WAVES}
"""Table -> column -> kind. In `sites` and `waves` a blank item_id means every item."""
WITHOUT_EVENT = "none"
PLAIN = (
    "season_id",
    "title",
    "start",
    "end",
    "rule",
    "event",
    "reference",
    "counts_stock",
    "is_fine",
)


def empty(table: str) -> pd.DataFrame:
    """A table of a set-up without rows, its columns typed as they are edited."""
    return typed(pd.DataFrame(columns=list(TABLES[table])), table)


@dataclass(frozen=True)
class Setup:
    """A season as a planner sets it up.

    Parameters
    ----------
    season_id, title
        Name in the feeds, and what people call it.
    start, end
        First and last day.
    rule
        How a total is shared out.
    event
        Holiday the reference season is aligned on: '' finds it from the dates, 'none' is none.
    reference
        First day of the reference season, where the planner names one.
    counts_stock
        Whether the stock that stores have counts towards what they get.
    is_fine
        Whether the demand model of every item and store is asked too: finer shares, and slow.
    items, sites, waves
        See `TABLES`. A wave is a share of what is allocated, in percent, that arrives later.
    """

    season_id: str
    title: str
    start: dt.date
    end: dt.date
    rule: Rule = "probability"
    event: str = ""
    reference: dt.date | None = None
    counts_stock: bool = True
    is_fine: bool = False
    items: pd.DataFrame = field(default_factory=lambda: empty("items"))
    sites: pd.DataFrame = field(default_factory=lambda: empty("sites"))
    waves: pd.DataFrame = field(default_factory=lambda: empty("waves"))

    def payload(self) -> dict[str, Any]:
        """What the journal keeps: plain values, each table as a list of rows without blanks."""
        told: dict[str, Any] = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name in PLAIN
            if (value := getattr(self, name)) is not None
        }
        for table in TABLES:
            told[table] = _rows(getattr(self, table))
        return told

    @classmethod
    def from_payload(cls, told: Mapping[str, Any]) -> "Setup":
        """The set-up that `payload` made a payload of."""
        plain = {name: told[name] for name in PLAIN if told.get(name) is not None}
        for name in ("start", "end", "reference"):
            if name in plain:
                plain[name] = dt.date.fromisoformat(plain[name])
        tables: dict[str, Any] = {
            table: typed(pd.DataFrame(told.get(table, [])), table) for table in TABLES
        }
        return cls(**plain, **tables)

    def order(self, series: pd.DataFrame, freq: str, on_hand: pd.DataFrame) -> Order:
        """What is asked of the planner's engine.

        Parameters
        ----------
        series
            unique_id, ds, y, in_stock.
        on_hand
            item_id, site_id, qty_on_hand: stock that stores have; a quantity in `sites` goes
            before it.
        """
        stock = on_hand if self.counts_stock else on_hand.iloc[:0]
        sites = pd.concat([stock, self.sites], ignore_index=True).dropna(axis=1, how="all")
        return Order(
            series,
            freq,
            self.items[["item_id", "qty_total", "qty_held_back", "pack"]],
            pd.Timestamp(self.start),
            pd.Timestamp(self.end),
            sites if "site_id" in sites else empty("sites")[["site_id"]],
            self.items[["item_id", "like"]],
            self.rule,
            {"": None, WITHOUT_EVENT: ""}.get(self.event, self.event),
            None if self.reference is None else pd.Timestamp(self.reference),
            not self.is_fine,
        )

    def like_items(self) -> dict[str, tuple[str, float]]:
        """New item -> the item it is like, and its size beside it."""
        named = self.items[self.items["like"].notna()]
        sizes = named["like_size"].fillna(1.0)
        return dict(zip(named["item_id"], zip(named["like"], sizes, strict=True), strict=True))


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    found = []
    for row in table.to_dict("records"):
        kept = {str(name): value for name, value in row.items() if not pd.isna(value)}
        for name, value in kept.items():
            if isinstance(value, dt.date | pd.Timestamp):
                kept[name] = pd.Timestamp(value).date().isoformat()
        if kept:
            found.append(kept)
    return found


def typed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table of a set-up with its own columns in order, each of its type, empty rows left out.

    Raises
    ------
    SeasonError
        A column is not known, or a cell is not what its column holds; the message names it.
    """
    unknown = [str(column) for column in table.columns if column not in TABLES[name]]
    if unknown:
        raise SeasonError(f"{name}: column {unknown[0]!r} is not known ({', '.join(TABLES[name])})")
    rows = table.reindex(columns=list(TABLES[name])).dropna(how="all").reset_index(drop=True)
    return pd.DataFrame(
        {column: _cells(rows[column], kind, name) for column, kind in TABLES[name].items()}
    )


WORDS = {"true": True, "yes": True, "1": True, "1.0": True}
WORDS |= {"false": False, "no": False, "0": False, "0.0": False}


def _cells(cells: pd.Series, kind: str, table: str) -> pd.Series:
    """One column in its type; a text cell that reads as a number stays text."""
    if kind == "text":
        text = cells.astype("string").str.strip()
        whole = text.str.fullmatch(r"\d+\.0") & cells.map(lambda cell: isinstance(cell, float))
        return text.mask(whole.fillna(False), text.str.removesuffix(".0")).mask(text == "")
    found: pd.Series
    if kind == "number":
        found = pd.to_numeric(cells, errors="coerce").astype("float64")
    elif kind == "flag":
        found = cells.astype("string").str.strip().str.lower().map(WORDS).astype("boolean")
    else:
        found = pd.to_datetime(cells, errors="coerce", format="ISO8601").astype("datetime64[ns]")
    bad = cells.notna() & (cells.astype("string").str.strip() != "") & found.isna()
    if bad.any():
        what = {"number": "a number", "flag": "yes or no", "date": "a date, YYYY-MM-DD"}[kind]
        row = int(bad.to_numpy().argmax()) + 1
        raise SeasonError(
            f"{table} row {row}: {cells.name} is {cells[bad].iloc[0]} (expected {what})"
        )
    return found


def faults(setup: Setup, others: pd.DataFrame) -> list[str]:
    """What stands against planning this set-up, a line each.

    Parameters
    ----------
    others
        season_id, item_id, start_date, end_date of the other seasons known.
    """
    found = []
    if setup.end < setup.start:
        found.append(f"The season ends on {setup.end} before it starts on {setup.start}.")
    if setup.items.empty:
        found.append("No item yet: a season needs at least one item with a total.")
    if setup.event not in ("", WITHOUT_EVENT, *EVENTS):
        found.append(f"Event {setup.event!r} is unknown (expected {', '.join(EVENTS)}).")
    late = setup.waves["arrives_on"]
    outside = late[(late <= pd.Timestamp(setup.start)) | (late > pd.Timestamp(setup.end))]
    if len(outside):
        found.append(
            f"A wave arrives on {outside.iloc[0].date()}: a wave comes after the first day of the "
            "season and before its end."
        )
    if setup.waves["percent"].lt(0).any() or _most_percent(setup) > 100:
        found.append("The waves of an item come to more than 100 % of it, or less than nothing.")
    mine = others[others["item_id"].isin(setup.items["item_id"])]
    overlap = mine[
        (mine["season_id"] != setup.season_id)
        & (pd.to_datetime(mine["start_date"]) <= pd.Timestamp(setup.end))
        & (pd.to_datetime(mine["end_date"]) >= pd.Timestamp(setup.start))
    ]
    return found + [
        f"Item {row['item_id']} is in season {row['season_id']} at the same time: each would "
        "count the other's sales as its own."
        for row in overlap.head(5).to_dict("records")
    ]


def _most_percent(setup: Setup) -> float:
    every = setup.waves.loc[setup.waves["item_id"].isna(), "percent"].sum()
    own = setup.waves.dropna(subset="item_id").groupby("item_id")["percent"].sum()
    return float(every + (own.max() if len(own) else 0.0))
