"""The supplier pack: its tables from the same metrics as the pages, as XLSX and as PDF."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import reportlab
from pandas.api.types import is_numeric_dtype
from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    CondPageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from ui import exports

ROWS_IN_PRINT = 40
"""Rows of a table on paper; the workbook has them all."""

FONT, BOLD = "Vera", "VeraBd"
QUIET = colors.HexColor("#5B6673")
RULE = colors.HexColor("#D3DAE2")


@dataclass(frozen=True)
class Part:
    """One table of a pack.

    Attributes
    ----------
    title
        Its heading, and the name of its sheet.
    rows
        All rows, in the order in which they are read.
    labels
        Column -> heading, in order; other columns are in the workbook only.
    write
        Column -> how a cell reads on paper.
    shares
        Columns that are shares: per cent in the workbook, where the number itself stays.
    note
        What stands under the heading on paper.
    in_print
        Rows on paper; where there are more, it says so.
    """

    title: str
    rows: pd.DataFrame
    labels: dict[str, str]
    write: dict[str, Callable[..., str]]
    shares: tuple[str, ...] = ()
    note: str = ""
    in_print: int = ROWS_IN_PRINT


def to_xlsx(parts: list[Part], provenance: exports.Provenance) -> bytes:
    """Write each part to a sheet of its own, with what the pack holds on the first.

    Text that a spreadsheet would run as a formula is made harmless.
    """
    book = io.BytesIO()
    about = pd.DataFrame(provenance.items().items(), columns=["what", "value"])
    with pd.ExcelWriter(book, engine="xlsxwriter", datetime_format="d mmm yyyy") as writer:
        per_cent = writer.book.add_format({"num_format": "0.0 %"})
        exports.safe(about).to_excel(writer, sheet_name="About", index=False)
        for part in parts:
            rows = part.rows[list(part.labels)].rename(columns=part.labels)
            sheet = part.title[:31]
            exports.safe(rows).to_excel(writer, sheet_name=sheet, index=False)
            writer.sheets[sheet].freeze_panes(1, 1)
            writer.sheets[sheet].autofit(max_width=320)
            for place, name in enumerate(part.labels):
                if name in part.shares:
                    writer.sheets[sheet].set_column(place, place, 10, per_cent)
    return book.getvalue()


def to_pdf(
    title: str, parts: list[Part], provenance: exports.Provenance, heads: Sequence[str] = ()
) -> bytes:
    """Write the pack for print: A4 across, heads repeated, what it holds on every page.

    Parameters
    ----------
    heads
        Lines under the title.
    """
    fonts()
    page = io.BytesIO()
    document = SimpleDocTemplate(
        page,
        pagesize=landscape(A4),
        leftMargin=14 * mm,
        rightMargin=14 * mm,
        topMargin=14 * mm,
        bottomMargin=16 * mm,
        title=title,
        invariant=True,
    )
    footer = "; ".join(f"{name} {value}" for name, value in provenance.items().items())
    flow = [Paragraph(escape(title), style(18, bold=True)), Spacer(1, 2 * mm)]
    flow += [Paragraph(escape(line), style(9)) for line in heads]
    flow.append(Spacer(1, 4 * mm))
    for part in parts:
        # A heading never stands alone at the foot of a page.
        flow += [CondPageBreak(30 * mm), Paragraph(escape(part.title), style(12, bold=True))]
        flow += [Paragraph(escape(part.note), style(8))] if part.note else []
        flow += [Spacer(1, 1.5 * mm), _table(part, document.width), *_rest(part)]
        flow.append(Spacer(1, 5 * mm))

    def foot(canvas, template) -> None:  # type: ignore[no-untyped-def]
        canvas.saveState()
        canvas.setFont(FONT, 6.5)
        canvas.setFillColor(QUIET)
        canvas.drawString(14 * mm, 9 * mm, footer[:210])
        canvas.drawRightString(landscape(A4)[0] - 14 * mm, 9 * mm, str(template.page))
        canvas.restoreState()

    document.build(flow, onFirstPage=foot, onLaterPages=foot)
    return page.getvalue()


def _rest(part: Part) -> list[Paragraph]:
    """Say how many rows are not on paper."""
    rest = len(part.rows) - part.in_print
    return [Paragraph(f"And {rest:,} more, in the workbook.", style(7.5))] if rest > 0 else []


def _table(part: Part, width: float) -> Table | Paragraph:
    """One part on paper; a part without rows says so."""
    if part.rows.empty:
        return Paragraph("None.", style(8))
    shown = part.rows.head(part.in_print)
    sides = {name: is_numeric_dtype(part.rows[name]) for name in part.labels}
    head = [
        Paragraph(escape(label), style(7.5, bold=True, right=sides[name]))
        for name, label in part.labels.items()
    ]
    body = [
        [
            Paragraph(escape(_cell(part, name, row[name])), style(7.5, right=sides[name]))
            for name in part.labels
        ]
        for row in shown.to_dict("records")
    ]
    table = Table([head, *body], colWidths=_widths(part, shown, width), repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, QUIET),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
    )
    return table


def _widths(part: Part, shown: pd.DataFrame, width: float) -> list[float]:
    """Share the width out by the longest cell of each column, within bounds."""
    longest = [
        min(max(len(label), *(len(_cell(part, name, cell)) for cell in shown[name])), 40) + 2
        for name, label in part.labels.items()
    ]
    return [width * size / sum(longest) for size in longest]


def _cell(part: Part, name: str, value: object) -> str:
    if name in part.write:
        return part.write[name](value)
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def style(size: float, *, bold: bool = False, right: bool = False) -> ParagraphStyle:
    font = BOLD if bold else FONT
    return ParagraphStyle(
        f"{font}{size}",
        fontName=font,
        fontSize=size,
        leading=size * 1.25,
        alignment=TA_RIGHT if right else TA_LEFT,
    )


def fonts() -> None:
    """Register the free fonts that come with the library: the built-in ones know Latin-1 only."""
    folder = Path(reportlab.__path__[0]) / "fonts"
    for name in (FONT, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
