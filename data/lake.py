"""The lake: accepted rows, rejects and the ledger that says which loads exist.

    raw/<feed>/<load_id>.parquet    accepted rows, never changed
    rejects/<load_id>.parquet       every row that was not accepted, with its reason
    ledger/<seq>-<load_id>.json     the commit point: a load exists only with its entry

Everything is written aside, then renamed; the ledger entry comes last. Whoever writes holds
`locked(warehouse)`.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from filelock import FileLock, Timeout

from data.errors import UserError

LOCK_SECONDS = 600


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: what became of one file for one feed.

    Parameters
    ----------
    load_id
        Content address: the same bytes, mapping, feed and contract give the same.
    seq
        Order of the entries, from 1.
    status
        "loaded" or "refused".
    file, file_sha256, mapping, mapping_sha256, feed
        What was loaded as what; mapping "" is none, feed "" is a file refused before it was known.
    loaded_at
        UTC, ISO.
    rows_in, rows_accepted, rows_rejected
        rows_in = rows_accepted + rows_rejected.
    n_faults, n_duplicates, n_filtered
        The parts of rows_rejected.
    date_min, date_max
        Range of the feed's date in the accepted rows, ISO; None without dates.
    retires
        Loads that this one replaces: the same bytes under another mapping or feed.
    dialect
        How the file was read.
    reason
        Why it was refused.
    """

    load_id: str
    seq: int
    status: str
    file: str
    file_sha256: str
    mapping: str
    mapping_sha256: str
    feed: str
    loaded_at: str
    rows_in: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    n_faults: int = 0
    n_duplicates: int = 0
    n_filtered: int = 0
    date_min: str | None = None
    date_max: str | None = None
    retires: tuple[str, ...] = ()
    dialect: dict[str, str] = field(default_factory=dict)
    reason: str | None = None


@contextmanager
def locked(warehouse: Path) -> Iterator[None]:
    """Hold the warehouse for writing; readers need no lock.

    Raises
    ------
    UserError
        Where it cannot be a folder, or another process has held it for ten minutes.
    """
    try:
        warehouse.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise UserError(f"the warehouse {warehouse} cannot be made: {failure.strerror}") from None
    try:
        with FileLock(warehouse / ".lock", timeout=LOCK_SECONDS):
            yield
    except Timeout:
        raise UserError(f"{warehouse} is in use by another process; try again later") from None


def check_folder(warehouse: Path) -> None:
    """Refuse a warehouse that is something else than a folder.

    Raises
    ------
    UserError
        Where it is a file.
    """
    if warehouse.exists() and not warehouse.is_dir():
        raise UserError(f"the warehouse {warehouse} is no folder")


def ledger(warehouse: Path) -> list[Entry]:
    """Return every entry of the ledger, in order.

    Raises
    ------
    UserError
        Where the warehouse is no folder, or an entry cannot be read.
    """
    check_folder(warehouse)
    entries = [_entry(path) for path in sorted((warehouse / "ledger").glob("*.json"))]
    return sorted(entries, key=lambda entry: entry.seq)


def _entry(path: Path) -> Entry:
    known = {one.name for one in fields(Entry)}
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told["retires"] = tuple(told.get("retires", ()))
        return Entry(**{key: value for key, value in told.items() if key in known})
    except (ValueError, TypeError, AttributeError):
        raise UserError(
            f"{path} is cut short or damaged; put it back from a copy, or remove it and load the"
            " file again"
        ) from None


def live(entries: Sequence[Entry]) -> list[Entry]:
    """Return the loads that count: the last entry of each, unless a later one retires it."""
    standing: dict[str, Entry] = {}
    for entry in entries:
        if entry.status != "loaded":
            continue
        for load_id in entry.retires:
            standing.pop(load_id, None)
        standing[entry.load_id] = entry
    return sorted(standing.values(), key=lambda entry: entry.seq)


def raw_path(warehouse: Path, feed: str, load_id: str) -> Path:
    """Return where the accepted rows of a load are."""
    return warehouse / "raw" / feed / f"{load_id}.parquet"


def rejects_path(warehouse: Path, load_id: str) -> Path:
    """Return where the rejected rows of a load are."""
    return warehouse / "rejects" / f"{load_id}.parquet"


def live_raw_paths(warehouse: Path) -> dict[str, list[Path]]:
    """Return the Parquet files of the accepted rows that count, by feed, oldest load first."""
    paths: dict[str, list[Path]] = {}
    for entry in live(ledger(warehouse)):
        paths.setdefault(entry.feed, []).append(raw_path(warehouse, entry.feed, entry.load_id))
    return paths


def live_reject_paths(warehouse: Path) -> list[Path]:
    """Return the Parquet files of the rejected rows of the loads that count."""
    return [rejects_path(warehouse, entry.load_id) for entry in live(ledger(warehouse))]


@contextmanager
def workdir(warehouse: Path) -> Iterator[Path]:
    """Give a folder inside the warehouse for files in the making, and remove it afterwards."""
    (warehouse / "tmp").mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=warehouse / "tmp"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def sweep(warehouse: Path) -> None:
    """Remove what a killed run left behind; only under the lock."""
    shutil.rmtree(warehouse / "tmp", ignore_errors=True)
    known = {entry.load_id for entry in ledger(warehouse)}
    for path in [*warehouse.glob("raw/*/*.parquet"), *warehouse.glob("rejects/*.parquet")]:
        if path.stem not in known:
            path.unlink()


def put(made: Path, place: Path) -> None:
    """Move a finished file to its place, durably and at once."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with made.open("rb") as stream:
        os.fsync(stream.fileno())
    made.replace(place)
    _sync_folder(place.parent)


def commit(warehouse: Path, work: Path, entry: Entry) -> None:
    """Write a ledger entry: from here on the load exists."""
    made = work / f"{entry.load_id}.json"
    made.write_text(json.dumps(asdict(entry), indent=1, ensure_ascii=False), encoding="utf-8")
    put(made, warehouse / "ledger" / f"{entry.seq:08d}-{entry.load_id}.json")


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
