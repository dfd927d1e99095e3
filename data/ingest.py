"""Files into the lake: accepted rows, rejects with line, column and reason, and a ledger entry.

`ingest` loads, `preview` shows the same outcome and writes nothing. A bad row is set aside and
counted; a bad file is refused whole. The same bytes twice do nothing.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from data import lake, mappings
from data.arrivals import files_of, passed_over
from data.choose import UnknownFeedError, candidates, confirm
from data.conform import PARQUET, Conformed, Provenance
from data.contract import CONTRACT_VERSION
from data.errors import UserError
from data.evidence import settle_dates
from data.lake import Entry
from data.mapping import Mapping, read_mapping
from data.marks import count_missing, require_names, require_one_reading
from data.reading.file import read_each
from data.reading.source import Source, literal, name
from data.reading.survey import sha256
from data.report import LoadReport, first_rows, reasons, summary

MEMORY_LIMIT = "2GB"


@dataclass(frozen=True)
class _Attempt:
    """One file on its way in: its bytes' digest, what it may hold, and what is in the lake."""

    path: Path
    sha: str
    mapping: Mapping
    entries: list[Entry]
    is_chosen: bool

    def load_id(self, feed: str, label: str = "") -> str:
        """Return the content address of this file, or of one table of it, as that feed."""
        parts = (self.sha, self.mapping.sha256, feed + label, str(CONTRACT_VERSION))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def standing(self) -> list[Entry]:
        """Return what is in the lake of the same bytes."""
        return [entry for entry in lake.live(self.entries) if entry.file_sha256 == self.sha]

    def already_loaded(self) -> list[Entry]:
        """Return the loads of this file, if every feed of every table of it is in the lake."""
        feeds = {section.feed.name for section in self.mapping.sections}
        there = [entry for entry in self.standing() if entry.feed in feeds and self._is_mine(entry)]
        n_tables = max((int(entry.dialect.get("sheets", 1)) for entry in there), default=1)
        n_wanted = n_tables * (len(feeds) if self.mapping.is_settled else 1)
        return there if len(there) == n_wanted else []

    def _is_mine(self, entry: Entry) -> bool:
        """Whether a load of the same bytes is what this file would be loaded as again."""
        label = f"[{entry.dialect['sheet']}]" if "sheets" in entry.dialect else ""
        return entry.load_id == self.load_id(entry.feed, label)


def ingest(
    paths: Sequence[Path | str],
    warehouse: Path,
    feed: str | None = None,
    mapping: Path | None = None,
) -> list[LoadReport]:
    """Load files into the lake.

    Parameters
    ----------
    paths
        Files, or folders whose files are loaded in the order of their names.
    warehouse
        Folder of the lake; made if missing.
    feed
        Feed of the files; without it the name of each says, and its header confirms.
    mapping
        Mapping file for files with other columns than ours; a bare name may be that of a mapping
        kept in the warehouse.

    Returns
    -------
    list
        One report per file and feed; a refused file does not stop the others.

    Raises
    ------
    UserError
        For a mistake of the caller: no such path, feed or mapping.
    """
    files = files_of(paths)
    mapping = mappings.named(mapping, warehouse) if mapping else None
    mapped = read_mapping(mapping) if mapping else None
    reports: list[LoadReport] = []
    with lake.locked(warehouse):
        lake.sweep(warehouse)
        if mapping:
            mappings.remember(warehouse, mapping)
        for attempt in _attempts(files, lake.ledger(warehouse), feed, mapped):
            with lake.workdir(warehouse) as work:
                made = _outcomes(attempt, work)
                reports += [_commit(report, attempt, warehouse, work) for report in made]
    return [*reports, *passed_over(paths)]


def preview(
    paths: Sequence[Path | str],
    warehouse: Path,
    feed: str | None = None,
    mapping: Path | None = None,
) -> list[LoadReport]:
    """Return what `ingest` would, with the first accepted and rejected rows, and write nothing."""
    mapped = read_mapping(mappings.named(mapping, warehouse)) if mapping else None
    reports: list[LoadReport] = []
    for attempt in _attempts(files_of(paths), lake.ledger(warehouse), feed, mapped):
        with tempfile.TemporaryDirectory() as work:
            made = _outcomes(attempt, Path(work))
            reports += [_with_rows(report, Path(work)) for report in made]
    return [*reports, *passed_over(paths)]


def _attempts(
    files: list[tuple[Path, bool]], entries: list[Entry], feed: str | None, mapping: Mapping | None
) -> Iterator[_Attempt]:
    for path, is_chosen in files:
        may_hold = candidates(path.name, feed, mapping)
        yield _Attempt(path, sha256(path), may_hold, entries, is_chosen)


def _outcomes(attempt: _Attempt, work: Path) -> list[LoadReport]:
    """Prepare the loads of one file in `work`, or say why there are none."""
    if there := attempt.already_loaded():
        said = f"{attempt.path.name}: the same bytes are already loaded as {{}} ({{}}, {{}} UTC); "
        return [
            LoadReport(
                "already loaded",
                entry,
                said.format(entry.feed, entry.file, entry.loaded_at[:19]) + "nothing done",
            )
            for entry in there
        ]
    try:
        return _prepare(attempt, work)
    except UserError as reason:
        is_no_feed = isinstance(reason, UnknownFeedError) and not attempt.is_chosen
        sections = attempt.mapping.sections
        entry = _entry(attempt, sections[0].feed.name if len(sections) == 1 else "", str(reason))
        return [LoadReport("skipped" if is_no_feed else "refused", entry, str(reason))]


def _entry(attempt: _Attempt, feed: str, refusal: str | None = None, *, label: str = "") -> Entry:
    now = datetime.now(UTC).replace(tzinfo=None)
    if attempt.entries:
        last = datetime.fromisoformat(attempt.entries[-1].loaded_at)
        now = max(now, last + timedelta(microseconds=1))
    return Entry(
        load_id=attempt.load_id(f"refused {refusal}" if refusal else feed, label),
        seq=0,
        status="refused" if refusal else "loaded",
        file=attempt.path.name + label,
        file_sha256=attempt.sha,
        mapping=attempt.mapping.name,
        mapping_sha256=attempt.mapping.sha256,
        feed=feed,
        loaded_at=now.isoformat(timespec="microseconds"),
        reason=refusal,
    )


def _prepare(attempt: _Attempt, work: Path) -> list[LoadReport]:
    """Read the file and write the rows of each feed, accepted and rejected, into `work`."""
    path, mapping = attempt.path, attempt.mapping
    before = path.stat()
    con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(work)})
    try:
        con.execute("SET TimeZone = 'UTC'")
        wanted = [section.needed - mapping.layout.made for section in mapping.sections]
        reports: list[LoadReport] = []
        for source in read_each(con, path, wanted, mapping.layout):
            after = path.stat()
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise UserError(f"{path.name} changed while it was read; try again")
            reports += _tables_of(attempt, source, work)
        return reports
    finally:
        con.close()


def _tables_of(attempt: _Attempt, source: Source, work: Path) -> list[LoadReport]:
    """Write the rows of each feed that one table of the file holds into `work`."""
    at = attempt.path.name + source.label
    mapping = confirm(attempt.mapping, source.header, at, source.dialect.get("header_line", ""))
    if not source.rows_in:
        raise UserError(f"{at} has a header and no rows")
    if not mapping.ignores_other_columns:
        require_names(source, at)
    require_one_reading(source, mapping.sections, at)
    count_missing(source, mapping.sections)
    sections = [settle_dates(source, section, at) for section in mapping.sections]
    return [_write(attempt, Conformed(source, section), work) for section in sections]


def _write(attempt: _Attempt, rows: Conformed, work: Path) -> LoadReport:
    """Write the rows of one feed into `work` and count them there."""
    feed, con, source = rows.feed, rows.con, rows.source
    entry = _entry(attempt, feed.name, label=source.label)
    provenance = Provenance(entry.file, entry.load_id, entry.loaded_at)
    accepted, rejected = _made(work, entry)
    con.execute(f"COPY ({rows.accepted_sql(provenance)}) TO {literal(str(accepted))} ({PARQUET})")
    con.execute(f"COPY ({rows.rejects_sql(provenance)}) TO {literal(str(rejected))} ({PARQUET})")
    dated = name(feed.dated_by) if feed.dated_by else "NULL"
    n_accepted, first, last, n_rejected = con.execute(
        f"SELECT count(*), CAST(min({dated}) AS DATE), CAST(max({dated}) AS DATE), "
        f"(SELECT count(*) FROM read_parquet({literal(str(rejected))})) "
        f"FROM read_parquet({literal(str(accepted))})"
    ).fetchall()[0]
    if n_accepted + n_rejected != source.rows_in or n_rejected != rows.rows_rejected:
        raise AssertionError(
            f"{entry.file}: {source.rows_in} rows in, {n_accepted} accepted and {n_rejected} "
            "rejected do not add up"
        )
    entry = replace(
        entry,
        rows_in=source.rows_in,
        rows_accepted=n_accepted,
        rows_rejected=n_rejected,
        n_faults=rows.n_faults,
        n_duplicates=rows.n_duplicates,
        n_filtered=rows.n_filtered,
        date_min=str(first) if first else None,
        date_max=str(last) if last else None,
        dialect=source.dialect,
    )
    return LoadReport("loaded", entry, summary(entry), reasons(con, rejected))


def _made(work: Path, entry: Entry) -> tuple[Path, Path]:
    return (
        work / f"{entry.load_id}.accepted.parquet",
        work / f"{entry.load_id}.rejected.parquet",
    )


def _commit(report: LoadReport, attempt: _Attempt, warehouse: Path, work: Path) -> LoadReport:
    """Put one prepared load into the lake; its ledger entry, written last, makes it exist."""
    entry = report.entry
    if report.status in ("already loaded", "skipped") or _is_known(entry, attempt.entries):
        return report
    if entry.status == "loaded":
        retired = [one.load_id for one in attempt.standing() if _is_replaced(one, entry)]
        entry = replace(entry, retires=tuple(retired))
        accepted, rejected = _made(work, entry)
        lake.put(accepted, lake.raw_path(warehouse, entry.feed, entry.load_id))
        lake.put(rejected, lake.rejects_path(warehouse, entry.load_id))
    entry = replace(entry, seq=attempt.entries[-1].seq + 1 if attempt.entries else 1)
    lake.commit(warehouse, work, entry)
    attempt.entries.append(entry)
    return replace(report, entry=entry)


def _is_known(entry: Entry, entries: list[Entry]) -> bool:
    """Whether the ledger has it: the load counts, or the same refusal stands there."""
    known = lake.live(entries) if entry.status == "loaded" else entries
    return any(one.load_id == entry.load_id for one in known)


def _is_replaced(one: Entry, by: Entry) -> bool:
    """Whether a load of the same bytes gives way: same feed and sheet, or its mapping changed."""
    if one.load_id == by.load_id:
        return False
    is_changed_mapping = one.mapping == by.mapping and one.mapping_sha256 != by.mapping_sha256
    is_same_table = one.dialect.get("sheet") == by.dialect.get("sheet")
    return is_changed_mapping or (one.feed == by.feed and is_same_table)


def _with_rows(report: LoadReport, work: Path) -> LoadReport:
    """Add the first rows of both sides to a preview."""
    if report.status != "loaded":
        return report
    accepted, rejected = _made(work, report.entry)
    return replace(report, accepted=first_rows(accepted), rejected=first_rows(rejected))
