"""The executive's one page: outcomes, where they are worst, and what comes next, for print."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from ui import cards, filters, formats, packs, queries

PLACE = "site_id"


def button(metrics: Sequence[str], chosen: filters.Filters) -> None:
    """Offer the page as PDF, made from the figures that are on the screen."""
    about = queries.provenance(metrics, chosen.said())
    st.download_button(
        "One page to print (PDF)",
        lambda: packs.to_pdf(title(chosen), parts(metrics, chosen), about),
        file_name=f"overview-{chosen.as_of:%Y-%m-%d}.pdf",
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
    )


def title(chosen: filters.Filters) -> str:
    """Name the client and the time."""
    client = queries.agreed().client
    said = f"Outcomes, {formats.span(chosen.period.since, chosen.period.until)}"
    return f"{client}: {said}" if client else said


def parts(metrics: Sequence[str], chosen: filters.Filters) -> list[packs.Part]:
    """Return the outcomes, the worst place of each, and what comes next."""
    asked = [name for name in metrics if not cards.without(name, chosen.where)]
    return [outcomes(asked, chosen), worst_places(asked, chosen), ahead(asked, chosen)]


def outcomes(metrics: Sequence[str], chosen: filters.Filters) -> packs.Part:
    """One row per metric: now, before, how much of the change is chance, target and n."""
    targets = queries.agreed().targets
    rows = []
    for name in metrics:
        target = targets.get(name)
        shown, known = cards.card(name, chosen, target), queries.catalogue()[name]
        few = min(shown.n, shown.n_before)
        rows.append(
            {
                "metric": known.label,
                "now": formats.rate(shown.value, shown.n),
                "change": "" if shown.change is None else formats.points(shown.change, few),
                "chance": "" if shown.change is None else cards.luck(shown),
                "target": "" if target is None else formats.rate(target, 1),
                "status": shown.status,
                "n": formats.count(shown.n),
                "definition": f"{name} v{known.version}",
            }
        )
    labels = {
        "metric": "Outcome",
        "now": "Now",
        "change": "Against before",
        "chance": "Of it chance",
        "target": "Target",
        "status": "Status",
        "n": "n",
        "definition": "Definition",
    }
    return packs.Part("Are we better?", pd.DataFrame(rows, columns=list(labels)), labels, {})


def worst_places(metrics: Sequence[str], chosen: filters.Filters) -> packs.Part:
    """The worst site of each metric with enough lines to judge it."""
    rows = []
    for name in metrics:
        known = queries.catalogue()[name]
        if cards.without(name, {PLACE: []}):
            continue
        period = chosen.period
        where = filters.for_metric(name, chosen).where
        found = queries.measure(
            name, by=[PLACE], since=period.since, until=period.until, where=where
        )
        found = found[(found["n"] >= formats.FEW) & found["value"].notna()]
        if len(found) < 2:
            continue
        ordered = found.sort_values("value", ascending=known.better == "higher")
        worst, best = ordered.iloc[0], ordered.iloc[-1]
        rows.append(
            {
                "metric": known.label,
                "worst": worst[PLACE],
                "value": formats.rate(worst["value"], worst["n"]),
                "n": formats.count(worst["n"]),
                "best": f"{best[PLACE]} {formats.rate(best['value'], best['n'])}",
            }
        )
    labels = {
        "metric": "Outcome",
        "worst": "Worst site",
        "value": "There",
        "n": "n",
        "best": "Best site",
    }
    return packs.Part("Where not?", pd.DataFrame(rows, columns=list(labels)), labels, {})


def ahead(metrics: Sequence[str], chosen: filters.Filters) -> packs.Part:
    """What is open already, whatever the period: lines not due yet and lines overdue."""
    rows = []
    for name in metrics:
        where = filters.for_metric(name, chosen).where
        pending = int(queries.measure(name, where=where)["pending"].sum())
        if pending:
            label = queries.catalogue()[name].label
            rows.append({"what": f"{label}: not due yet", "n": formats.count(pending)})
    if not cards.without("backorder_age", chosen.where):
        late = int(queries.measure("backorder_age", where=chosen.where)["n"].sum())
        rows.append({"what": "Order lines open and overdue", "n": formats.count(late)})
    labels = {"what": "What is open", "n": "n"}
    return packs.Part("What comes next?", pd.DataFrame(rows, columns=list(labels)), labels, {})
