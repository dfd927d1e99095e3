"""Every metric, recomputed in plain Python over generated feeds, agrees to the last unit."""

from datetime import date, timedelta

import pandas as pd
import pytest

from data import steps
from data.metrics import measure
from tests.data.generated import AS_OF, generate
from tests.data.oracle import DELAYS, Oracle
from tests.data.workshop import make, open_empty

SERVICE = steps.METRICS[: steps.METRICS.index("backorder_age") + 1]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 2, 13)])
def test_every_metric_agrees_with_plain_python(seed: int, as_of: date) -> None:
    feeds = generate(seed)
    con = open_empty()
    feeds.load(con)
    outcomes = make(con, as_of.isoformat())
    assert [outcome.check for outcome in outcomes if outcome.n_rows] == []
    expected = Oracle(feeds, as_of).figures()
    for metric in SERVICE:
        measured = measure(con, metric, every="week", by=["site_id"])
        if metric == "fill_by_delay":
            for delay in DELAYS:
                one = measured[measured["delay_days"] == delay]
                _agree(f"fill_by_delay {delay}", one, expected[f"fill_by_delay {delay}"])
        else:
            _agree(metric, measured, expected[metric])


def _agree(metric: str, measured: pd.DataFrame, rows: pd.DataFrame) -> None:
    wanted = rows.assign(
        period=[pd.Timestamp(day - timedelta(days=day.weekday())) for day in rows["day"]],
        n=(~rows["pending"].astype(bool)).astype(int),
        pending=rows["pending"].astype(int),
        numerator=rows["numerator"].astype(float),
        denominator=rows["denominator"].astype(float),
    )
    columns = ["numerator", "denominator", "n", "pending"]
    wanted = wanted.groupby(["period", "site_id"])[columns].sum().sort_index()
    # An order that is not assessed is in the view, in neither side.
    measured = measured[(measured["n"] > 0) | (measured["pending"] > 0)]
    found = measured.set_index(["period", "site_id"])[columns].sort_index()
    assert found.reset_index().to_dict("records") == wanted.reset_index().to_dict("records"), metric
