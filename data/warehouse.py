"""Where builds live: next_build() names one, publish() puts it in use, current_build() finds it.

    builds/build-<id>.duckdb    one published file per build; the last five stay
    builds/.making-<id>/        a build in the making, swept by the next one
    current.json                names the build in use; switched at once with os.replace
    last_failed.json            what a check found in the last run, if it failed; the next success
                                removes it

A build never changes under its name, so whoever reads an older one keeps reading it unharmed, and
a run killed at any point leaves the build in use as it was.
"""

import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from data.errors import UserError
from data.lake import check_folder

BUILDS_KEPT = 5
LOCK_SECONDS = 600


@dataclass(frozen=True)
class Build:
    """A published build.

    Parameters
    ----------
    build_id
        As-of date and a counter; begins anew only where the whole warehouse is made anew.
    path
        Its file.
    published_at
        UTC, ISO.
    token
        Unlike that of any other build, also of one with the same id in a warehouse made anew.
    """

    build_id: str
    path: Path
    published_at: str
    token: str = ""


@dataclass(frozen=True)
class FailedCheck:
    """A rule that did not hold, the rows that break it, and some of them."""

    check: str
    rule: str
    n_rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class FailedBuild:
    """A build that was not published: when (UTC, ISO), as of when, and by which checks."""

    failed_at: str
    as_of_date: date
    n_checks: int
    failed: tuple[FailedCheck, ...]


@contextmanager
def building(warehouse: Path, timeout: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the warehouse for one build at a time; neither readers nor loads wait for it.

    Raises
    ------
    UserError
        Where another build has been running for `timeout` seconds.
    """
    check_folder(warehouse)
    warehouse.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(warehouse / ".build.lock", timeout=timeout):
            yield
    except Timeout:
        raise UserError(
            f"{warehouse}: another build is running; try again when it is done"
        ) from None


def making_folder(warehouse: Path) -> Path:
    """Return an empty folder for a build in the making; what a killed build left is removed."""
    builds = warehouse / "builds"
    builds.mkdir(parents=True, exist_ok=True)
    for left in builds.glob(".making-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = builds / f".making-{os.getpid()}"
    folder.mkdir()
    return folder


def next_build(warehouse: Path, as_of: date) -> str:
    """Return the id of the next build, such as 20260614-7.

    The counter runs over all builds, whatever their date, so that no id ever names two builds.
    """
    known = [path.stem for path in (warehouse / "builds").glob("build-*.duckdb")]
    # A pointer that cannot be read is written anew by this build.
    with suppress(UserError):
        current = current_build(warehouse)
        known += [current.build_id] if current else []
    counters = [int(name.rsplit("-", 1)[1]) for name in known if name.rsplit("-", 1)[1].isdigit()]
    return f"{as_of:%Y%m%d}-{max(counters, default=0) + 1}"


def publish(warehouse: Path, build_id: str, made: Path) -> Build:
    """Give a finished build its name, put it in use and drop all but the last few.

    Parameters
    ----------
    made
        The finished, closed file, on the same disk as the warehouse.
    """
    path = warehouse / "builds" / f"build-{build_id}.duckdb"
    _sync(made)
    made.replace(path)
    build = Build(build_id, path, _now(), uuid.uuid4().hex)
    pointer = asdict(build) | {"path": path.relative_to(warehouse).as_posix()}
    _write(warehouse / "current.json", pointer)
    (warehouse / "last_failed.json").unlink(missing_ok=True)
    _drop_old_builds(warehouse)
    return build


def record_failure(
    warehouse: Path, as_of: date, n_checks: int, failed: Iterable[FailedCheck]
) -> None:
    """Keep what the checks found in a build that is not published."""
    told = [asdict(one) for one in failed]
    said = {"failed_at": _now(), "as_of_date": str(as_of), "n_checks": n_checks, "failed": told}
    _write(warehouse / "last_failed.json", said)


def failed_checks(warehouse: Path) -> FailedBuild | None:
    """Return what the last build failed by, or None where the last build was published.

    Raises
    ------
    UserError
        Where the record cannot be read.
    """
    told = _read(warehouse / "last_failed.json", "remove it")
    if told is None:
        return None
    failed = [FailedCheck(**{**one, "examples": tuple(one["examples"])}) for one in told["failed"]]
    as_of = date.fromisoformat(told["as_of_date"])
    return FailedBuild(told["failed_at"], as_of, told["n_checks"], tuple(failed))


def current_build(warehouse: Path) -> Build | None:
    """Return the build in use, or None before the first one.

    Raises
    ------
    UserError
        Where the pointer cannot be read, or the warehouse is no folder.
    """
    mend = "run `python -m data build` to write it anew"
    told = _read(warehouse / "current.json", mend)
    if told is None:
        return None
    try:
        # Builds that were published without a token are told apart by when they were.
        token = told.get("token") or told["published_at"]
        return Build(told["build_id"], warehouse / told["path"], told["published_at"], token)
    except KeyError as missing:
        raise UserError(
            f"{warehouse / 'current.json'} does not say {missing.args[0]}; {mend}"
        ) from None


def connect(warehouse: Path, build_id: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open a build for reading: no outside access, configuration locked.

    Parameters
    ----------
    build_id
        One of the builds that are kept; without it the build in use.

    Raises
    ------
    UserError
        Where nothing has been built yet.
    """
    build = current_build(warehouse)
    if build is None or not build.path.exists():
        raise UserError(f"{warehouse} holds no build yet; run `python -m data build` first")
    wanted = build.build_id if build_id is None else build_id
    return duckdb.connect(
        str(warehouse / "builds" / f"build-{wanted}.duckdb"),
        read_only=True,
        config={"enable_external_access": "false", "lock_configuration": "true"},
    )


def _drop_old_builds(warehouse: Path) -> None:
    builds = sorted(
        (warehouse / "builds").glob("build-*.duckdb"),
        key=lambda path: int(path.stem.rsplit("-", 1)[1]),
    )
    for path in builds[:-BUILDS_KEPT]:
        # On Windows a file in use cannot be removed; a later build will do it.
        try:
            path.unlink()
        except PermissionError:
            continue


def _sync(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(path: Path, told: dict[str, Any]) -> None:
    """Write a small file at once: a reader sees the old one or the new one."""
    aside = path.with_suffix(".json.new")
    aside.write_text(json.dumps(told), encoding="utf-8")
    _sync(aside)
    aside.replace(path)


def _read(path: Path, mend: str) -> dict[str, Any] | None:
    """Read a small file, None where there is none."""
    check_folder(path.parent)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise UserError(f"{path} is cut short or damaged; {mend}")
    return told
