"""Share of columns that `suggest` maps right without help: `python -m benchmarks.onboarding`.

Each mapping under tests/mappings, whose real file is beside the project, is held out: `suggest`
knows nothing of it, and no synonym was taken from its file. Each of its feeds is asked for in turn.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from data.mapping import ColumnRule, read_mapping
from data.suggest import suggest
from tests.data.suggesting import exports

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
HELD_OUT = {
    "foodservice.toml": "order_lines_foodservice.csv",
    "scms.toml": "supplier_deliveries_scms.csv",
    "refinery_items.toml": "spares_refinery_items.csv",
    "refinery_monthly.toml": "spares_refinery_monthly.parquet",
}


@dataclass
class Score:
    """Columns of a feed that the mapping takes from the file, and what was proposed for them.

    Parameters
    ----------
    n_columns
        Columns that the mapping reads from one column of the file.
    n_right
        Of them, proposed and taken with the right column of the file.
    n_wrong_sure
        Proposed wrong and not marked as unsure.
    n_formats, n_formats_right
        Dates with formats among the right ones, and those with the same formats.
    """

    n_columns: int = 0
    n_right: int = 0
    n_wrong_sure: int = 0
    n_formats: int = 0
    n_formats_right: int = 0


def score(mapping: Path, file: Path, warehouse: Path) -> dict[str, Score]:
    """Compare what is proposed for each feed of a mapping with the mapping."""
    found: dict[str, Score] = {}
    for section in read_mapping(mapping).sections:
        proposed = {
            one.column: one for one in suggest(file, warehouse, section.feed.name).proposals
        }
        one = found[section.feed.name] = Score()
        for column, rule in section.rules.items():
            if rule.how != "column":
                continue
            told = proposed.get(column)
            is_right = told is not None and told.is_active and _reads(told.rule, rule)
            one.n_columns += 1
            one.n_right += is_right
            one.n_wrong_sure += told is not None and told.is_sure and not is_right
            if rule.formats and is_right and told is not None:
                one.n_formats += 1
                one.n_formats_right += set(told.rule.get("formats", ())) == set(rule.formats)
    return found


def _reads(proposed: object, rule: ColumnRule) -> bool:
    return isinstance(proposed, dict) and proposed.get("column") == rule.columns[0]


def main() -> int:
    """Print the share by mapping and feed, and the feed found without a word."""
    total = Score()
    print("file                              feed                    right  of  wrong and sure")
    with TemporaryDirectory() as folder:
        for mapping, name in HELD_OUT.items():
            if not (SHARED / name).exists():
                print(f"{name}: not beside the project")
                continue
            for feed, one in score(
                ROOT / "tests" / "mappings" / mapping, SHARED / name, Path(folder)
            ).items():
                print(f"{name:33} {feed:22} {one.n_right:6} {one.n_columns:3} {one.n_wrong_sure:6}")
                for field in vars(total):
                    setattr(total, field, getattr(total, field) + getattr(one, field))
        for export in (exports.me2n, exports.netsuite, exports.hand_kept, exports.monthly):
            found = suggest(export(Path(folder)), Path(folder))
            print(f"{found.file:33} {found.feed:22} {len(found.unsure)} to decide")
    print(
        f"held out: {total.n_right} of {total.n_columns} columns right "
        f"({total.n_right / max(total.n_columns, 1):.0%}), {total.n_wrong_sure} wrong and sure; "
        f"date formats {total.n_formats_right} of {total.n_formats}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
