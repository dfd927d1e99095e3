"""What the page of data health says is missing."""

import pandas as pd

from ui import health


def test_a_month_without_rows_is_missing_unless_the_feed_comes_by_the_season() -> None:
    months = ["2026-01-01", "2026-03-01"]
    rows = pd.DataFrame(
        {"feed": ["stock", "stock", "seasons", "seasons"], "month_date": months * 2, "n_rows": 5}
    )
    rows["month_date"] = pd.to_datetime(rows["month_date"])
    assert health.heatmap(rows).title == (
        "3 months from Jan 2026 to Mar 2026: stock has none in Feb 2026"
    )
