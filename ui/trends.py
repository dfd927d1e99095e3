"""Shares over time: one with its interval, target and best mark, or several side by side."""

import datetime as dt

import altair as alt
import pandas as pd

from ui import formats
from ui.charts import HEIGHT, SERIES, Finding, once, painted, rate_axis, time_axis, value_axis

PENDING_HEIGHT = 70
FREQUENCIES = {"day": "D", "week": "W", "month": "M", "quarter": "Q"}


def last_day(start: pd.Timestamp, every: str) -> dt.date:
    """Last day of the period that begins on `start`."""
    return start.to_period(FREQUENCIES[every]).end_time.date()


def marks(frame: pd.DataFrame, every: str, as_of: dt.date) -> pd.DataFrame:
    """Add what marks and tooltips say: label, text, interval, and whether the period is open.

    A period is open while its last day lies after the as-of date.
    """
    shown = frame.assign(period=pd.to_datetime(frame["period"])).reset_index(drop=True)
    counts = shown["n"]
    shown["is_open"] = [last_day(start, every) > as_of for start in shown["period"]]
    shown["label"] = [formats.period(start, every) for start in shown["period"]]
    shown["text"] = [
        formats.rate(value, n) for value, n in zip(shown["value"], counts, strict=True)
    ]
    shown["interval"] = [
        f"{formats.rate(low, n)} to {formats.rate(high, n)}"
        for low, high, n in zip(shown["lower"], shown["upper"], counts, strict=True)
    ]
    return shown


def best_of(shown: pd.DataFrame, better: str) -> pd.Series | None:
    """Find the best closed period with enough lines; None when there are fewer than three."""
    closed = shown[~shown["is_open"] & (shown["n"] >= formats.FEW) & shown["value"].notna()]
    if len(closed) < 3:
        return None
    return closed.sort_values("value", ascending=better != "higher").iloc[0]


def standing(last: pd.Series, best: pd.Series | None, target: float | None, better: str) -> str:
    """Say how the last closed period stands: its best yet, on target, or how far from it."""
    if best is not None and best["period"] == last["period"]:
        return ", the best ever"
    if target is None:
        return ""
    gap = (last["value"] - target) * (1 if better == "higher" else -1)
    if gap >= 0:
        return ", on target"
    return f", {formats.points(abs(gap), last['n']).lstrip('+')} from target"


def title_of(  # noqa: PLR0917
    shown: pd.DataFrame,
    label: str,
    every: str,
    target: float | None,
    better: str,
    best: pd.Series | None,
) -> str:
    """Say where a series stands, and whether it moved by more than chance.

    The last closed period is held against the one a quarter of the series earlier (at least three
    periods); it moved when their two 95 % intervals do not overlap.
    """
    closed = shown[~shown["is_open"] & shown["value"].notna()]
    if closed.empty:
        return f"{label}: no {every} has closed yet"
    last = closed.iloc[-1]
    said = f"{label}: {last['text']} in {last['label']}"
    said += standing(last, best, target, better)
    if len(closed) < 4:
        return said
    then = closed.iloc[-1 - max(3, len(closed) // 4)]
    if last["upper"] < then["lower"] or last["lower"] > then["upper"]:
        change = last["value"] - then["value"]
        size = formats.points(abs(change), min(last["n"], then["n"])).lstrip("+")
        return f"{said}; {'up' if change > 0 else 'down'} {size} since {then['label']}"
    return f"{said}; no clear change since {then['label']}"


def domain(shown: pd.DataFrame, target: float | None) -> list[float]:
    """Vertical range in steps of 5 points that holds the values, most intervals and the target."""
    known = shown[shown["n"] >= formats.FEW] if (shown["n"] >= formats.FEW).any() else shown
    low = min(known["lower"].min(), shown["value"].min(), 1 if target is None else target)
    high = max(known["upper"].max(), shown["value"].max(), 0 if target is None else target)
    if pd.isna(low) or pd.isna(high):
        return [0.0, 1.0]
    return [max(0.0, (low * 100 - 1) // 5 * 5 / 100), min(1.0, -((-high * 100 - 1) // 5) * 5 / 100)]


@once
def trend(
    frame: pd.DataFrame,
    *,
    label: str,
    every: str,
    as_of: dt.date,
    better: str = "higher",
    target: float | None = None,
    go_live: tuple[dt.date, str] | None = None,
    unit: str = "lines",
    whole: pd.DataFrame | None = None,
) -> Finding:
    """Draw one share over time: line, 95 % band, target, go-live, best mark, pending below.

    The period still open is joined by a dashed line and drawn hollow.

    Parameters
    ----------
    frame
        What `queries.measure(..., every=every)` returns for one series.
    go_live
        Day and name of the line that marks a change of hands.
    unit
        What `n` counts.
    whole
        The same series since it began, for the best ever; without it, the best of `frame`.
    """
    shown = marks(frame, every, as_of)
    best = best_of(shown if whole is None else marks(whole, every, as_of), better)
    title = title_of(shown, label, every, target, better, best)
    span = [shown["period"].min(), shown["period"].max()]
    scale = alt.Scale(domain=span, padding=14)
    x = alt.X("period:T", title=None, axis=time_axis(every, shown["period"].max()), scale=scale)
    tips = tooltips(label, every, unit)
    closed = shown[~shown["is_open"]]
    unfinished = shown.iloc[max(0, len(closed) - 1) :]
    y = alt.Y(
        "value:Q",
        title=None,
        axis=rate_axis(),
        scale=alt.Scale(domain=domain(shown, target), zero=False, clamp=True),
    )
    layers = [
        painted(closed, "accent")
        .mark_area(opacity=0.15)
        .encode(x=x, y=alt.Y("lower:Q"), y2="upper:Q"),
        painted(closed, "accent").mark_line(strokeWidth=2.2).encode(x=x, y=y),
        painted(unfinished, "accent")
        .mark_line(strokeWidth=1.6, strokeDash=[3, 4])
        .encode(x=x, y=y),
        *point_layers(shown, x, y, tips),
        *reference_layers(x, target, go_live, span),
        *best_layers(best if best is None or best["period"] >= span[0] else None, x, y),
    ]
    below = pending_bars(shown, scale, tips) if shown["pending"].sum() > 0 else None
    best_said = "" if best is None else f" Best {every} ever: {best['text']} in {best['label']}."
    target_said = "" if target is None else f" Target {formats.rate(target, 1)}."
    said = (
        f"{title}. By {every}, {shown['label'].iloc[0]} to {shown['label'].iloc[-1]}."
        f"{best_said}{target_said}"
    )
    waiting = formats.lines(shown["pending"].sum(), unit.removesuffix("s"))
    return Finding(
        alt.layer(*layers).properties(height=HEIGHT), title, said, below, f"{waiting} not due yet."
    )


def tooltips(label: str, every: str, unit: str) -> list[alt.Tooltip]:
    """Say of one period: its name, the share, the interval, n and what is not due yet."""
    return [
        alt.Tooltip("label:N", title=every.capitalize()),
        alt.Tooltip("text:N", title=label),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("n:Q", title=unit.capitalize(), format=","),
        alt.Tooltip("pending:Q", title="Not due yet", format=","),
    ]


def point_layers(
    shown: pd.DataFrame, x: alt.X, y: alt.Y, tips: list[alt.Tooltip]
) -> list[alt.Chart]:
    """Draw a dot per period, paler under 20 lines and hollow while the period is open."""
    parts = (
        (shown[~shown["is_open"] & (shown["n"] >= formats.FEW)], True, 1.0),
        (shown[~shown["is_open"] & (shown["n"] < formats.FEW)], True, 0.35),
        (shown[shown["is_open"]], False, 1.0),
    )
    return [
        painted(part, "accent")
        .mark_point(size=42, filled=filled, opacity=opacity, strokeWidth=2)
        .encode(x=x, y=y, tooltip=tips)
        for part, filled, opacity in parts
        if not part.empty
    ]


def reference_layers(
    x: alt.X, target: float | None, go_live: tuple[dt.date, str] | None, span: list[pd.Timestamp]
) -> list[alt.Chart]:
    """Draw the target as a level rule and the go-live date as an upright one, with their names."""
    layers = []
    if target is not None:
        said = f"target {formats.rate(target, 1)}"
        rule = pd.DataFrame({"value": [target], "period": [span[0]], "said": [said]})
        base = painted(rule, "quiet").encode(y="value:Q")
        layers += [
            base.mark_rule(strokeDash=[6, 3], strokeWidth=1.4),
            base.mark_text(align="left", dx=2, dy=-7, fontSize=12).encode(x=x, text="said:N"),
        ]
    if go_live is not None and span[0] <= pd.Timestamp(go_live[0]) <= span[1]:
        rule = pd.DataFrame({"period": [pd.Timestamp(go_live[0])], "said": [go_live[1]]})
        base = painted(rule, "quiet").encode(x=x)
        layers += [
            base.mark_rule(strokeWidth=1.4),
            base.mark_text(align="right", dx=-5, dy=8, fontSize=12).encode(
                y=alt.value(0), text="said:N"
            ),
        ]
    return layers


def best_layers(best: pd.Series | None, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Ring the best closed period and name it."""
    if best is None:
        return []
    mark = pd.DataFrame([best.to_dict()]).assign(said=f"best ever {best['text']}")
    base = painted(mark, "accent").encode(x=x, y=y)
    return [
        base.mark_point(size=150, strokeWidth=2, filled=False),
        base.mark_text(dy=-15, fontSize=12, fontWeight=600).encode(text="said:N"),
    ]


def pending_bars(shown: pd.DataFrame, scale: alt.Scale, tips: list[alt.Tooltip]) -> alt.Chart:
    """Draw, pale and small, how many lines of each period are not due yet."""
    bare = alt.Axis(labels=False, ticks=False, grid=False, title="not due yet", titlePadding=2)
    most = int(shown["pending"].max())
    bars: alt.Chart = (
        painted(shown[shown["pending"] > 0], "quiet")
        .mark_bar(opacity=0.5, size=max(3, min(14, 300 // len(shown))))
        .encode(
            x=alt.X("period:T", axis=bare, scale=scale),
            y=alt.Y("pending:Q", title=None, axis=value_axis(values=[0, most], format="~s")),
            tooltip=tips,
        )
        .properties(height=PENDING_HEIGHT)
    )
    return bars


@once
def compare(frame: pd.DataFrame, *, every: str, as_of: dt.date, title: str) -> Finding:
    """Draw several shares over time on one axis, each named at its end.

    Parameters
    ----------
    frame
        Measured rows of several series one under another, with their names in `series`, in the
        order in which they take colours.
    """
    shown = marks(frame, every, as_of)
    names = list(dict.fromkeys(shown["series"]))
    shown["role"] = shown["series"].map(dict(zip(names, SERIES, strict=False)))
    limits = domain(shown, None)
    first, last = shown["period"].min(), shown["period"].max()
    # Room on the right for the names at the ends of the lines.
    span = [first, last + (last - first) * 0.2]
    scale = alt.Scale(domain=span, padding=14)
    x = alt.X("period:T", title=None, axis=time_axis(every, shown["period"].max()), scale=scale)
    y = alt.Y(
        "value:Q",
        title=None,
        axis=rate_axis(),
        scale=alt.Scale(domain=limits, zero=False, clamp=True),
    )
    closed = shown[~shown["is_open"] & shown["value"].notna()]
    ends = closed.groupby("series", sort=False).tail(1)
    tips = [alt.Tooltip("series:N", title="Measure"), *tooltips("Share", every, "n")]
    base = painted(closed).encode(x=x, y=y, detail="series:N")
    layers = [
        base.mark_line(strokeWidth=2.2),
        base.mark_point(filled=True, size=34, opacity=1).encode(tooltip=tips),
        painted(apart(ends, limits[1] - limits[0]))
        .mark_text(align="left", dx=8, fontSize=12, fontWeight=600)
        .encode(x=x, y=alt.Y("label_value:Q"), text="series:N"),
    ]
    latest = "; ".join(
        f"{name} {text}" for name, text in zip(ends["series"], ends["text"], strict=True)
    )
    return Finding(
        alt.layer(*layers).properties(height=HEIGHT), title, f"{title}. Latest: {latest}."
    )


def apart(ends: pd.DataFrame, height: float) -> pd.DataFrame:
    """Move the names at the ends of lines apart, so that none hides another.

    Parameters
    ----------
    height
        Length of the vertical axis in the unit of the values.
    """
    gap = height * 16 / HEIGHT
    placed = ends.sort_values("value", ascending=False).copy()
    level = float("inf")
    levels = []
    for value in placed["value"]:
        level = min(value, level - gap)
        levels.append(level)
    return placed.assign(label_value=levels)
