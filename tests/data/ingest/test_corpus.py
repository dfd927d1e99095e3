"""Polluted files: each is loaded exactly, set aside with a reason, or refused with one."""

from collections import Counter

import pytest

from tests.data.ingest.corpus import outcomes

EVERY = 12
"""Every twelfth file, so that it fits; `benchmarks/corpus.py` runs all of them."""


@pytest.mark.parametrize("start", range(2))
def test_no_polluted_file_is_silently_wrong(start: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = outcomes(n_rows=8, seed=start, every=EVERY * 2)
    counts = Counter(one.name for one in found)
    wrong = [f"{one.kind}: {one.why}" for one in found if one.name == "silently wrong"]
    with capsys.disabled():
        print(f"\n{len(found)} polluted files: {dict(counts)}, {len(wrong)} silently wrong")
    assert wrong == []
    assert {"exact", "set aside", "refused"} <= set(counts)
