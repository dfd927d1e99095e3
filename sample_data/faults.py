"""Faults planted into the deliveries, each with its count, so that tests can find them again."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sample_data.settings import Settings

Deliveries = dict[str, pd.DataFrame]
UNKNOWN_ITEM = "999-999"


@dataclass(frozen=True)
class Fault:
    """One kind of planted fault: what it is, in which files, how many rows, what becomes of it."""

    name: str
    files: tuple[str, ...]
    n: int
    outcome: str


def is_sound(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Rows of the simulation, no fault planted into them."""
    return ~rows["order_id"].str.startswith("SO9")


@dataclass
class Planting:
    """Deliveries by file name, cells as text, and the faults planted into them so far."""

    deliveries: Deliveries
    rng: np.random.Generator
    faults: list[Fault] = field(default_factory=list)
    n_strays: int = 0

    def note(self, name: str, files: list[str], n: int, outcome: str) -> None:
        """List a fault."""
        self.faults.append(Fault(name, tuple(sorted(set(files))), n, outcome))

    def some_file(self, prefix: str) -> str:
        """A file name that begins so, drawn at random."""
        return str(self.rng.choice(sorted(f for f in self.deliveries if f.startswith(prefix))))

    def insert(self, file: str, at: int, row: pd.Series) -> None:
        """Put a row behind row `at` of a file."""
        rows = self.deliveries[file]
        parts = [rows.iloc[: at + 1], row.to_frame().T, rows.iloc[at + 1 :]]
        self.deliveries[file] = pd.concat(parts, ignore_index=True)

    def stray(self, file: str) -> tuple[int, pd.Series]:
        """A row that looks like its neighbours but belongs to an order of its own."""
        rows = self.deliveries[file]
        at = int(self.rng.choice(np.flatnonzero(is_sound(rows))))
        row = rows.iloc[at].copy()
        self.n_strays += 1
        row["order_id"] = f"SO9{self.n_strays:05d}"
        if "shipment_id" in row:
            row["shipment_id"] = f"D9{self.n_strays:05d}"
        return at, row


BAD_CELLS = [
    # name, column, values, what becomes of the row
    ("date that does not exist", "requested_date", ("2025-13-05", "2025-02-30"), 8),
    ("text in a quantity", "qty_ordered", ("ten", "12 pcs", "n/a"), 6),
    ("missing key", "line_no", ("",), 5),
    ("order type that is not on the list", "order_type", ("rush",), 4),
    ("negative quantity without a return", "qty_ordered", ("-3",), 3),
]


def plant_bad_cells(planting: Planting) -> None:
    """Rows with one cell that cannot be read: rejected with line, column and reason."""
    for name, column, values, n in BAD_CELLS:
        files = []
        for k in range(n):
            file = planting.some_file("order_lines")
            at, row = planting.stray(file)
            row[column] = values[k % len(values)]
            row[["qty_cancelled", "cancelled_at", "cancelled_by"]] = ""
            planting.insert(file, at, row)
            files.append(file)
        planting.note(name, files, n, f"rejected: fault in {column}")


def plant_unknown_codes(planting: Planting) -> None:
    """Rows that are fine by themselves but name an item or a site nobody described."""
    for column, code, n in (("item_id", UNKNOWN_ITEM, 6), ("site_id", "XXX", 3)):
        files = []
        for _ in range(n):
            file = planting.some_file("order_lines")
            at, row = planting.stray(file)
            row[column] = code
            row["order_type"] = "stock"
            row["qty_ordered"] = "2"
            row[["qty_cancelled", "cancelled_at", "cancelled_by"]] = ""
            planting.insert(file, at, row)
            files.append(file)
        planting.note(f"unknown {column} {code}", files, n, "accepted; listed aside by the build")


def plant_duplicates(planting: Planting) -> None:
    """Exact copies of a row, and rows that repeat a key with another quantity."""
    for feed, n in (("order_lines", 40), ("shipments", 25)):
        files = []
        for _ in range(n):
            file = planting.some_file(feed)
            rows = planting.deliveries[file]
            fresh = np.flatnonzero(~rows.duplicated(keep=False) & is_sound(rows))
            at = int(planting.rng.choice(fresh))
            planting.insert(file, at, rows.iloc[at])
            files.append(file)
        planting.note(f"exact copy of a row of {feed}", files, n, "rejected: duplicate")
    files = []
    for _ in range(3):
        file = planting.some_file("order_lines")
        rows = planting.deliveries[file]
        plain = ~rows.duplicated(["order_id", "line_no"], keep=False) & is_sound(rows)
        plain &= rows["order_type"] == "stock"
        at = int(planting.rng.choice(np.flatnonzero(plain)))
        row = rows.iloc[at].copy()
        row["qty_ordered"] = str(int(row["qty_ordered"]) + 5)
        planting.insert(file, at, row)
        files.append(file)
    planting.note("same key, other quantity, in one file", files, 3, "rejected: fault in the key")


def plant_total_row(planting: Planting) -> None:
    """A total row under a delivery, as spreadsheets leave it."""
    file = "order_lines_2025-06.csv"
    rows = planting.deliveries[file]
    total = pd.Series("", index=rows.columns)
    total["order_id"] = "Total"
    total["qty_ordered"] = str(pd.to_numeric(rows["qty_ordered"], errors="coerce").sum())
    planting.insert(file, len(rows) - 1, total)
    planting.note("total row at the end of a file", [file], 1, "rejected: fault, no line_no")


def plant_correction(planting: Planting) -> None:
    """A delivery with ten-fold quantities, and the correction that came after it."""
    file, corrected = "order_lines_2025-04.csv", "order_lines_2025-04_corrected.csv"
    rows = planting.deliveries[file]
    plain = (rows["order_type"] == "stock") & (rows["cancelled_by"] == "")
    at = np.sort(planting.rng.choice(np.flatnonzero(plain), 12, replace=False))
    planting.deliveries[corrected] = rows.iloc[at].reset_index(drop=True)
    wrong = (rows["qty_ordered"].iloc[at].astype(int) * 10).astype(str)
    planting.deliveries[file] = rows.assign(
        qty_ordered=rows["qty_ordered"].where(
            ~rows.index.isin(rows.index[at]), wrong.reindex(rows.index)
        )
    )
    planting.note(
        "quantity ten times too high, corrected by a later delivery",
        [file, corrected],
        12,
        "superseded: the corrected rows count",
    )


def whole_shipments(deliveries: Deliveries) -> dict[str, str]:
    """Shipments that alone filled their line exactly, with the item that was ordered."""
    feeds = {
        feed: pd.concat([rows for file, rows in deliveries.items() if file.startswith(feed)])
        for feed in ("order_lines", "shipments")
    }
    key = ["order_id", "line_no"]
    ordered = feeds["order_lines"].drop_duplicates(key, keep="last")
    single = feeds["shipments"].drop_duplicates(key, keep=False)
    single = single[single["item_id"] == ""].drop(columns="item_id")
    both = single.merge(ordered[[*key, "qty_ordered", "item_id"]], on=key)
    both = both[both["qty_shipped"] == both["qty_ordered"]]
    return dict(zip(both["shipment_id"], both["item_id"], strict=True))


def plant_strangers(planting: Planting) -> None:
    """Shipments that name an order nobody delivered."""
    files = []
    for _ in range(9):
        file = planting.some_file("shipments")
        at, row = planting.stray(file)
        planting.insert(file, at, row)
        files.append(file)
    planting.note("shipment without its order", files, 9, "accepted; kept aside by the build")


def plant_wrong_shipments(planting: Planting, approved: set[tuple[str, str]]) -> None:
    """Twice the ordered quantity shipped, and items shipped that nobody approved."""
    whole = whole_shipments(planting.deliveries)
    items = sorted(set(whole.values()))
    for name, column, n, outcome in (
        ("more shipped than ordered", "qty_shipped", 30, "accepted; credited up to the order"),
        ("substitute that is not approved", "item_id", 5, "accepted; does not fill the line"),
    ):
        files = []
        for _ in range(n):
            file = planting.some_file("shipments")
            rows = planting.deliveries[file]
            at = int(planting.rng.choice(np.flatnonzero(rows["shipment_id"].isin(whole))))
            ordered = whole.pop(str(rows["shipment_id"].iat[at]))
            others = [one for one in items if one != ordered and (ordered, one) not in approved]
            twice = str(int(str(rows["qty_shipped"].iat[at])) * 2)
            rows.loc[at, column] = (
                twice if column == "qty_shipped" else str(planting.rng.choice(others))
            )
            files.append(file)
        planting.note(name, files, n, outcome)


def plant(
    deliveries: Deliveries, settings: Settings, approved: set[tuple[str, str]]
) -> list[Fault]:
    """Plant all faults into the deliveries, in place, and list them.

    `approved` are the pairs of item and substitute of the interchanges.
    """
    planting = Planting(deliveries, settings.stream("faults"))
    plant_correction(planting)
    plant_wrong_shipments(planting, approved)
    plant_strangers(planting)
    plant_bad_cells(planting)
    plant_unknown_codes(planting)
    plant_duplicates(planting)
    plant_total_row(planting)
    return planting.faults
