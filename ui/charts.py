"""What all charts share: roles of colour, quiet axes, and the finding said in words.

Colours are roles, not values: a role is the position of a colour in `chartCategoricalColors` of
`.streamlit/config.toml`, so that a chart follows the reader's light or dark theme by itself.
"""

import functools
import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeAlias

import altair as alt
import pandas as pd
import streamlit as st
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

AltairChart: TypeAlias = Any
"""A chart of any kind: altair does not type what its methods return."""

Spec: TypeAlias = dict[str, Any]
"""A chart in Vega-Lite, its data as Arrow: what goes to the browser."""

Given = ParamSpec("Given")

MOST_KEPT = 300
"""Drawings that are kept of each function, at some 20 kB each."""

_SENDING = threading.Lock()

ROLES = ["accent", "quiet", "amber", "red", "fourth", "fifth", "sixth", "seventh"]
SCALE = alt.Scale(domain=ROLES)
SERIES = ["accent", "fourth", "fifth", "sixth", "seventh"]
HEIGHT = 290
SPARK_HEIGHT = 48
PERCENT = "format(datum.value * 100, '.0f') + ' %'"
DAY = 86_400_000
"""Milliseconds of a day."""
LABEL_SPACE = 46
"""Room for the labels of the vertical axis [pixels], so that charts one above another align."""


@dataclass(frozen=True)
class Finding:
    """A chart and what it says.

    Attributes
    ----------
    chart
        The chart itself or its `Spec`, without a title: titles are set as text above it, where they
        wrap.
    title
        One sentence with the finding.
    said
        The finding and its figures, for screen readers.
    below
        A smaller chart on the same horizontal axis, or None.
    below_said
        What the smaller chart shows.
    """

    chart: AltairChart
    title: str
    said: str
    below: AltairChart | None = None
    below_said: str = ""


def spec(chart: "AltairChart | Spec") -> Spec:
    """Write a chart in Vega-Lite with its data as Arrow.

    It is not checked against the schema of Vega-Lite, which costs as much as all the rest; a test
    checks the charts of every page.
    """
    if isinstance(chart, dict):
        return chart
    datasets: dict[str, bytes] = {}

    def keep(data: Any, **_: Any) -> dict[str, str]:
        sent = convert_anything_to_arrow_bytes(data)
        name = hashlib.sha256(sent).hexdigest()[:16]
        datasets[name] = sent
        return {"name": name}

    # The transformer and the theme of altair are global to all threads.
    with _SENDING:
        alt.data_transformers.register("arrow", keep)
        with alt.data_transformers.enable("arrow"), alt.theme.enable("none"):
            written: Spec = chart.to_dict(validate=False)
    return written | {"datasets": datasets}


def once(draw: Callable[Given, Finding]) -> Callable[Given, Finding]:
    """Draw again only what was not drawn from the same rows before: no part of a page costs more.

    The function as it was is there as `__wrapped__`.
    """

    @st.cache_data(max_entries=MOST_KEPT, show_spinner=False)
    @functools.wraps(draw)
    def kept(*given: Given.args, **named: Given.kwargs) -> Finding:
        found = draw(*given, **named)
        below = None if found.below is None else spec(found.below)
        return replace(found, chart=spec(found.chart), below=below)

    return functools.wraps(draw)(kept)


def painted(frame: pd.DataFrame, role: str | None = None) -> alt.Chart:
    """Begin a chart whose marks take the colour of one role, or of each row's own `role`."""
    rows = frame if role is None else frame.assign(role=role)
    return alt.Chart(rows).encode(color=alt.Color("role:N", scale=SCALE, legend=None))


def rate_axis() -> alt.Axis:
    """Make a vertical axis of shares, written as everywhere else: 90 %."""
    return value_axis(labelExpr=PERCENT)


def value_axis(**options: Any) -> alt.Axis:
    """Make a vertical axis with quiet grid lines and labels of a fixed width."""
    return alt.Axis(
        domain=False,
        ticks=False,
        tickCount=options.pop("tickCount", 5),
        minExtent=LABEL_SPACE,
        maxExtent=LABEL_SPACE,
        gridOpacity=0.6,
        **options,
    )


def time_axis(every: str, last: pd.Timestamp) -> alt.Axis:
    """Make a horizontal axis of dates written as the period is, without labels after the last."""
    # Weeks are ticked on Sundays and drawn from the Monday after it: its noon, whatever the clocks.
    monday = f"time(datum.value) + (day(datum.value) == 0 ? {3 * DAY // 2} : 0)"
    at = monday if every == "week" else "datum.value"
    written = {"day": "%-d %b", "week": "%G-W%V", "month": "%b %Y", "quarter": "%Y Q%q"}[every]
    end = int(last.timestamp() * 1000) + DAY
    return alt.Axis(
        labelExpr=f"datum.value <= {end} ? timeFormat({at}, '{written}') : ''",
        labelOverlap=True,
        labelSeparation=12,
        grid=False,
        tickCount=8,
        labelFlush=False,
    )


@st.cache_data(max_entries=MOST_KEPT, show_spinner=False)
def sparkline(values: Sequence[float]) -> Spec:
    """Draw a quiet line without axes through the last values, the newest marked."""
    rows = pd.DataFrame({"place": range(len(values)), "value": values})
    across = alt.X("place:Q", axis=None, scale=alt.Scale(nice=False, padding=4))
    up = alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, nice=False, padding=4))
    line = painted(rows, "accent").mark_line(strokeWidth=2).encode(x=across, y=up)
    last = painted(rows.tail(1), "accent").mark_point(size=28, filled=True).encode(x=across, y=up)
    return spec((line + last).properties(height=SPARK_HEIGHT).configure_view(stroke=None))
