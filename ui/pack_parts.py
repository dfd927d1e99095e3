"""The supplier pack to take along: its tables, as a workbook and in print, made when asked for."""

import pandas as pd
import streamlit as st

from ui import actions, filters, formats, open_lines, packs, promises, queries, suppliers
from ui import since_review as review
from ui import supplier_pack as pack

DAY = formats.day


def rate(value: float) -> str:
    """Write a share on paper with a decimal; its n stands beside it."""
    return "" if formats.is_missing(value) else formats.rate(value, 1000)


def downloads(chosen: filters.Filters, supplier: str, lines: pd.DataFrame) -> None:
    """Offer the pack as a workbook and in print; each is made when it is asked for."""
    about = queries.provenance(
        [*review.COMPARED, "lead_time_days", "supplier_score"],
        f"{chosen.said()}; supplier {supplier}",
    )
    made: list[packs.Part] = []

    def parts() -> list[packs.Part]:
        if not made:
            made.extend(parts_of(chosen, supplier, lines))
        return made

    name = f"supplier-{supplier}-{about.build_id}"
    with st.container(horizontal=True):
        st.download_button(
            "Pack for print (PDF)",
            lambda: packs.to_pdf(f"Supplier {supplier}", parts(), about, heads(chosen, supplier)),
            f"{name}.pdf",
            "application/pdf",
            icon=":material/print:",
            on_click="ignore",
        )
        st.download_button(
            "Pack (XLSX)",
            lambda: packs.to_xlsx(parts(), about),
            f"{name}.xlsx",
            icon=":material/table_view:",
            on_click="ignore",
        )


def heads(chosen: filters.Filters, supplier: str) -> list[str]:
    """What stands under the title: name, client, time, reviews, and what is not known."""
    listed = queries.ask("supplier_list").set_index("supplier_id")
    client = queries.agreed().client
    told = [
        str(listed["supplier_name"].get(supplier, supplier)),
        f"{f'{client}; ' if client else ''}{chosen.period}; as of {DAY(chosen.as_of)}",
        actions.reviews_said(supplier),
    ]
    if not promises.has_history():
        told.append("One date a line is known: how promises moved cannot be said.")
    if not pack.knows_needs():
        told.append("Builds and customer orders are not known: what is held up cannot be said.")
    return told


def parts_of(chosen: filters.Filters, supplier: str, lines: pd.DataFrame) -> list[packs.Part]:
    """The tables of the pack; what nothing is known of is left out."""
    parts = [*_performance(chosen, supplier), *_lines(chosen, supplier, lines)]
    if promises.has_history():
        labels = {
            "po_line_id": "PO line",
            "recorded_date": "Recorded",
            "promised_date": "Promised for",
            "initiated_by": "By",
            "reason": "Reason",
        }
        moved = suppliers.moved(lines).reindex(columns=list(labels))
        write = dict.fromkeys(("recorded_date", "promised_date"), DAY)
        parts.append(packs.Part("Promises as they moved", moved, labels, write))
    return parts


def _performance(chosen: filters.Filters, supplier: str) -> list[packs.Part]:
    """What is agreed, what has changed, lead time and score."""
    compared = review.rows(chosen, supplier, actions.last_review(supplier))
    return [
        packs.Part(
            "Agreed actions",
            actions.actions(supplier),
            {
                "what": "Action",
                "owner": "Owner",
                "due": "Due",
                "state": "Status",
                "closed_by": "Closed by",
            },
            {"due": DAY},
        ),
        packs.Part(
            "Since the last review",
            compared,
            {
                "metric": "Measure",
                "now": "Now",
                "n": "n",
                "before": "Before",
                "n_before": "n before",
                "change": "Change",
                "verdict": "Verdict",
            },
            {"now": rate, "before": rate, "change": review.change},
            shares=("now", "before", "change"),
            note=review.said(compared),
        ),
        packs.Part(
            "Lead time, calendar days",
            pack.lead_time_rows(chosen, supplier),
            {
                "lead_time_basis": "Basis",
                "value": "Mean",
                "p50": "P50",
                "p90": "P90",
                "cv": "CV",
                "n": "Lines",
            },
            dict.fromkeys(("value", "p50", "p90"), suppliers.days) | {"cv": pack.spread},
        ),
        packs.Part(
            "Parts of the score",
            queries.ask("supplier_parts", supplier=supplier),
            {"part": "Part", "points": "Points", "weight": "Weight", "rate": "Rate", "n": "Lines"},
            {"points": suppliers.points, "rate": rate, "weight": formats.count},
            shares=("rate",),
        ),
    ]


def _lines(chosen: filters.Filters, supplier: str, lines: pd.DataFrame) -> list[packs.Part]:
    """Open lines at risk, the worst of those that fell due, and what they block."""
    risks = open_lines.at_risk(chosen.where | {"supplier_id": [supplier]})
    worst = lines[lines["status"].isin(["late", "short"])].sort_values("days_late", ascending=False)
    shown = [one for one in open_lines.RISK_COLUMNS if one.name not in ("supplier_id", "item_id")]
    parts = [
        packs.Part(
            "Open lines at risk",
            risks,
            {one.name: one.label for one in shown if one.name in risks},
            {one.name: one.write for one in shown if one.write},
            shares=("need_probability",),
        ),
        packs.Part(
            "Worst lines",
            worst,
            {
                "po_line_id": "PO line",
                "item_id": "Item",
                "description": "Description",
                "due_date": "Due",
                "completed_date": "Complete",
                "status": "Status",
                "days_late": "Working days late",
                "n_slips": "Moved back",
            },
            {"due_date": DAY, "completed_date": DAY}
            | dict.fromkeys(("days_late", "n_slips"), formats.count),
        ),
    ]
    if pack.knows_needs():
        parts.append(
            packs.Part(
                "What it blocks",
                pack.blocks(chosen, supplier),
                {
                    "blocked_id": "Blocked",
                    "blocked": "Kind",
                    "state": "Status",
                    "days_held": "Days",
                    "missed_date": "Needed",
                    "item_id": "Item",
                    "po_line_id": "By PO line",
                },
                {"missed_date": DAY},
            )
        )
    return parts
