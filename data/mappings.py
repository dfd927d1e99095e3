"""Mappings kept in the warehouse: described once, each further file of the kind fits by itself.

    mappings/<name>.toml           the mapping as it stands; a later one of the name replaces it
    mappings/used/<sha256>.toml    every mapping that made a load or was ever kept, for good

A name given on the command line without a folder is looked for here too.
"""

import hashlib
from pathlib import Path

from data import lake
from data.choose import safe_name
from data.errors import UserError
from data.mapping import Mapping, read_mapping
from data.reading.dialect import same
from data.reading.layout import Layout
from data.suggesting.find import find_layout

FOLDER = "mappings"


def kept(warehouse: Path) -> list[Path]:
    """Return the mappings that are kept, by name."""
    return sorted((warehouse / FOLDER).glob("*.toml"))


def named(mapping: Path, warehouse: Path) -> Path:
    """Return a mapping's file: the path itself, else the one that is kept under this name."""
    there = warehouse / FOLDER / mapping.name
    is_bare = len(mapping.parts) == 1
    return there if is_bare and not mapping.exists() and there.exists() else mapping


def keep(warehouse: Path, name: str, text: str) -> Path:
    """Keep a mapping under a name; what stood there before stays under `mappings/used`.

    Raises
    ------
    UserError
        Where it is no mapping.
    """
    name = safe_name(name).removesuffix(".toml") + ".toml"
    with lake.locked(warehouse), lake.workdir(warehouse) as work:
        made = work / name
        made.write_text(text, encoding="utf-8")
        read_mapping(made)
        remember(warehouse, made)
        place = warehouse / FOLDER / name
        lake.put(made, place)
    return place


def remember(warehouse: Path, mapping: Path) -> None:
    """Keep the text of a mapping for good, so that a load can be told and repeated without it."""
    body = mapping.read_bytes()
    place = used_path(warehouse, hashlib.sha256(body).hexdigest())
    if not place.exists():
        with lake.workdir(warehouse) as work:
            made = work / place.name
            made.write_bytes(body)
            lake.put(made, place)


def used_path(warehouse: Path, sha256: str) -> Path:
    """Return where the text of a mapping that made a load is."""
    return warehouse / FOLDER / "used" / f"{sha256}.toml"


def fitting(path: Path, warehouse: Path) -> list[Path]:
    """Return the kept mappings whose columns a file has, those that read most of it first."""
    fits: list[tuple[int, Path]] = []
    names_as: dict[Layout, frozenset[str]] = {}
    for place in kept(warehouse):
        try:
            mapping = read_mapping(place)
            told = mapping.layout
            if told not in names_as:
                names_as[told] = frozenset(map(same, find_layout(path, told).names))
        except UserError:
            continue
        wanted = _needed(mapping)
        if wanted and wanted <= names_as[told]:
            fits.append((len(wanted), place))
    return [place for _, place in sorted(fits, key=lambda one: (-one[0], one[1].name))]


def _needed(mapping: Mapping) -> frozenset[str]:
    made = frozenset(map(same, mapping.layout.made))
    return frozenset().union(*(section.needed for section in mapping.sections)) - made
