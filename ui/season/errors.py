"""How wrong seasons were, in numbers: rate, luck taken out, money, of one season or of several."""

import numpy as np
import pandas as pd
import streamlit as st

from ui import formats, queries, shell

ALL = "all business units"
BEFORE, WITH = "old rule", "tool"
TAIL = 0.025
KEYS = ["season_id", "is_tool", "in_contract"]


def units() -> pd.DataFrame:
    """Business units with seasons; the page stops where there are none."""
    rows = queries.ask("season_units") if _has_marts() else pd.DataFrame()
    if rows.empty:
        st.info("No season is known yet.", icon=":material/info:")
        shell.onward("pages/load_data.py", "Load seasons and allocations", ":material/upload_file:")
        st.stop()
    return rows


def _has_marts() -> bool:
    return bool(queries.ask("has_seasons")["is_there"].iloc[0])


def choose_unit() -> str | None:
    """Let the reader choose a business unit; None is all of them."""
    rows = units()
    if not rows["is_judged"].any():
        st.info(
            "No season has ended and been judged yet. After a season has ended, "
            "`python -m forecasting run` judges it.",
            icon=":material/info:",
        )
        st.stop()
    if len(rows) == 1:
        return None
    inside = rows.sort_values("in_contract", ascending=False, kind="stable")
    names = [*inside["business_unit"], ALL]
    found = st.selectbox("Business unit", names, key="season_unit", bind="query-params")
    return None if found == ALL else str(found)


def seasons(unit: str | None) -> pd.DataFrame:
    """One row per judged season and who shared it out, with luck and its interval.

    Returns
    -------
    season_id, start_date, who, n_lines, rate, luck, low, high (of luck), avoidable, line_rate,
    shadow (the tool's rate on the same season, where it did not decide), and the money.
    """
    rows = queries.ask("season_errors", by="none", unit=unit)
    money = queries.ask("season_money", unit=unit).drop(columns="start_date")
    drawn = luck(queries.ask("season_luck_draws", unit=unit))
    met = rows.merge(money, on=KEYS, how="left").merge(drawn, on=KEYS, how="left")
    allocated = met["qty_allocated"]
    met = met.assign(
        who=np.where(met["is_tool"], WITH, BEFORE),
        start_date=pd.to_datetime(met["start_date"]),
        rate=met["qty_misplaced"] / allocated,
        luck=met["qty_luck"] / allocated,
        line_rate=met["n_wrong"] / met["n_lines"],
        shadow=met["qty_shadow_misplaced"] / met["qty_shadow"],
    )
    return met.assign(avoidable=met["rate"] - met["luck"])


def luck(draws: pd.DataFrame) -> pd.DataFrame:
    """Quantiles of the error rate that luck alone makes, over the draws of each season."""
    rate = draws["qty_misplaced"] / draws["qty_allocated"]
    grouped = draws.assign(rate=rate).groupby(KEYS)["rate"]
    found = pd.DataFrame({"low": grouped.quantile(TAIL), "high": grouped.quantile(1 - TAIL)})
    return found.reset_index()


def pooled(rows: pd.DataFrame, draws: pd.DataFrame) -> dict[str, float]:
    """Rates of several seasons together: sums first, then divided; luck's interval likewise."""
    allocated = rows["qty_allocated"].sum()
    named = draws.merge(rows[KEYS])
    sums = named.groupby("draw_no")[["qty_misplaced", "qty_allocated"]].sum()
    simulated = sums["qty_misplaced"] / sums["qty_allocated"]
    rate = rows["qty_misplaced"].sum() / allocated
    return {
        "rate": rate,
        "avoidable": rate - rows["qty_luck"].sum() / allocated,
        "lower": float(rate - simulated.quantile(1 - TAIL)) if len(simulated) else np.nan,
        "upper": float(rate - simulated.quantile(TAIL)) if len(simulated) else np.nan,
        "line_rate": rows["n_wrong"].sum() / rows["n_lines"].sum(),
        "n": float(rows["n_lines"].sum()),
        "misallocated": rows["qty_misallocated"].sum(),
        "money": rows["cost_misallocated"].sum(),
        "margin": rows["cost_margin_lost"].sum(),
        "markdown": rows["cost_markdown"].sum(),
        "n_seasons": float(rows["season_id"].nunique()),
    }


def points(value: float) -> str:
    """Write a difference of shares in points without a plus."""
    return (
        "no data" if formats.is_missing(value) else f"{value * 100:.1f} pt".replace("-", "\u2212")
    )
