"""Made-up exports of the kinds that clients send: SAP ME2N, NetSuite, and a sheet kept by hand."""

from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

N = 40
FIRST = date(2026, 3, 2)


def me2n(folder: Path) -> Path:
    """Write open purchase orders as SAP exports them: preamble, German, cp1252, decimal commas."""
    lines = ["Einkaufsbelege zur Bestellung", "Stand 01.05.2026 07:15:22", ""]
    names = (
        "Einkaufsbeleg", "Position", "Belegdatum", "Lieferant", "Material", "Kurztext",
        "Warengruppe", "Werk", "Bestellmenge", "BME", "Nettopreis", "Währung", "Liefertermin",
        "Löschkennzeichen",
    )  # fmt: skip
    lines.append("\t".join(names))
    for n in range(N):
        day = FIRST + timedelta(days=n)
        cells = (
            f"45000{n // 2:05d}", f"{(n % 2 + 1) * 10:05d}", f"{day:%d.%m.%Y}", f"1000{n % 5:02d}",
            f"000123{n % 7}", f"Hülse {n % 7}", "HYDR", f"{1000 + n % 2}",
            f"{n * 125 + 1000:,}".replace(",", ".") + ",000", "ST", f"{n + 3},5{n % 10}", "EUR",
            f"{day + timedelta(days=14):%d.%m.%Y}", "",
        )  # fmt: skip
        lines.append("\t".join(cells))
    path = folder / "ME2N_EXPORT.TXT"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


def netsuite(folder: Path) -> Path:
    """Write sales orders as a saved search of NetSuite gives them: US dates, quoted numbers."""
    names = (
        "Internal ID,Document Number,Line ID,Date,Name,Item,Location,Quantity,"
        "Quantity Fulfilled,Item Rate,Requested Ship Date,Status,Memo"
    )
    lines = [names]
    for n in range(N):
        day = FIRST + timedelta(days=n)
        due = day + timedelta(days=3)
        quantity = f'"{n * 100:,}"' if n * 100 > 999 else f"{n * 100 + 5}"
        lines.append(
            f"{9000 + n},SO{7000 + n // 2},{n % 2 + 1},{day.month}/{day.day}/{day.year},"
            f'"{100 + n % 6} Acme, Inc.",AX-{n % 9}00,Memphis DC,{quantity},0,'
            f"{10 + n}.99,{due.month}/{due.day}/{due.year},Pending Fulfillment,"
        )
    path = folder / "SalesOrders-Results812.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def hand_kept(folder: Path) -> Path:
    """Write a workbook with a title, merged headers in two rows and a note beneath the table."""
    path = folder / "Auftragsliste Werk Nord.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Aufträge")
    days = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.merge_range(0, 0, 0, 6, "Auftragsliste 2026 - bitte nicht sortieren!")
    for column, title in enumerate(("Auftrag", "Pos", "Kunde", "Artikel")):
        sheet.merge_range(2, column, 3, column, title)
    sheet.merge_range(2, 4, 2, 5, "Bestellt")
    sheet.write(3, 4, "Datum")
    sheet.write(3, 5, "Menge")
    sheet.merge_range(2, 6, 2, 7, "Wunsch")
    sheet.write(3, 6, "Termin")
    sheet.write(3, 7, "Bemerkung")
    for n in range(N):
        day = FIRST + timedelta(days=n)
        sheet.write_string(4 + n, 0, f"A{n // 2:04d}")
        sheet.write_number(4 + n, 1, n % 2 + 1)
        sheet.write_string(4 + n, 2, f"Kunde {n % 4}")
        sheet.write_string(4 + n, 3, f"00{n % 8}7")
        sheet.write_datetime(4 + n, 4, _at(day), days)
        sheet.write_number(4 + n, 5, n + 1)
        sheet.write_datetime(4 + n, 6, _at(day + timedelta(days=5)), days)
        sheet.write_string(4 + n, 7, "dringend" if n == 3 else "")
    sheet.write_string(5 + N, 0, "Summe")
    sheet.write_number(5 + N, 5, N * (N + 1) // 2)
    book.add_worksheet("Notizen").write_string(0, 0, "alte Zahlen liegen bei Herrn M.")
    book.close()
    return path


def monthly(folder: Path) -> Path:
    """Write demand with months in columns."""
    months = [f"{month:02d}.2026" for month in range(1, 7)]
    rows = [f"I{n};Nord;" + ";".join(str(n + i) for i in range(6)) for n in range(10)]
    rows[3] = "I3;Nord;3;;5;6;7;8"
    path = folder / "Verbrauch je Monat.csv"
    path.write_text("Artikel;Werk;" + ";".join(months) + "\n" + "\n".join(rows) + "\n")
    return path


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  a sheet has local days
