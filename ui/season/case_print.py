"""The case of a business unit on one page of paper."""

import io
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from ui import exports, formats, packs
from ui.season.case import Case, assumptions, lost, sentence

AMBER, ACCENT = colors.HexColor("#B86E00"), colors.HexColor("#0B5CAD")
SEASONS_IN_PRINT, ITEMS_IN_PRINT = 6, 5
LABEL = 95
"""Room for the name of a season beside its bars [points]."""


def to_pdf(case: Case, currency: str, provenance: exports.Provenance) -> bytes:
    """Write the case: the sentence, four figures, bars by season, the items, the assumptions."""
    packs.fonts()
    page = io.BytesIO()
    document = SimpleDocTemplate(
        page,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=16 * mm,
        title=f"The case for {case.unit}",
        invariant=True,
    )
    flow: list[Flowable] = [
        _text(f"The case for {case.unit}", 18, bold=True),
        Spacer(1, 3 * mm),
        _text(sentence(case, currency), 11),
        Spacer(1, 4 * mm),
        _figures(case, currency, document.width),
        Spacer(1, 5 * mm),
        _text("Lost to misallocation: as it was, and with the tool in shadow", 11, bold=True),
        Spacer(1, 2 * mm),
        _bars(case, currency, document.width),
        Spacer(1, 4 * mm),
        _text("Where most would have been saved", 11, bold=True),
        Spacer(1, 1.5 * mm),
        _items(case, currency, document.width),
        Spacer(1, 4 * mm),
        _text("What this takes for granted", 11, bold=True),
        Spacer(1, 1.5 * mm),
        *(_text(f"\u2022 {line}", 8.5) for line in assumptions(case)),
        Spacer(1, 4 * mm),
        _text(
            "; ".join(f"{name} {text}" for name, text in provenance.items().items() if text), 6.5
        ),
    ]
    document.build(flow)
    return page.getvalue()


def _text(text: str, size: float, *, bold: bool = False) -> Paragraph:
    return Paragraph(escape(text), packs.style(size, bold=bold))


def _figures(case: Case, currency: str, width: float) -> Table:
    told = [
        (formats.money(case.saved, currency), "would have been saved"),
        (lost(case, currency), "lost to misallocation as it was"),
        (
            f"{formats.rate(case.rate('qty_misplaced'), 1000)} \u2192 "
            f"{formats.rate(case.rate('qty_shadow_misplaced'), 1000)}",
            f"error rate, as it was and with the tool; luck "
            f"{formats.rate(case.rate('qty_luck'), 1000)}",
        ),
        (formats.rate(case.better, case.n), f"of {case.n} season-items at least as good"),
    ]
    rows = [
        [_text(value, 13, bold=True) for value, _ in told],
        [_text(said, 7.5) for _, said in told],
    ]
    table = Table(rows, colWidths=[width / len(told)] * len(told))
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.6, packs.RULE),
                ("LINEBEFORE", (1, 0), (-1, -1), 0.3, packs.RULE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _bars(case: Case, currency: str, width: float) -> Drawing:
    """Two bars per season, the newest last."""
    rows = case.seasons.tail(SEASONS_IN_PRINT).to_dict("records")
    most = max(
        [row["cost_misallocated"] for row in rows]
        + [row["cost_shadow_misallocated"] for row in rows]
    )
    height = 30.0 * len(rows)
    drawing = Drawing(width, height)
    scale = (width - LABEL - 70) / max(most, 1e-9)
    for place, row in enumerate(rows):
        top = height - 30 * place
        drawing.add(
            String(0, top - 14, str(row["season_id"])[:20], fontName=packs.FONT, fontSize=8)
        )
        for shift, name, colour in (
            (12, "cost_misallocated", AMBER),
            (24, "cost_shadow_misallocated", ACCENT),
        ):
            length = max(float(row[name]) * scale, 0.5)
            drawing.add(Rect(LABEL, top - shift, length, 9, fillColor=colour, strokeColor=None))
            said = formats.money(float(row[name]), currency)
            drawing.add(
                String(LABEL + length + 4, top - shift + 2, said, fontName=packs.FONT, fontSize=7.5)
            )
    return drawing


def _items(case: Case, currency: str, width: float) -> Table:
    best = case.items.sort_values("cost_saved", ascending=False).head(ITEMS_IN_PRINT)
    head = ["Item", "Season", f"Saved, {currency}", "Misallocated units", "with the tool"]
    body = [
        [
            str(row["description"])[:60],
            str(row["season_id"]),
            formats.count(row["cost_saved"]),
            formats.count(row["qty_misallocated"]),
            formats.count(row["qty_shadow_misallocated"]),
        ]
        for row in best.to_dict("records")
    ]
    cells = [
        [_text(cell, 7.5, bold=place == 0) for cell in row]
        for place, row in enumerate([head, *body])
    ]
    table = Table(cells, colWidths=[width * part for part in (0.36, 0.19, 0.15, 0.15, 0.15)])
    table.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.3, packs.RULE)]))
    return table
