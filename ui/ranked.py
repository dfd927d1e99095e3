"""Bars of quantities, the largest on top, each with its share, its n and a way to choose it."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from ui import formats
from ui.bars import AXIS, BAR, SELECTION
from ui.charts import Finding, once, painted


@once
def ranked(
    frame: pd.DataFrame,
    *,
    dimension: str,
    names: str,
    called: Mapping[str, str],
    quiet: str = "unproven",
    most: int = 12,
) -> Finding:
    """Draw one quantity per value of a dimension, the largest on top.

    A bar can be chosen: the chart's selection `chosen` then holds its `dimension`.

    Parameters
    ----------
    frame
        Measured rows, one per value of `dimension`; the numerator is the quantity.
    names
        What the values are, in the plural: 'suppliers'.
    called
        What a value is called; a value without an entry is called as it is.
    quiet
        Value that is drawn grey.
    most
        How many bars are drawn; the download holds all.
    """
    known = frame.sort_values(["numerator", dimension], ascending=[False, True]).copy()
    total = float(known["numerator"].sum())
    known["quantity"] = known["numerator"].astype(float)
    known["name"] = [called.get(str(value), str(value)) for value in known[dimension]]
    known["said"] = [
        f"{formats.count(q)} ({formats.rate(q / total, n)})  n {formats.count(n)}"
        for q, n in zip(known["quantity"], known["n"], strict=True)
    ]
    known["role"] = ["quiet" if value == quiet else "accent" for value in known[dimension]]
    shown = known.head(most)
    order = shown["name"].to_list()
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=180, ticks=False))
    longest = float(shown["quantity"].max())
    bare = alt.Axis(labels=False, ticks=False, grid=False, domain=False)
    x = alt.X("quantity:Q", title=None, scale=alt.Scale(domain=[0, longest * 1.9]), axis=bare)
    chart = alt.layer(
        painted(shown)
        .mark_bar(height={"band": 0.7}, opacity=0.9, cursor="pointer")
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("name:N", title=names.removesuffix("s").capitalize()),
                alt.Tooltip("quantity:Q", title="Missed units", format=",.0f"),
                alt.Tooltip("n:Q", title="Postings", format=","),
            ],
        )
        .add_params(alt.selection_point(name=SELECTION, fields=[dimension])),
        painted(shown, "quiet")
        .mark_text(align="left", dx=6, fontSize=12)
        .encode(x=x, y=y, text="said:N"),
    ).properties(height=max(2, len(shown)) * BAR + AXIS)
    title = title_of(known, names, total)
    points = "; ".join(f"{n}: {t}" for n, t in zip(shown["name"], shown["said"], strict=True))
    return Finding(chart, title, f"{title}. {points}.")


def title_of(known: pd.DataFrame, names: str, total: float) -> str:
    """Say how much the largest of many hold: '5 of 120 items hold 41 % of the missed units'."""
    first = known.iloc[0]
    if len(known) < 6:
        share = formats.rate(first["quantity"] / total, first["n"])
        return f"{first['name']}: {share} of the missed units"
    share = formats.rate(known["quantity"].head(5).sum() / total, known["n"].sum())
    return f"5 of {formats.count(len(known))} {names} hold {share} of the missed units"
