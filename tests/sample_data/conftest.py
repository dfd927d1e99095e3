"""One small simulated business for all tests of this folder."""

from datetime import date
from pathlib import Path

import pytest

from sample_data.feeds import Written
from sample_data.product_policy import product_policy
from sample_data.settings import Settings
from sample_data.simulation import Run, simulate

SMALL = Settings(
    warm_up_start=date(2024, 10, 7),
    first_day=date(2025, 3, 1),
    last_day=date(2025, 9, 14),
    go_live=date(2025, 6, 2),
    handling_start=date(2025, 5, 1),
    promise_start=date(2025, 4, 1),
    n_parts=60,
    n_customers=20,
    lines_per_day=14.0,
)


@pytest.fixture(scope="session")
def committed_old() -> Run:
    """The committed business under the old rule all the time."""
    return simulate(Settings())


@pytest.fixture(scope="session")
def committed_new() -> Run:
    """The committed business, with the product's policy from go-live on."""
    return simulate(Settings(), product_policy())


@pytest.fixture(scope="session")
def small_run() -> Run:
    return simulate(SMALL)


@pytest.fixture(scope="session")
def small_feeds(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Written]:
    folder = tmp_path_factory.mktemp("feeds")
    return folder, small_run.write(folder)
