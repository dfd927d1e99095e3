"""All polluted files of the hostile corpus: `python -m benchmarks.corpus [ROWS [SEED [EVERY]]]`."""

import sys
import time
from collections import Counter

from tests.data.ingest.corpus import outcomes


def main(n_rows: int = 8, seed: int = 1, every: int = 1) -> int:
    """Judge the files and print what became of them; return how many are silently wrong."""
    start = time.perf_counter()
    found = outcomes(n_rows, seed, every)
    by_kind = Counter((one.kind.split()[0], one.name) for one in found)
    for (kind, name), n in sorted(by_kind.items()):
        print(f"{kind:10} {name:15} {n:6,}")
    wrong = [one for one in found if one.name == "silently wrong"]
    for one in wrong:
        print(f"SILENTLY WRONG {one.kind}: {one.why}")
    print(
        f"{len(found):,} files in {time.perf_counter() - start:.0f} s: {len(wrong)} silently wrong"
    )
    return len(wrong)


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
