"""The files: in the form of the feeds, part numbers whole, faults where the list says."""

from collections import Counter
from pathlib import Path

import pandas as pd
import python_calamine

from data.feeds import FEEDS
from sample_data import feeds
from sample_data.feeds import Written

COMMITTED = Path(feeds.__file__).parent / "feeds"


def read_lines(folder: Path, feed: str) -> pd.DataFrame:
    paths = sorted(folder.glob(f"{feed}_*.csv"))
    rows = [
        pd.read_csv(path, dtype=str, keep_default_na=False).assign(file=path.name) for path in paths
    ]
    return pd.concat(rows, ignore_index=True)


def n_unapproved(folder: Path, lines: pd.DataFrame, sent: pd.DataFrame) -> int:
    approved = pd.read_csv(folder / "interchanges.csv", dtype=str)
    pairs = set(approved[["item_id", "substitute_item_id"]].itertuples(index=False, name=None))
    key = ["order_id", "line_no"]
    ordered = lines.drop_duplicates(key, keep="last").set_index(key)["item_id"]
    shipped = sent[sent["item_id"] != ""].drop_duplicates().set_index(key)["item_id"]
    both = zip(ordered.reindex(shipped.index), shipped, strict=True)
    return sum(pair not in pairs for pair in both)


def test_every_file_has_columns_of_its_feed_only(small_feeds: tuple[Path, Written]) -> None:
    for path in small_feeds[0].iterdir():
        feed = max((name for name in FEEDS if path.stem.startswith(name)), key=len)
        if path.suffix == ".xlsx":
            sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
            columns = [str(cell) for cell in sheet.to_python()[0]]
        elif path.suffix == ".parquet":
            columns = list(pd.read_parquet(path).columns)
        else:
            columns = list(pd.read_csv(path, nrows=0).columns)
        assert set(columns) <= {column.name for column in FEEDS[feed].columns}, path.name


def test_part_numbers_stay_what_they_are_in_the_workbook(
    small_feeds: tuple[Path, Written],
) -> None:
    book = python_calamine.CalamineWorkbook.from_path(small_feeds[0] / "items.xlsx")
    numbers = [row[0] for row in book.get_sheet_by_index(0).to_python()[1:]]
    assert numbers[:4] == ["00123", "1E5", "00045", "12E4"]


def test_handling_is_blank_before_it_was_recorded(small_feeds: tuple[Path, Written]) -> None:
    sent = read_lines(small_feeds[0], "shipments")
    is_own = sent["shipment_id"].str.startswith("D2")
    early = is_own & (sent["shipped_date"] < "2025-05-01")
    assert set(sent.loc[early, "is_damaged"]) == {""}
    assert set(sent.loc[is_own & ~early, "is_damaged"]) == {"true", "false"}


def test_planted_faults_are_in_the_files_as_often_as_listed(
    small_feeds: tuple[Path, Written],
) -> None:
    folder, written = small_feeds
    listed = {fault.name: fault.n for fault in written.faults}
    lines, sent = read_lines(folder, "order_lines"), read_lines(folder, "shipments")
    orders = set(lines["order_id"])
    whole = pd.to_numeric(lines["qty_ordered"], errors="coerce")
    found = Counter(
        {
            "date that does not exist": lines["requested_date"]
            .isin(["2025-13-05", "2025-02-30"])
            .sum(),
            "text in a quantity": (whole.isna() & (lines["qty_ordered"] != "")).sum(),
            "missing key": ((lines["line_no"] == "") & (lines["order_id"] != "Total")).sum(),
            "order type that is not on the list": (lines["order_type"] == "rush").sum(),
            "unknown item_id 999-999": (lines["item_id"] == "999-999").sum(),
            "unknown site_id XXX": (lines["site_id"] == "XXX").sum(),
            "exact copy of a row of order_lines": lines.duplicated().sum(),
            "exact copy of a row of shipments": sent.duplicated().sum(),
            "total row at the end of a file": (lines["order_id"] == "Total").sum(),
            "shipment without its order": (~sent.drop_duplicates()["order_id"].isin(orders)).sum(),
            "substitute that is not approved": n_unapproved(folder, lines, sent),
        }
    )
    assert {name: int(n) for name, n in found.items()} == {name: listed[name] for name in found}


def test_the_committed_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in COMMITTED.iterdir()) < 15_000_000
