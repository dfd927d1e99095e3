"""How well promises are judged, on a real file: python -m benchmarks.promises [FILE].

Deliveries of a public health programme by vendor, scheduled against delivered. The programme's
own warehouse is not a vendor and is left out. Each line is predicted once, at the end of the month
before it falls due, if it was ordered and still open then; its first recorded day is the day the
order went to the vendor. Lines of one order share their fate: intervals draw whole orders.
"""

import sys
import time
from pathlib import Path

import pandas as pd

from forecasting.promises import backtest, scores

FILE = Path(__file__).parents[2] / "shared" / "data" / "supplier_deliveries_scms.csv"
OWN_WAREHOUSE = "SCMS from RDC"
START = pd.Timestamp("2008-01-01")


def read(path: Path) -> pd.DataFrame:
    """The vendors' deliveries as a history of promises; a date that is text is unknown."""
    rows = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    rows = rows[rows["Vendor"] != OWN_WAREHOUSE]
    sent = rows["PO Sent to Vendor Date"]
    four_digits = pd.to_datetime(sent, format="%m/%d/%Y", errors="coerce")
    two_digits = pd.to_datetime(sent, format="%m/%d/%y", errors="coerce")
    return pd.DataFrame(
        {
            "supplier_id": rows["Vendor"],
            "site_id": rows["Country"],
            "po_id": rows["PO / SO #"],
            "line_id": rows["ID"],
            "recorded_date": four_digits.where(sent.str.fullmatch(r".*/\d{4}"), two_digits),
            "promised_date": _written(rows["Scheduled Delivery Date"]),
            "completed_date": _written(rows["Delivered to Client Date"]),
        }
    ).reset_index(drop=True)


def _written(dates: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Dates such as 02-Jun-06 and 01-Sept-06."""
    return pd.to_datetime(dates.str.replace("-Sept-", "-Sep-"), format="%d-%b-%y")


def main(path: Path) -> None:
    """Print Brier scores, gains with intervals, and the reliability table."""
    if not path.exists():
        print(f"{path} is not there: nothing measured")
        return
    history = read(path)
    for months in (1, 3, 12):
        started = time.process_time()
        predicted = backtest.rolling(history, START, horizon_months=months)
        took = time.process_time() - started
        print(f"\ndue within {months} month(s): {len(predicted)} predictions, ", end="")
        print(f"{predicted['kept'].mean():.1%} kept, {took:.1f} CPU s")
        kept = predicted["kept"].to_numpy()
        for name in ("credibility", "as_learned", "supplier", "pool"):
            print(f"  Brier {name:12}{scores.brier(predicted[name].to_numpy(), kept):.5f}")
        for other in ("as_learned", "supplier", "pool"):
            gain, low, high = scores.brier_gain(predicted, "credibility", other, ["po_id"])
            print(f"  lower than {other}: {gain:.1%} [{low:.1%}, {high:.1%}], orders drawn")
        if months == 1:
            table = scores.reliability(predicted["credibility"].to_numpy(), kept)
            print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
