"""The demand that an order is to serve, against the position it meets: one bar per quantity."""

import altair as alt
import numpy as np
import pandas as pd

from ui import formats, planning, queries, show
from ui.charts import Finding, once, painted, value_axis

MOST_BARS = 60
HEIGHT = 200


def draw(row: pd.Series) -> None:
    """Draw the chances of demand over lead time and review, with the position before and after."""
    chances = demand_chances(row)
    if chances.empty:
        return
    found = chart(chances, row)
    show.finding(
        found,
        chances,
        name="position",
        provenance=queries.provenance([], f"{row['item_id']} at {row['site_id']}"),
    )


def demand_chances(row: pd.Series) -> pd.DataFrame:
    """Chance of each range of demand over the measured lead times and review of a part.

    Returns
    -------
    DataFrame
        qty_from, qty_to (both ends included) and chance; empty where the part is not planned.
    """
    nothing = pd.DataFrame(columns=["qty_from", "qty_to", "chance"])
    if queries.ask("plan_demand").empty or queries.ask("plan_positions").empty:
        return nothing
    desk = planning.planned_desk()
    parts = desk.parts
    here = (parts["item_id"] == row["item_id"]) & (parts["site_id"] == row["site_id"])
    if not here.any():
        return nothing
    place = np.flatnonzero(here.to_numpy())
    review = max(1, round(row["review_days"] / desk.period_days))
    weights = desk.lead_weights[place[0]]
    used = np.flatnonzero(weights > 0)
    demands = [desk.demand.lead_time(int(lead) + review).take(place) for lead in used]
    most = max(float(one.quantile([0.995])[0, 0]) for one in demands)
    most = max(most, float(row["position_qty"] + row["qty"]), 1.0)
    step = max(1, int(np.ceil(most / MOST_BARS)))
    edges = np.arange(0, most + step, step)
    by = sum(
        weights[lead] * one.cdf(edges[None, :])[0] for lead, one in zip(used, demands, strict=True)
    )
    return pd.DataFrame(
        {
            "qty_from": np.concatenate([[0], edges[:-1] + 1]),
            "qty_to": edges,
            "chance": np.diff(by, prepend=0.0),
        }
    )


@once
def chart(chances: pd.DataFrame, row: pd.Series) -> Finding:
    """Bars beyond the position are what would go short; the order moves the line to the right."""
    start = float(row["position_qty"])
    end = start + float(row["qty"])
    bars = chances.assign(
        role=[
            "quiet" if to <= start else "accent" if to <= end else "amber"
            for to in chances["qty_to"]
        ],
        label=[
            formats.quantity(high) if low == high else f"{low:,.0f} to {high:,.0f}"
            for low, high in zip(chances["qty_from"], chances["qty_to"], strict=True)
        ],
        written=[formats.rate(value, 1000) for value in chances["chance"]],
    )
    marks = pd.DataFrame({"at": [start, end], "label": ["position", "with this"], "role": "accent"})
    scale = alt.Scale(domain=[0, float(max(chances["qty_to"].max(), end))], nice=False)
    title = "Demand over lead time and review"
    x = alt.X("qty_to:Q", title=title, axis=alt.Axis(grid=False), scale=scale)
    y = alt.Y("chance:Q", title=None, axis=value_axis(format=".0%", tickCount=4))
    tips = [alt.Tooltip("label:N", title="Demand"), alt.Tooltip("written:N", title="Chance")]
    width = max(2, min(14, 600 // max(len(bars), 1)))
    layers = [
        painted(bars).mark_bar(width=width).encode(x=x, y=y, tooltip=tips),
        painted(marks).mark_rule(strokeWidth=2, strokeDash=[4, 3]).encode(x=alt.X("at:Q")),
        painted(marks).mark_text(dy=-6, align="left", dx=4).encode(
            x=alt.X("at:Q"), y=alt.value(8), text="label:N"
        ),
    ]  # fmt: skip
    title = (
        f"Demand until the next order could arrive exceeds the position of "
        f"{formats.quantity(start)} with {formats.rate(row['shortage_before_rate'], 1)}, "
        f"{formats.quantity(end)} with {formats.rate(row['shortage_after_rate'], 1)}"
    )
    said = f"{title}. Grey is covered today, blue by this order, amber goes short even then."
    return Finding(alt.layer(*layers).properties(height=HEIGHT), title, said)
