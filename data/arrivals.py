"""Which files the caller hands in: named, or found in a folder."""

from collections.abc import Sequence
from pathlib import Path

from data.errors import UserError
from data.lake import Entry
from data.report import LoadReport

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".xlsx")


def files_of(paths: Sequence[Path | str]) -> list[tuple[Path, bool]]:
    """Return the files of the paths, and whether each was named itself.

    Raises
    ------
    UserError
        Where there is no such path, or a folder holds no file that is read.
    """
    files: list[tuple[Path, bool]] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if _is_read(one))
            if not inside:
                raise UserError(f"{path} holds no file to load ({', '.join(SUFFIXES)})")
            files += [(one, False) for one in inside]
        elif path.is_file():
            files.append((path, True))
        else:
            raise UserError(f"there is no file or folder {path}")
    return files


def _is_read(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in SUFFIXES and not _is_hidden(path)


def _is_hidden(path: Path) -> bool:
    """Whether a file is none of the client's: hidden, or Excel's mark of an open workbook."""
    return path.name.startswith((".", "~$"))


def passed_over(paths: Sequence[Path | str]) -> list[LoadReport]:
    """Say of the folders' other files and folders that nothing was done with them."""
    reports = []
    for folder in filter(Path.is_dir, map(Path, paths)):
        for one in sorted(folder.iterdir()):
            if _is_read(one) or _is_hidden(one):
                continue
            reason = f"it is none of {', '.join(SUFFIXES)}"
            if one.is_dir():
                reason = "it is a folder; name it to load its files"
            entry = Entry("", 0, "refused", one.name, "", "", "", "", "", reason=reason)
            reports.append(LoadReport("skipped", entry, f"{one.name}: passed over, {reason}"))
    return reports
