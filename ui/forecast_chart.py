"""The chart of a forecast: history, expected demand in its band, stock-outs, events, overrides."""

import altair as alt
import pandas as pd

from ui import formats, overrides
from ui.charts import HEIGHT, Finding, once, painted, time_axis, value_axis


@once
def chart(
    past: pd.DataFrame, rows: pd.DataFrame, own: pd.DataFrame, every: str, name: str
) -> Finding:
    """History as a line, the forecast dashed in its 80 % band, stock-outs and overrides marked."""
    history = past.assign(
        period_date=pd.to_datetime(past["period_date"]),
        label=[formats.period(day, every) for day in pd.to_datetime(past["period_date"])],
    )
    coming = rows.assign(
        period_date=pd.to_datetime(rows["period_date"]),
        label=[formats.period(day, every) for day in pd.to_datetime(rows["period_date"])],
        expected=[overrides.rounded(value) for value in rows["qty_expected"]],
        interval=[
            f"{formats.quantity(low)} to {formats.quantity(high)}"
            for low, high in zip(rows["qty_p10"], rows["qty_p90"], strict=True)
        ],
    )
    axis = time_axis(every, coming["period_date"].max())
    x = alt.X("period_date:T", title=None, axis=axis)
    when = alt.Tooltip("label:N", title=every.capitalize())
    seen = [when, alt.Tooltip("qty:Q", title="Demand", format=",")]
    tips = [
        when,
        alt.Tooltip("expected:N", title="Expected"),
        alt.Tooltip("interval:N", title="8 in 10 lie in"),
        alt.Tooltip("qty_p95:Q", title="Covers 19 of 20", format=","),
    ]
    y = alt.Y("qty:Q", title=None, axis=value_axis(format="~s"))
    out = history[history["n_days_out"] > 0]
    layers = [
        painted(history, "quiet").mark_line(strokeWidth=1.6).encode(x=x, y=y, tooltip=seen),
        painted(coming, "accent").mark_area(opacity=0.18).encode(
            x=x, y=alt.Y("qty_p10:Q"), y2="qty_p90:Q", tooltip=tips
        ),
        painted(coming, "accent").mark_line(strokeWidth=2.2, strokeDash=[5, 3]).encode(
            x=x, y="qty_expected:Q", tooltip=tips
        ),
        painted(out, "red").mark_tick(thickness=4, size=9, orient="horizontal").encode(
            x=x,
            y=alt.datum(0),
            tooltip=[when, alt.Tooltip("n_days_out:Q", title="Days out of stock")],
        ),
        painted(history[history["events"].notna()], "fourth").mark_point(
            shape="triangle-down", size=34, filled=True, opacity=0.8
        ).encode(x=x, y=alt.value(4), tooltip=[when, alt.Tooltip("events:N", title="Events")]),
        painted(own, "amber").mark_point(shape="diamond", size=110, filled=True, opacity=1).encode(
            x=x,
            y=alt.Y("qty:Q"),
            tooltip=[alt.Tooltip("qty:Q", title="Override"), alt.Tooltip("author:N", title="By")],
        ),
    ]  # fmt: skip
    n = len(coming)
    before = history["qty"].tail(n).sum()
    title = (
        f"{name}: {overrides.rounded(coming['qty_expected'].sum())} expected in the next {n} "
        f"{every}s; {overrides.rounded(before)} were asked for in the last {n}"
    )
    said = (
        f"{title}. {formats.lines(len(out), every)} with stock-outs; "
        f"{formats.lines(len(own), 'override')}."
    )
    # A layer without marks would be a picture without a name to a screen reader.
    drawn = [layer for layer in layers if len(layer.data)]
    return Finding(alt.layer(*drawn).properties(height=HEIGHT), title, said)
