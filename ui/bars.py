"""Bars and curves: where, by delay, by age. Bars begin at zero and are sorted; n is always said."""

import re

import altair as alt
import pandas as pd

from ui import formats
from ui.charts import HEIGHT, PERCENT, Finding, once, painted, rate_axis, value_axis

BAR = 26
AXIS = 44
SELECTION = "chosen"
OLD = {"31-45": "amber", "46+": "red"}
"""Ages that call for action, and the role they are painted in."""
BUCKET = re.compile(r"\b0(\d)")
"""A leading zero in '00-03' sorts the ages; nobody reads it."""


@once
def where(
    frame: pd.DataFrame,
    *,
    dimension: str,
    names: str,
    label: str,
    better: str = "higher",
    target: float | None = None,
    most: int = 15,
) -> Finding:
    """Draw one share per site, family or customer, the worst on top, greyed under 20 lines.

    A bar can be chosen: the chart's selection `chosen` then holds its `dimension`.

    Parameters
    ----------
    frame
        Measured rows, one per value of `dimension`.
    names
        What the values are, in the plural: 'sites'.
    most
        How many bars are drawn; the table beside the chart holds all.
    """
    known = frame[frame["value"].notna()].copy()
    known["name"] = known[dimension].astype(str)
    known["is_few"] = known["n"] < formats.FEW
    known["text"] = [formats.rate(v, n) for v, n in zip(known["value"], known["n"], strict=True)]
    known = known.sort_values(["is_few", "value", "n"], ascending=[True, better == "higher", False])
    title = where_title(known, names, label, better)
    if len(known) > most:
        title = f"{title}; {most} of {len(known):,} {names} drawn, the worst first"
    known = known.head(most).copy()
    known["role"] = ["quiet" if few else "accent" for few in known["is_few"]]
    known["said"] = [
        f"{text}  n {formats.count(n)}" for text, n in zip(known["text"], known["n"], strict=True)
    ]
    known["interval"] = [
        f"{formats.rate(low, n)} to {formats.rate(high, n)}"
        for low, high, n in zip(known["lower"], known["upper"], known["n"], strict=True)
    ]
    order = known["name"].to_list()
    chosen = alt.selection_point(name=SELECTION, fields=[dimension])
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=150, ticks=False))
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1.5]),
        axis=alt.Axis(labelExpr=PERCENT, values=[0, 0.5, 1], gridOpacity=0.6, domain=False),
    )
    tips = [
        alt.Tooltip("name:N", title=names.removesuffix("s").capitalize()),
        alt.Tooltip("text:N", title=label),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("n:Q", title="n", format=","),
        alt.Tooltip("pending:Q", title="Not due yet", format=","),
    ]
    base = painted(known).encode(x=x, y=y, tooltip=tips)
    faint = alt.condition("datum.is_few", alt.value(0.4), alt.value(0.9))
    layers = [
        base.mark_bar(height={"band": 0.7}, cursor="pointer")
        .encode(opacity=faint)
        .add_params(chosen),
        painted(known, "quiet")
        .mark_text(align="left", dx=6, fontSize=12)
        .encode(x=alt.datum(1.02), y=y, text="said:N"),
    ]
    if target is not None:
        rule = pd.DataFrame({"value": [target]})
        layers.append(
            painted(rule, "quiet").mark_rule(strokeDash=[6, 3], strokeWidth=1.4).encode(x="value:Q")
        )
    chart = alt.layer(*layers).properties(height=max(2, len(known)) * BAR + AXIS)
    return Finding(chart, title, f"{title}. {len(frame)} {names} in all.")


def where_title(known: pd.DataFrame, names: str, label: str, better: str) -> str:
    """Name the worst, and the best that it is behind by more than chance: intervals are apart."""
    judged = known[~known["is_few"]]
    if len(judged) < 2:
        return f"{label} by {names.removesuffix('s')}"
    is_higher = better == "higher"
    worst, best = judged.iloc[0], judged.iloc[-1]
    bound = "lower" if is_higher else "upper"
    surest = judged.sort_values(bound, ascending=not is_higher, kind="stable").iloc[0]

    def is_behind(one: pd.Series) -> bool:
        """Tell whether the worst is behind another by more than chance."""
        return bool(worst["upper"] < one["lower"] or worst["lower"] > one["upper"])

    if not is_behind(surest):
        return f"{label}: the {names} differ no more than chance"
    said = f"{worst['name']} is worst at {worst['text']}"
    if len(known) > len(judged):
        return said
    if is_behind(best):
        return f"{said}, {best['name']} {'highest' if is_higher else 'lowest'} at {best['text']}"
    return f"{said}, beyond chance behind {surest['name']} at {surest['text']}"


@once
def delay_curve(frame: pd.DataFrame) -> Finding:
    """Draw F(d), the share of the quantity complete within d days of its due date.

    Parameters
    ----------
    frame
        Columns delay_days, value and n, one row per delay; the share never falls.
    """
    shown = frame.sort_values("delay_days").copy()
    shown["text"] = [formats.rate(v, n) for v, n in zip(shown["value"], shown["n"], strict=True)]
    shown["days"] = [f"{int(delay)} d" for delay in shown["delay_days"]]
    floor = max(0.0, (shown["value"].min() * 100 - 2) // 10 * 10 / 100)
    base = painted(shown, "accent").encode(
        x=alt.X(
            "days:O",
            sort=shown["days"].to_list(),
            title="Days after the due date",
            axis=alt.Axis(labelAngle=0),
        ),
        y=alt.Y(
            "value:Q",
            title=None,
            axis=rate_axis(),
            scale=alt.Scale(domain=[floor, 1], zero=False),
        ),
        tooltip=[
            alt.Tooltip("days:O", title="Within"),
            alt.Tooltip("text:N", title="Complete"),
            alt.Tooltip("n:Q", title="Lines", format=","),
        ],
    )
    chart = alt.layer(
        base.mark_line(strokeWidth=2.2),
        base.mark_point(filled=True, size=50, opacity=1),
        base.mark_text(dy=-13, fontSize=12).encode(text="text:N"),
    ).properties(height=HEIGHT)
    first, last = shown.iloc[0], shown.iloc[-1]
    title = (
        f"{first['text']} of the quantity was there on the due date, "
        f"{last['text']} within {int(last['delay_days'])} days"
    )
    points = ", ".join(f"{d} {t}" for d, t in zip(shown["days"], shown["text"], strict=True))
    return Finding(chart, title, f"{title}. {points}.")


@once
def ageing(frame: pd.DataFrame, unit: str = "units") -> Finding:
    """Draw the open short quantity by working days past the requested date; old ages stand out.

    Parameters
    ----------
    frame
        `backorder_age` by age_bucket: denominator is the open quantity, n the open lines.
    """
    shown = frame.sort_values("age_bucket").rename(columns={"denominator": "quantity"})
    shown["age"] = [BUCKET.sub(r"\1", bucket) for bucket in shown["age_bucket"]]
    shown["role"] = shown["age"].map(OLD).fillna("accent")
    shown["text"] = [formats.quantity(round(q)) for q in shown["quantity"]]
    order = shown["age"].astype(str).to_list()
    base = painted(shown).encode(
        x=alt.X(
            "age:O",
            sort=order,
            title="Working days past the requested date",
            axis=alt.Axis(labelAngle=0),
        ),
        y=alt.Y("quantity:Q", title=None, axis=value_axis(format="~s")),
        tooltip=[
            alt.Tooltip("age:O", title="Working days late"),
            alt.Tooltip("quantity:Q", title=f"Open {unit}", format=",.0f"),
            alt.Tooltip("n:Q", title="Lines", format=","),
        ],
    )
    chart = alt.layer(
        base.mark_bar(opacity=0.9),
        base.mark_text(dy=-8, fontSize=12).encode(text="text:N"),
    ).properties(height=HEIGHT)
    total, oldest = shown["quantity"].sum(), shown.loc[shown["age"] == "46+", "quantity"].sum()
    title = (
        f"{formats.quantity(round(total))} {unit} are open and overdue, "
        f"{formats.quantity(round(oldest))} of them for over 45 working days"
    )
    points = ", ".join(f"{a}: {t}" for a, t in zip(shown["age"], shown["text"], strict=True))
    return Finding(chart, title, f"{title}. By age {points}.")
