"""The KPI register on a page: each target, who answers for it, where it is looked at, its status.

A figure counts from the first day that the data know of: nothing is said of the time before.
"""

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from data import register
from data.errors import UserError
from data.settings import CADENCES, Kept
from ui import blocks, cards, filters, formats, periods, queries, show

EVERY = dict(zip(CADENCES, ("week", "month", "quarter"), strict=True))
"""Cadence of a KPI, and the stretch of time that it is judged over."""
MET, NEAR, MISSED, TOO_FEW = "met", "missed, within chance", "missed", "too few to judge"
WORDS = {"on target": MET, "near target": NEAR, "off target": MISSED, "too few": TOO_FEW}
WORST = [MISSED, NEAR, TOO_FEW, formats.NO_DATA, MET]
"""Order in which the register is read."""
NOBODY = "nobody yet"
AIMS = {"higher": "at least", "lower": "at most"}


def judged(row: Any, target: float, better: str) -> str:
    """Say whether a share of a whole period meets its target: met, missed, too few, no data.

    A target is missed within chance where it lies in the 95 % interval of the share.
    """
    return WORDS.get(cards.status(row, target, better), formats.NO_DATA)


def in_a_row(series: pd.DataFrame, target: float, better: str, until: dt.date) -> int:
    """Count how many whole periods up to `until` in turn have the status of the last one.

    Parameters
    ----------
    series
        Measured rows of a metric by period, oldest first.
    """
    closed = series[pd.to_datetime(series["period"]) <= pd.Timestamp(until)]
    said = [
        judged(row, target, better).removesuffix(", within chance")
        for row in closed.to_dict("records")
    ]
    same = 0
    for status in reversed(said):
        if status != said[-1]:
            break
        same += 1
    return same


@st.cache_data(max_entries=200, show_spinner=False)
def _since(build_id: str, metric: str) -> dt.date | None:
    """First day for which a metric has anything to judge; None while it has nothing."""
    months = queries.measure(metric, every="month")
    months = months[months["n"] > 0]
    if months.empty:
        return None
    first = pd.Timestamp(months["period"].min()).date()
    days = queries.measure(metric, every="day", since=first, until=periods.end_of(first, "month"))
    return pd.Timestamp(days.loc[days["n"] > 0, "period"].min()).date()


def rows(as_of: dt.date) -> pd.DataFrame:
    """One row per KPI: every metric that has a target, judged over its last whole period."""
    agreed, known = queries.agreed(), queries.catalogue()
    told = []
    for metric, target in agreed.targets.items():
        if metric not in known:
            continue
        kept = agreed.register.get(metric, Kept())
        every = EVERY[kept.cadence]
        period = periods.last_whole(every, as_of)
        where = filters.for_metric(metric, filters.Filters(period, every, as_of)).where
        now = queries.measure(metric, since=period.since, until=period.until, where=where).iloc[0]
        series = queries.measure(metric, every=every, where=where)
        status = judged(now, target, known[metric].better)
        told.append(
            {
                "metric": metric,
                "label": known[metric].label,
                "status": status,
                **{name: now[name] for name in ("value", "lower", "upper", "n", "pending")},
                "target": target,
                "aim": f"{AIMS[known[metric].better]} {formats.rate(target, 1000)}",
                "n_same": in_a_row(series, target, known[metric].better, period.until),
                "period": formats.period(period.since, every),
                "owner": kept.owner or NOBODY,
                "forum": kept.forum or NOBODY,
                "cadence": kept.cadence,
                "since": _since(queries.needed().build_id, metric),
                "definition": f"{metric} v{known[metric].version}",
            }
        )
    return pd.DataFrame(told)


def unknown() -> list[str]:
    """Targets of metrics that no build has ever heard of: a slip in the settings."""
    return sorted(set(queries.agreed().targets) - set(queries.catalogue()))


def table(found: pd.DataFrame) -> None:
    """List the register, what was missed first; a row opens its trend and its change."""
    counts = found["status"].value_counts()
    said = ", ".join(
        f"{n} {word}"
        for word in (MET, NEAR, MISSED, TOO_FEW, formats.NO_DATA)
        if (n := counts.get(word, 0))
    )
    nobody = int((found["owner"] == NOBODY).sum())
    owners = f"; {nobody} without an owner" if nobody else ""
    st.text(f"{formats.lines(len(found), 'KPI')} with a target: {said}{owners}")
    order = found["status"].map(WORST.index).sort_values(kind="stable").index
    found = found.loc[order].reset_index(drop=True)
    found["interval"] = [
        "" if formats.is_missing(low) else f"{formats.rate(low, n)} to {formats.rate(high, n)}"
        for low, high, n in zip(found["lower"], found["upper"], found["n"], strict=True)
    ]
    columns = [
        show.Column("label", "KPI", pinned=True),
        show.Column("status", "Status", width=150),
        show.Column("value", "Value", rated_by="n"),
        show.Column("aim", "Target"),
        show.Column("n", "n", formats.count),
        show.Column("period", "Period", says="The last whole one of its cadence."),
        show.Column("owner", "Owner"),
        show.Column("forum", "Forum"),
        show.Column("cadence", "Cadence"),
        show.Column("n_same", "In a row", formats.count, says="Whole periods met, or missed."),
        show.Column("interval", "95 % interval"),
        show.Column("since", "Measured since", formats.day, says="Nothing is known before."),
        show.Column("definition", "Definition"),
    ]
    show.table(
        found,
        columns,
        name="register",
        said="KPI register: each target with its status, owner, forum and cadence",
        provenance=queries.provenance(found["metric"].to_list(), "last whole period of each"),
        story=lambda place: _choose(str(found["metric"].iloc[place])),
        story_label="Look",
    )


def _choose(metric: str) -> None:
    """Hand a metric on to the choice below the table."""
    st.session_state["kpi"] = queries.catalogue()[metric].label


def choose(found: pd.DataFrame) -> str:
    """Let the reader pick one KPI; the choice is in the URL."""
    labels: dict[str, str] = dict(zip(found["label"], found["metric"], strict=True))
    label: str = st.selectbox("KPI", list(labels), key="kpi", bind="query-params")
    return labels[label]


def trend(metric: str, as_of: dt.date) -> None:
    """Draw a KPI over time by its cadence, and say since when it is measured."""
    every = EVERY[queries.agreed().register.get(metric, Kept()).cadence]
    period = periods.last_whole(every, as_of)
    blocks.trend(metric, filters.Filters(period, every, as_of))
    since = _since(queries.needed().build_id, metric)
    if since is not None:
        st.caption(f"Measured since {formats.day(since)}; there is no earlier history.")


def change(metric: str) -> None:
    """Let the reader write down what was agreed about a KPI."""
    row = register.row(queries.agreed(), metric)
    name = queries.catalogue()[metric].metric
    with st.container(border=True):
        left, right = st.columns(2)
        left.number_input(
            "Target, %", 0.0, 100.0, 100 * row["target"], 0.5, format="%.1f", key=f"target-{name}"
        )
        right.selectbox("Cadence", CADENCES, CADENCES.index(row["cadence"]), key=f"cadence-{name}")
        left.text_input("Owner", row["owner"], max_chars=80, key=f"owner-{name}")
        right.text_input("Forum", row["forum"], max_chars=80, key=f"forum-{name}")
        left.text_input("Agreed by", max_chars=80, key="agreed-by")
        right.text_input("Reason", max_chars=300, key=f"reason-{name}")
        st.button("Write it down", icon=":material/edit_note:", on_click=_write, args=(metric,))
        st.caption("It holds on every page from then on, and stands in the list below.")
    if said := st.session_state.pop("register said", None):
        kind, text = said
        (st.success if kind == "done" else st.warning)(text)


def _write(metric: str) -> None:
    """Keep the change that stands in the fields."""
    state = st.session_state
    proposed = {
        "target": round(state[f"target-{metric}"] / 100, 6),
        **{name: str(state[f"{name}-{metric}"]).strip() for name in register.FIELDS[1:]},
    }
    author, reason = str(state["agreed-by"]), str(state[f"reason-{metric}"])
    try:
        entry = register.change(queries.agreed(), metric, proposed, author=author, reason=reason)
    except UserError as fault:
        state["register said"] = ("missing", str(fault))
        return
    queries.change_register(entry)
    state[f"reason-{metric}"] = ""
    state["register said"] = ("done", "Written down.")


def history() -> None:
    """List what was changed, by whom and why, the newest first."""
    found = queries.register_changes()
    if found.empty:
        st.info("Nothing was changed since the settings.", icon=":material/info:")
        return
    known = queries.catalogue()
    told = [
        {
            "recorded_at": entry["recorded_at"],
            "label": known[metric].label if metric in known else metric,
            "what": said_of(entry["payload"]),
            "author": entry["author"],
            "reason": entry["reason"],
        }
        for entry in found.iloc[::-1].to_dict("records")
        for metric in [str(entry["subject_id"]).removeprefix("kpi:")]
    ]
    columns = [
        show.Column("recorded_at", "Written (UTC)", show.minute),
        show.Column("label", "KPI"),
        show.Column("what", "Change", width="large"),
        show.Column("author", "Agreed by"),
        show.Column("reason", "Reason", width="medium"),
    ]
    show.table(
        pd.DataFrame(told),
        columns,
        name="register-changes",
        said="Changes of the register, the newest first",
        provenance=queries.provenance([], "every change that was written down"),
    )


def said_of(payload: dict[str, Any]) -> str:
    """Say what a change changed: 'target 90 % to 92 %, owner nobody yet to Ann'."""

    def written(name: str, value: Any) -> str:
        if name == "target":
            return "none" if value is None else formats.rate(value, 1000)
        return str(value) or NOBODY

    return ", ".join(
        f"{name} {written(name, payload['from'][name])} to {written(name, value)}"
        for name, value in payload["to"].items()
    )
