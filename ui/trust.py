"""How far the chances on the pages can be trusted: what would have been said, and what came."""

import altair as alt
import pandas as pd
import streamlit as st

from forecasting.promises import backtest, scores
from ui import formats, queries, show
from ui.charts import HEIGHT, PERCENT, Finding, once, painted

MONTHS = 12


@st.cache_data(max_entries=4, show_spinner="Looking back month by month")
def _looked_back(build_id: str) -> pd.DataFrame:
    """What would have been said of the promises due in each of the last months; may be empty."""
    history = queries.ask("promise_history")
    if history.empty:
        return history
    first = pd.Timestamp(queries.needed().as_of_date) - pd.DateOffset(months=MONTHS)
    known_by = pd.Timestamp(queries.needed().as_of_date)
    if not (history["promised_date"] <= known_by).any():
        return history.iloc[:0]
    # Promises not due yet are kept: they may have taken the place of an earlier one.
    said = backtest.rolling(history, first)
    return said[said["promised_date"] <= known_by]


def chances() -> None:
    """Hold the chances of the last months against what came, when the reader asks for it."""
    if not st.toggle("Show how well such chances held", key="trust", bind="query-params"):
        return
    said = _looked_back(queries.needed().build_id)
    if said.empty or "kept" not in said:
        st.info("Too few promises have fallen due to look back.", icon=":material/info:")
        return
    table = scores.reliability(said["credibility"].to_numpy(), said["kept"].to_numpy())
    show.finding(
        reliability_chart(table, said),
        table,
        name="chances-held",
        provenance=queries.provenance([], f"promises due in the last {MONTHS} months"),
    )


@once
def reliability_chart(table: pd.DataFrame, said: pd.DataFrame) -> Finding:
    """Draw what was said against what came true; on the diagonal the chances are right.

    Parameters
    ----------
    table
        As `scores.reliability` gives it.
    said
        Predictions with kept, credibility and supplier.
    """
    own, rival = (
        scores.brier(said[name].to_numpy(), said["kept"].to_numpy())
        for name in ("credibility", "supplier")
    )
    title = (
        f"Brier score {own:.3f} against {rival:.3f} for always the supplier's average, "
        f"n {formats.count(len(said))} promises, each predicted a month ahead; on average "
        f"{formats.rate(said['credibility'].mean(), 1)} was said and "
        f"{formats.rate(said['kept'].mean(), 1)} kept"
    )
    shown = table.assign(
        stated=[formats.rate(value, 1) for value in table["predicted"]],
        came=[formats.rate(value, 1) for value in table["observed"]],
    )
    axis = alt.Axis(labelExpr=PERCENT, values=[0, 0.25, 0.5, 0.75, 1])
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("predicted:Q", title="Said", axis=axis, scale=scale)
    y = alt.Y("observed:Q", title="Kept", axis=axis, scale=scale)
    tips = [
        alt.Tooltip("stated:N", title="Said"),
        alt.Tooltip("came:N", title="Kept"),
        alt.Tooltip("n:Q", title="Promises", format=","),
    ]
    line = pd.DataFrame({"predicted": [0.0, 1.0], "observed": [0.0, 1.0]})
    base = painted(shown, "accent").encode(x=x, y=y, tooltip=tips)
    layers = [
        painted(line, "quiet").mark_line(strokeDash=[4, 4], strokeWidth=1).encode(x=x, y=y),
        base.mark_rule(strokeWidth=1.2, opacity=0.6).encode(y=alt.Y("lower:Q"), y2="upper:Q"),
        base.mark_point(filled=True, size=60, opacity=1),
    ]
    points = ", ".join(
        f"{said_} {came} (n {n})"
        for said_, came, n in zip(shown["stated"], shown["came"], shown["n"], strict=True)
    )
    return Finding(
        alt.layer(*layers).properties(height=HEIGHT), title, f"{title}. Said, kept: {points}."
    )
