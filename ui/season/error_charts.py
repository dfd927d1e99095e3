"""Charts of allocation errors: by season with luck apart, by part of the chain, and one line."""

import altair as alt
import numpy as np
import pandas as pd

from ui import formats
from ui.charts import HEIGHT, PERCENT, Finding, once, painted, rate_axis, time_axis, value_axis
from ui.season.errors import BEFORE, WITH, points


@once
def by_season(rows: pd.DataFrame) -> Finding:
    """Bars per season, in order of time: luck below, the avoidable part above it."""
    named = rows.assign(
        name=rows["season_id"] + np.where(rows["in_contract"], "", " (out of contract)"),
        low=rows["low"].fillna(rows["luck"]),
        high=rows["high"].fillna(rows["luck"]),
    )
    order = named.sort_values("start_date")["name"].drop_duplicates().to_list()
    named["said"] = [
        formats.rate(rate, n) for rate, n in zip(named["rate"], named["n_lines"], strict=True)
    ]
    below = named.assign(role="quiet", bottom=0.0, top=np.minimum(named["luck"], named["rate"]))
    above = named.assign(
        role=np.where(named["who"] == WITH, "accent", "amber"),
        bottom=named["luck"],
        top=named["rate"],
    )
    bars = pd.concat([below, above[above["top"] > above["bottom"]]])
    x = alt.X("name:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelLimit=150))
    y = alt.Y("bottom:Q", title=None, axis=rate_axis(), scale=alt.Scale(zero=True))
    tips = [
        alt.Tooltip("name:N", title="Season"),
        alt.Tooltip("who:N", title="Shared out by"),
        alt.Tooltip("said:N", title="Error rate"),
        alt.Tooltip("luck:Q", title="Luck alone", format=".1%"),
        alt.Tooltip("shadow:Q", title="Tool on the same season", format=".1%"),
        alt.Tooltip("n_lines:Q", title="Lines", format=","),
    ]
    layers = [
        painted(bars).mark_bar(size=46, opacity=0.9).encode(x=x, y=y, y2="top:Q", tooltip=tips),
        painted(named, "fifth")
        .mark_rule(strokeWidth=4)
        .encode(x=x, y="low:Q", y2="high:Q", tooltip=tips),
        painted(named, "quiet")
        .mark_text(dy=-9, fontSize=12)
        .encode(x=x, y="rate:Q", text="said:N"),
        painted(named[named["shadow"].notna()], "accent")
        .mark_point(shape="diamond", filled=True, size=110, opacity=1)
        .encode(x=x, y="shadow:Q", tooltip=tips),
    ]
    title = finding(rows)
    return Finding(alt.layer(*layers).properties(height=HEIGHT), title, f"{title}.")


def finding(rows: pd.DataFrame) -> str:
    """Say what became of the avoidable part, season by season of the same kind."""
    inside = rows[rows["in_contract"]] if rows["in_contract"].any() else rows
    means = {
        who: part["qty_misplaced"].sum() / part["qty_allocated"].sum()
        - part["qty_luck"].sum() / part["qty_allocated"].sum()
        for who, part in inside.groupby("who")
    }
    if len(means) == 2:
        return (
            f"The avoidable error went from {points(means[BEFORE])} of the units under the old "
            f"rule to {points(means[WITH])} with the tool"
        )
    ((who, value),) = means.items()
    shared = f"shared out by the {who!s}"
    return f"{points(value)} of the units stood where they need not have, {shared}"


@once
def by_part(summed: pd.DataFrame, most: int = 20) -> Finding:
    """Dots per family, item, store or region, the worst on top: the old rule and the tool.

    Parameters
    ----------
    summed
        part, who, rate, n_lines.
    """
    rows = summed.assign(
        role=np.where(summed["who"] == WITH, "accent", "amber"),
        said=[formats.rate(v, n) for v, n in zip(summed["rate"], summed["n_lines"], strict=True)],
    ).sort_values("rate", ascending=False)
    order = rows["part"].drop_duplicates().head(most).to_list()
    drawn = rows[rows["part"].isin(order)]
    y = alt.Y("part:N", sort=order, title=None, axis=alt.Axis(labelLimit=150, ticks=False))
    axis = alt.Axis(labelExpr=PERCENT, gridOpacity=0.6, domain=False, tickCount=5)
    x = alt.X("rate:Q", title=None, axis=axis, scale=alt.Scale(zero=True))
    tips = [
        alt.Tooltip("part:N", title="Of"),
        alt.Tooltip("who:N", title="Shared out by"),
        alt.Tooltip("said:N", title="Error rate"),
        alt.Tooltip("n_lines:Q", title="Lines", format=","),
    ]
    faint = alt.condition(f"datum.n_lines < {formats.FEW}", alt.value(0.35), alt.value(1))
    layers = [
        painted(drawn, "quiet").mark_line(strokeWidth=1.4).encode(x=x, y=y, detail="part:N"),
        painted(drawn)
        .mark_point(filled=True, size=90)
        .encode(x=x, y=y, tooltip=tips, opacity=faint),
    ]
    first = rows.iloc[0]
    title = f"{first['part']} is worst: {first['said']} of its units, by the {first['who']}"
    return Finding(alt.layer(*layers).properties(height=len(order) * 26 + 44), title, f"{title}.")


@once
def line(weeks: pd.DataFrame, name: str) -> Finding:
    """Sales as bars, weeks out of stock marked, the forecast of before the season dashed."""
    rows = weeks.assign(period_date=pd.to_datetime(weeks["period_date"]))
    axis = time_axis("week", rows["period_date"].max())
    x = alt.X("period_date:T", title=None, axis=axis)
    y = alt.Y("qty_sold:Q", title=None, axis=value_axis(format="~s"))
    layers = [
        painted(rows, "accent").mark_bar(size=22, opacity=0.7).encode(x=x, y=y),
        painted(rows[rows["in_stock"].eq(False)], "red")
        .mark_tick(thickness=4, size=22, orient="horizontal")
        .encode(x=x, y=alt.datum(0)),
        painted(rows[rows["qty_expected"].notna()], "quiet")
        .mark_line(strokeDash=[5, 3], strokeWidth=2)
        .encode(x=x, y="qty_expected:Q"),
    ]
    n_out = int(rows["in_stock"].eq(False).sum())
    out = f"{formats.lines(n_out, 'week')} out of stock"
    title = f"{name}: sold by week (bars), expected (dashed); {out}"
    return Finding(alt.layer(*layers).properties(height=220), title, f"{title}.")
