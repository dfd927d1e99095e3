"""Charts of a season: what will sell, and who gets how much against it."""

import altair as alt
import pandas as pd

from ui import formats, overrides
from ui.charts import HEIGHT, Finding, once, painted, time_axis, value_axis

BAR = 24
MOST_STORES = 40


@once
def outlook(
    past: pd.DataFrame, reference: pd.DataFrame, coming: pd.DataFrame, name: str
) -> Finding:
    """Sales so far, the forecast in its band, and the reference season laid over it.

    Parameters
    ----------
    past
        ds, qty.
    reference
        ds (moved onto the season) and qty; may be empty.
    coming
        ds, mean and, of one item at one store, q_0.1 and q_0.9.
    """
    whole = coming["mean"].sum()
    history = past.assign(label=[formats.week(day) for day in past["ds"]])
    before = reference.assign(label=[formats.week(day) for day in reference["ds"]])
    rows = coming.rename(columns={"q_0.1": "low", "q_0.9": "high"}).assign(
        label=[formats.week(day) for day in coming["ds"]],
        expected=[overrides.rounded(value) for value in coming["mean"]],
    )
    last = coming["ds"].max() if len(coming) else past["ds"].max()
    x = alt.X("ds:T", title=None, axis=time_axis("week", last))
    y = alt.Y("qty:Q", title=None, axis=value_axis(format="~s"))
    when = alt.Tooltip("label:N", title="Week")
    layers = [
        painted(history, "quiet").mark_line(strokeWidth=1.6).encode(
            x=x, y=y, tooltip=[when, alt.Tooltip("qty:Q", title="Sold", format=",.0f")]
        ),
        painted(before, "fourth").mark_line(strokeWidth=1.6, strokeDash=[2, 3]).encode(
            x=x, y=y, tooltip=[when, alt.Tooltip("qty:Q", title="Reference season", format=",.0f")]
        ),
    ]  # fmt: skip
    tips = [when, alt.Tooltip("expected:N", title="Expected")]
    if "low" in rows:
        rows["interval"] = [
            f"{formats.quantity(low)} to {formats.quantity(high)}"
            for low, high in zip(rows["low"].round(), rows["high"].round(), strict=True)
        ]
        tips.append(alt.Tooltip("interval:N", title="8 in 10 lie in"))
        layers.append(
            painted(rows, "accent").mark_area(opacity=0.18).encode(
                x=x, y=alt.Y("low:Q"), y2="high:Q", tooltip=tips
            )
        )  # fmt: skip
    layers.append(
        painted(rows, "accent")
        .mark_line(strokeWidth=2.4, strokeDash=[5, 3])
        .encode(x=x, y="mean:Q", tooltip=tips)
    )
    title = f"{name}: {overrides.rounded(whole)} expected over {formats.lines(len(coming), 'week')}"
    if len(reference):
        title += f"; {overrides.rounded(reference['qty'].sum())} sold in the reference season"
    return Finding(alt.layer(*layers).properties(height=HEIGHT), title, f"{title}.")


@once
def stores(lines: pd.DataFrame, name: str) -> Finding:
    """Stock and allocation of each store as a bar, what it will probably sell as a range.

    Parameters
    ----------
    lines
        Of one item: site_id, qty_on_hand, qty, and qty_expected, q_0.1, q_0.9 of the season.
    """
    shown = lines.sort_values("qty", ascending=False).head(MOST_STORES)
    order = shown["site_id"].to_list()
    bars = pd.concat(
        [
            shown.assign(part="on hand", role="quiet", units=shown["qty_on_hand"].clip(lower=0)),
            shown.assign(part="allocated", role="accent", units=shown["qty"]),
        ]
    )
    bars["rank"] = (bars["part"] == "allocated").astype(int)
    y = alt.Y(
        "site_id:N",
        sort=order,
        title=None,
        axis=alt.Axis(labelLimit=140, ticks=False, labelOverlap=False),
    )
    axis = alt.Axis(format="~s", gridOpacity=0.6, domain=False, title="units", tickCount=6)
    tips = [
        alt.Tooltip("site_id:N", title="Store"),
        alt.Tooltip("qty_on_hand:Q", title="On hand", format=",.0f"),
        alt.Tooltip("qty:Q", title="Allocated", format=",.0f"),
        alt.Tooltip("qty_expected:Q", title="Expected to sell", format=",.0f"),
        alt.Tooltip("q_0.1:Q", title="1 in 10 sell less than", format=",.0f"),
        alt.Tooltip("q_0.9:Q", title="1 in 10 sell more than", format=",.0f"),
    ]
    ranges = shown.rename(columns={"q_0.1": "low", "q_0.9": "high"})
    layers = [
        painted(bars)
        .mark_bar(height={"band": 0.7}, opacity=0.45)
        .encode(x=alt.X("units:Q", axis=axis, stack="zero"), y=y, order="rank:Q", tooltip=tips),
        painted(ranges, "amber").mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q", y=y),
        painted(ranges, "amber")
        .mark_point(filled=True, size=55, opacity=1)
        .encode(x="qty_expected:Q", y=y),
    ]
    worst = lines.sort_values("chance_lasts", kind="stable").iloc[0]
    risk = formats.rate(1 - worst["chance_lasts"], 100)
    title = (
        f"{name}: {overrides.rounded(lines['qty'].sum())} over "
        f"{formats.lines((lines['qty'] > 0).sum(), 'store')}; "
        f"{worst['site_id']} is likeliest to run out ({risk})"
    )
    chart = alt.layer(*layers).properties(height=max(2, len(shown)) * BAR + 44)
    return Finding(chart, title, f"{title}. The {len(shown)} stores with most are drawn.")
