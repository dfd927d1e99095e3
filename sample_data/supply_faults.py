"""Faults planted into purchase orders, supplier promises and receipts."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sample_data.faults import Fault
from sample_data.settings import Settings

KEY = ["po_id", "line_no"]


@dataclass
class SupplyFeeds:
    """The purchase feeds as tables, and the faults planted into them."""

    lines: pd.DataFrame
    promises: pd.DataFrame
    receipts: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)

    def note(self, name: str, feed: str, n: int, outcome: str) -> None:
        """List a fault."""
        self.faults.append(Fault(name, (feed,), n, outcome))


def plant_supply(feeds: SupplyFeeds, settings: Settings) -> None:
    """Plant all faults of the purchase feeds, in place."""
    rng = settings.stream("supply faults")
    reuse_a_number(feeds)
    need_before_order(feeds, rng)
    late_and_double_promises(feeds, rng)
    odd_receipts(feeds, rng)
    feeds.receipts = feeds.receipts.sort_values(
        ["received_date", *KEY], kind="stable", ignore_index=True
    )
    feeds.promises = feeds.promises.sort_values(
        ["recorded_at", *KEY], kind="stable", ignore_index=True
    )


def reuse_a_number(feeds: SupplyFeeds) -> None:
    """The last finished order goes by the number of the first one, two years before."""
    lines = feeds.lines
    done = lines["po_id"].isin(feeds.receipts["po_id"])
    old, late = lines["po_id"].iloc[0], lines.loc[done, "po_id"].iloc[-1]
    for rows in (feeds.lines, feeds.promises, feeds.receipts):
        rows["po_id"] = rows["po_id"].replace(late, old)
    feeds.note("PO number used again", "purchase_order_lines", 1, "two orders, told apart by date")


def need_before_order(feeds: SupplyFeeds, rng: np.random.Generator) -> None:
    """Need dates before the order date: asked for too late, as planners do."""
    at = rng.choice(len(feeds.lines), 3, replace=False)
    early = feeds.lines["order_date"].iloc[at] - pd.Timedelta(days=4)
    feeds.lines.loc[feeds.lines.index[at], "need_date"] = early.to_numpy()
    feeds.note("need date before the order date", "purchase_order_lines", 3, "accepted")


def late_and_double_promises(feeds: SupplyFeeds, rng: np.random.Generator) -> None:
    """Promises recorded after the goods came, and two promises at one instant."""
    done = feeds.receipts.groupby(KEY)["received_date"].max().rename("done")
    first = feeds.promises.drop_duplicates(KEY).join(done, on=KEY)
    finished = first[first["done"].notna() & (first["done"] < first["done"].max())]
    chosen = finished.iloc[rng.choice(len(finished), 6, replace=False)]
    after = chosen.iloc[:3].copy()
    after["recorded_at"] = (after["done"] + pd.Timedelta(hours=14)).astype("datetime64[s]")
    after["promised_date"], after["reason"] = after["done"], "written up afterwards"
    double = chosen.iloc[3:].copy()
    double["promised_date"] = double["promised_date"] + pd.Timedelta(days=7)
    extra = pd.concat([after, double]).drop(columns="done")
    feeds.promises = pd.concat([feeds.promises, extra], ignore_index=True)
    for name in ("promise recorded after its receipt", "two promises at one instant"):
        feeds.note(name, "supplier_promises", 3, "accepted; see docs/metrics.md")


def odd_receipts(feeds: SupplyFeeds, rng: np.random.Generator) -> None:
    """Reversals, receipts of orders nobody placed, receipts before their order, exact copies."""
    rows = feeds.receipts
    last = rows["received_date"].max() - pd.Timedelta(days=3)
    single = rows[~rows.duplicated(KEY, keep=False) & (rows["qty_rejected"] == 0)]
    single = single[single["received_date"] < last]
    chosen = single.iloc[rng.choice(len(single), 5 + 4 + 2 + 10, replace=False)]
    reversed_, stray, early, copied = (
        chosen.iloc[a:b] for a, b in ((0, 5), (5, 9), (9, 11), (11, 21))
    )
    taken_back = reversed_.assign(
        qty_received=-reversed_["qty_received"],
        received_date=reversed_["received_date"] + pd.Timedelta(days=1),
    )
    again = reversed_.assign(received_date=reversed_["received_date"] + pd.Timedelta(days=2))
    stray = stray.assign(po_id=[f"PO9{k:04d}" for k in range(len(stray))])
    ordered = feeds.lines.drop_duplicates(KEY).set_index(KEY)["order_date"]
    before = ordered.reindex(pd.MultiIndex.from_frame(early[KEY])) - pd.Timedelta(days=2)
    rows.loc[early.index, "received_date"] = before.to_numpy()
    feeds.receipts = pd.concat([rows, taken_back, again, stray, copied], ignore_index=True)
    feeds.note("receipt taken back and booked again", "receipts", 5, "accepted; they net out")
    feeds.note("receipt of an unknown PO", "receipts", 4, "accepted; kept aside by the build")
    feeds.note("receipt before its order", "receipts", 2, "accepted")
    feeds.note("exact copy of a row of receipts", "receipts", 10, "rejected: duplicate")
