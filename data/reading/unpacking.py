"""A look at what the parts of a workbook really unpack to, before anything is parsed.

A workbook is a zip of XML: a few kilobytes can unpack to gigabytes, and one cell in the far corner
makes readers allocate the whole sheet. So the parts are unpacked once in pieces and counted
against limits. Cells with errors are noted on the way.
"""

import re
import zipfile
import zlib
from pathlib import Path
from typing import NoReturn

from data.errors import UserError
from data.reading.source import UNCALCULATED

MOST_BYTES = 150 << 20
MOST_RATIO = 400
MOST_CELLS = 3_000_000
MOST_TEXT_BYTES = 200 << 20
EMPTY_CELLS_PER_CELL = 200
PIECE_BYTES = 1 << 20
_CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_WHOLE_CELL = re.compile(rb"<c(?= )([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_VALUE = re.compile(rb"<v[^>]*>([^<]*)</v>")
_SHARED_CELL = re.compile(rb'\bt="s"[^>]*><v>([0-9]{1,9})</v>')


def inspect(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """Unpack every part of a workbook in pieces and refuse it if it is none or too much.

    Returns
    -------
    dict
        Part of a sheet -> row, column and text of cells with an error or a formula that was never
        calculated.

    Raises
    ------
    UserError
        Telling which limit it breaks: size, cells, repeated texts, or a cell far away.
    """
    most = min(MOST_BYTES, max(path.stat().st_size * MOST_RATIO, 10 << 20))
    try:
        with zipfile.ZipFile(path) as parts:
            names = sorted(parts.namelist(), key=lambda name: "sharedStrings" not in name)
            look = _Look(path.name, most)
            for name in names:
                look.start(name)
                with parts.open(name) as stream:
                    while piece := stream.read(PIECE_BYTES):
                        look.at(piece)
                look.end()
            return look.errors
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError) as failure:
        raise UserError(f"{path.name} is not a readable workbook: {failure}") from None


class _Look:
    """Counts what the parts of a workbook would become, and stops at the first limit."""

    def __init__(self, file_name: str, most_bytes: int) -> None:
        self.file_name, self.most_bytes = file_name, most_bytes
        self.n_bytes = self.n_cells = self.n_text_bytes = 0
        self.text_lengths: list[int] = []
        self.errors: dict[str, list[tuple[int, int, str]]] = {}

    def start(self, part: str) -> None:
        self.part = part
        self.is_sheet = part.startswith("xl/worksheets/")
        self.is_texts = "sharedStrings" in part
        self.sheet_cells = self.n_rows = self.n_columns = self.open_text = 0
        self.rest = b""

    def at(self, piece: bytes) -> None:
        self.n_bytes += len(piece)
        if self.n_bytes > self.most_bytes:
            self._refuse(f"unpacks to over {self.most_bytes >> 20} MB; save the table as CSV")
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            self._refuse("defines XML entities; no workbook does")
        if self.is_texts:
            *closed, still_open = piece.split(b"</si>")
            for text in closed:
                self.text_lengths.append(self.open_text + len(text))
                self.open_text = 0
            self.open_text += len(still_open)
        elif self.is_sheet:
            cut = max(piece.rfind(b"<c "), piece.rfind(b"<c>"), 0)
            self._cells(self.rest + (piece[:cut] if cut else piece))
            self.rest = piece[cut:] if cut else b""

    def end(self) -> None:
        if not self.is_sheet:
            return
        self._cells(self.rest)
        area = self.n_rows * self.n_columns
        if area > max(100_000, self.sheet_cells * EMPTY_CELLS_PER_CELL):
            self._refuse(
                f"has {self.sheet_cells:,} cells spread over {self.n_rows:,} rows and "
                f"{self.n_columns:,} columns; remove what stands far away from the table"
            )

    def _cells(self, xml: bytes) -> None:
        n_cells = xml.count(b"<c ") + xml.count(b"<c>")
        self.n_cells += n_cells
        self.sheet_cells += n_cells
        if b't="e"' in xml or b"<f" in xml:
            self._errors(xml)
        for letters, row in _CELL.findall(xml):
            self.n_columns = max(self.n_columns, _column(letters))
            self.n_rows = max(self.n_rows, int(row))
        for shared in map(int, _SHARED_CELL.findall(xml)):
            if shared < len(self.text_lengths):
                self.n_text_bytes += self.text_lengths[shared]
        if self.n_cells > MOST_CELLS:
            self._refuse(f"has over {MOST_CELLS:,} cells; save the table as CSV")
        if self.n_text_bytes > MOST_TEXT_BYTES:
            self._refuse(f"repeats long texts to over {MOST_TEXT_BYTES >> 20} MB")

    def _errors(self, xml: bytes) -> None:
        """Note cells whose value is an error, and formulas without a value."""
        for attributes, inside in _WHOLE_CELL.findall(xml):
            value = _VALUE.search(inside)
            text = value[1].decode("utf-8", "replace") if value else ""
            if b't="e"' not in attributes:
                if b"<f" not in inside or text or b't="str"' in attributes:
                    continue
                text = UNCALCULATED
            place = _CELL.search(attributes)
            if place is None:
                self._refuse(f"has {text} in a cell without an address; open and save it in Excel")
            there = (int(place[2]), _column(place[1]), text or UNCALCULATED)
            self.errors.setdefault(self.part, []).append(there)

    def _refuse(self, why: str) -> NoReturn:
        raise UserError(f"{self.file_name} {why}")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
