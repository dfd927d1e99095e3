"""What a file's bytes say before anything is parsed: kind, encoding, line ends, irregularities.

One pass in pieces, so that memory does not grow with the file.
"""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from data.errors import UserError

PIECE_BYTES = 1 << 23
LONGEST_LINE_BYTES = 1 << 24

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls); save it as .xlsx or CSV"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"7z\xbc\xaf", "compressed with 7-Zip; unpack it first"),
    (b"%PDF", "a PDF"),
)


@dataclass
class Survey:
    """Facts about the bytes of a delimited file.

    Parameters
    ----------
    encoding
        How the bytes become text; `has_mark` if a byte order mark says so.
    is_utf8
        Whether all bytes are valid UTF-8.
    n_lines
        Number of physical lines; an unfinished last line counts.
    is_regular
        Whether DuckDB may read the bytes as they are: UTF-8, one kind of line end, and no line
        with an odd number of quotes, so that every line is one record.
    has_padding
        Whether blanks may stand around values.
    is_cut
        Whether the last line has no end, as in a file that was cut off (and in many that were not).
    """

    encoding: str = "utf-8"
    has_mark: bool = False
    is_utf8: bool = True
    n_lines: int = 0
    has_odd_quotes: bool = False
    has_padding: bool = False
    n_lf: int = 0
    n_crlf: int = 0
    n_cr: int = 0
    is_cut: bool = False

    @property
    def line_end(self) -> str:
        """The line end that most lines have."""
        counts = {"\r\n": self.n_crlf, "\n": self.n_lf - self.n_crlf, "\r": self.n_cr - self.n_crlf}
        return max(counts, key=lambda end: counts[end]) if self.n_lf or self.n_cr else "\n"

    def is_odd_end(self, line: str) -> bool:
        """Whether a line ends otherwise than the lines of the file: it may be part of one."""
        if not (self.n_lf and self.n_cr - self.n_crlf):
            return False
        odd = "\n" if self.line_end == "\r" else "\r"
        return line.endswith(odd) and not line.endswith("\r\n")

    @property
    def is_regular(self) -> bool:
        """Whether DuckDB may read the bytes as they are."""
        one_line_end = self.n_cr == self.n_crlf and self.n_crlf in (0, self.n_lf)
        return (
            self.encoding == "utf-8" and self.is_utf8 and one_line_end and not self.has_odd_quotes
        )


def sha256(path: Path) -> str:
    """Return the digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def kind_of(path: Path) -> str:
    """Tell from its first bytes what a file is: "text", "parquet" or "workbook".

    Raises
    ------
    UserError
        Where the file is empty or nothing that can hold a table, naming what it is.
    """
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise UserError(f"{path.name} is empty (0 bytes)")
    for magic, what in _NOT_TABLES:
        if head.startswith(magic):
            raise UserError(f"{path.name} is {what}")
    if head.startswith(b"PAR1"):
        return "parquet"
    return "workbook" if head.startswith(b"PK") else "text"


def survey(path: Path, encoding: str | None = None) -> Survey:
    """Look over a delimited file.

    Parameters
    ----------
    path
        The file.
    encoding
        What the mapping says; without it the bytes decide.

    Raises
    ------
    UserError
        Where the file holds NUL bytes, endless lines or a mix of encodings.
    """
    found = Survey()
    with path.open("rb") as stream:
        found.encoding, found.has_mark = _declared_encoding(stream.read(4096))
        if encoding:
            found.encoding = codecs.lookup(encoding).name
        stream.seek(0)
        if found.encoding.startswith(("utf-16", "utf-32")):
            return found
        checker = codecs.getincrementaldecoder("utf-8")()
        for piece in _whole_lines(stream, path.name):
            _look_at(piece, found, path.name)
            found.is_utf8 = found.is_utf8 and _is_valid(checker, piece)
    if not found.is_utf8 and not encoding:
        found.encoding = _single_byte_encoding(path)
    return found


def blank_lines(path: Path) -> list[int]:
    """Return the numbers of the lines without a character, in a file whose lines end with LF."""
    found: list[int] = []
    n_before = 0
    with path.open("rb") as stream:
        for piece in _whole_lines(stream, path.name):
            letters = np.frombuffer(piece, dtype=np.uint8)
            ends = np.flatnonzero(letters == ord("\n"))
            starts = np.concatenate(([0], ends[:-1] + 1))[: len(ends)]
            lengths = ends - starts
            is_blank = (lengths == 0) | ((lengths == 1) & (letters[starts] == ord("\r")))
            found += (np.flatnonzero(is_blank) + n_before + 1).tolist()
            n_before += len(ends)
    return found


def _declared_encoding(head: bytes) -> tuple[str, bool]:
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, True
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 5:
        return ("utf-16-le" if odd > even else "utf-16-be"), False
    return "utf-8", False


def _whole_lines(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the stream in pieces that end at a line end, the last as it comes."""
    rest = b""
    while read := stream.read(PIECE_BYTES):
        piece = rest + read
        cut = max(piece.rfind(b"\n"), piece.rfind(b"\r", 0, len(piece) - 1)) + 1
        if cut == 0 and len(piece) > LONGEST_LINE_BYTES:
            raise UserError(f"{name} has a line of over {LONGEST_LINE_BYTES >> 20} MB: not a table")
        rest = piece[cut:]
        if cut:
            yield piece[:cut]
    if rest:
        yield rest


def _look_at(piece: bytes, found: Survey, name: str) -> None:
    if (nul := piece.find(0)) >= 0:
        line = found.n_lines + 1 + piece.count(b"\n", 0, nul)
        raise UserError(f"{name} line {line} holds a NUL byte: not a text file")
    n_lf = piece.count(b"\n")
    n_cr = piece.count(b"\r") if b"\r" in piece else 0
    n_crlf = piece.count(b"\r\n") if n_cr else 0
    found.has_padding = found.has_padding or b" " in piece or b"\t" in piece or b"\xa0" in piece
    if b'"' in piece and not found.has_odd_quotes:
        found.has_odd_quotes = _has_odd_quotes(piece)
    found.n_lines += n_lf + (n_cr - n_crlf) + (not piece.endswith((b"\n", b"\r")))
    found.is_cut = not piece.endswith((b"\n", b"\r"))
    found.n_lf += n_lf
    found.n_cr += n_cr
    found.n_crlf += n_crlf


def _has_odd_quotes(piece: bytes) -> bool:
    letters = np.frombuffer(piece, dtype=np.uint8)
    quotes = np.flatnonzero(letters == ord('"'))
    ends = np.flatnonzero(letters == ord("\n"))
    per_line = np.bincount(np.searchsorted(ends, quotes), minlength=1)
    return bool((per_line % 2).any())


def _is_valid(checker: codecs.IncrementalDecoder, piece: bytes) -> bool:
    if piece.isascii():
        return True
    try:
        checker.decode(piece, final=True)
    except UnicodeDecodeError:
        return False
    return True


def _single_byte_encoding(path: Path) -> str:
    """Decide between the one-byte encodings, or refuse a mix.

    Bytes 0x80-0x9F are letters in cp1252 and control characters in latin-1, which no table holds;
    elsewhere the two agree. So it is cp1252 unless a byte has no meaning there.
    """
    as_utf8, as_other = 0, 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                as_utf8 = as_utf8 or number
            except UnicodeDecodeError:
                as_other = as_other or number
                _require_cp1252(line, number, path.name)
    if as_utf8 and as_other:
        raise UserError(
            f"{path.name} mixes encodings: line {as_utf8} is UTF-8 and line {as_other} is not; "
            "save it in one encoding, or say in a mapping which one: encoding = 'cp1252'"
        )
    return "cp1252"


def _require_cp1252(line: bytes, number: int, name: str) -> None:
    try:
        line.decode("cp1252")
    except UnicodeDecodeError as failure:
        raise UserError(
            f"{name} line {number} holds the byte 0x{line[failure.start]:02X}, which is neither "
            "UTF-8 nor Windows text; say in a mapping: encoding = '...'"
        ) from None
