"""The KPI register: every target with its status, its owner and since when it is measured."""

import datetime as dt
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data import warehouse as builds
from data.journal import Journal, journal_url
from data.metrics import measure
from tests import small_purchases
from tests.pages.conftest import Open
from tests.pages.test_pages import texts
from ui import governance

SETTINGS = """
[targets]
promise_adherence_first = 0.8
promise_adherence_lost = 0.8
need_date_rate = 0.3
line_side_on_time_rate = 0.9

[register.promise_adherence_first]
owner = "Ann"
forum = "Supplier board"
cadence = "quarterly"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_purchases.make(tmp_path_factory.mktemp("governance"))


@pytest.fixture
def governed(built: Path, tmp_path: Path) -> Path:
    """A warehouse of its own for each test: the journal is written to."""
    folder = tmp_path / "warehouse"
    shutil.copytree(built, folder)
    (folder / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def shown(app: AppTest) -> pd.DataFrame:
    (found,) = [one.value for one in app.dataframe if "aim" in one.value]
    rows: pd.DataFrame = found.set_index("label")
    return rows


def test_each_target_is_judged_over_the_last_whole_period_of_its_cadence(
    open_page: Open, governed: Path
) -> None:
    found = shown(open_page("governance", governed))
    kept = found.loc["First promises kept"]
    quarter: dict[str, Any] = {"since": dt.date(2026, 1, 1), "until": dt.date(2026, 3, 31)}
    with closing(builds.connect(governed)) as con:
        row = measure(con, "promise_adherence_first", **quarter).iloc[0]
    assert (kept["value"], kept["n"], kept["status"]) == (row["value"], row["n"], "missed")
    assert list(kept[["aim", "period", "owner", "forum"]]) == [
        "at least 80.0 %",
        "2026 Q1",
        "Ann",
        "Supplier board",
    ]
    # One supplier of two comes in time, nine lines a month: too few for a verdict.
    need = found.loc["On time to the need date"]
    assert list(need[["status", "owner", "cadence"]]) == [
        "too few to judge",
        "nobody yet",
        "monthly",
    ]


def test_the_day_each_figure_starts_is_said(open_page: Open, governed: Path) -> None:
    app = open_page("governance", governed, kpi="On time to the engine line")
    assert shown(app)["since"]["On time to the engine line"] == dt.date(2025, 12, 1)
    assert any("Measured since 1 Dec 2025" in said.value for said in app.caption)


def test_a_target_of_a_metric_that_does_not_exist_is_told(open_page: Open, governed: Path) -> None:
    app = open_page("governance", governed)
    assert "promise_adherence_lost" in texts(app)
    assert len(shown(app)) == 3


def test_without_targets_the_page_says_where_to_name_them(open_page: Open, governed: Path) -> None:
    (governed / "settings.toml").unlink()
    app = open_page("governance", governed)
    assert any("settings.toml" in said.value for said in app.info)


def test_a_change_is_kept_with_its_author_and_holds_on_every_page(
    open_page: Open, governed: Path
) -> None:
    app = open_page("governance", governed, kpi="First promises kept")
    fields = {field.label: field for field in app.text_input}
    fields["Owner"].input("Bob")
    fields["Agreed by"].input("Eve")
    fields["Reason"].input("=a hard year")
    (target,) = [field for field in app.number_input if field.label == "Target, %"]
    target.set_value(75.0)
    (button,) = [one for one in app.button if one.label == "Write it down"]
    button.click().run()
    assert not app.exception
    assert list(shown(app).loc["First promises kept", ["aim", "owner"]]) == [
        "at least 75.0 %",
        "Bob",
    ]
    with closing(Journal(journal_url(governed))) as journal:
        (entry,) = journal.entries("register").to_dict("records")
    assert (entry["author"], entry["reason"], entry["subject_id"]) == (
        "Eve",
        "=a hard year",
        "kpi:promise_adherence_first",
    )
    app = open_page("promise_dates", governed)
    assert any("target 75 %" in said.value for said in app.caption)


def test_a_change_without_a_reason_changes_nothing(open_page: Open, governed: Path) -> None:
    app = open_page("governance", governed, kpi="First promises kept")
    (owner,) = [field for field in app.text_input if field.label == "Owner"]
    owner.input("Bob")
    (button,) = [one for one in app.button if one.label == "Write it down"]
    button.click().run()
    assert app.warning[-1].value == "A change needs who agreed it, and why."
    assert not (governed / "journal.sqlite").exists()


def test_periods_in_a_row_are_counted_back_from_the_last_whole_one() -> None:
    months = pd.date_range("2026-01-01", periods=6, freq="MS")
    series = pd.DataFrame(
        {
            "period": months,
            "value": [0.9, 0.5, 0.95, 0.96, 0.97, 0.1],
            "lower": [0.8, 0.4, 0.9, 0.9, 0.9, 0.0],
            "upper": [0.95, 0.6, 0.99, 0.99, 0.99, 0.2],
            "n": [100] * 6,
        }
    )
    assert governance.in_a_row(series, 0.9, "higher", dt.date(2026, 5, 31)) == 3
    assert governance.in_a_row(series.head(2), 0.9, "higher", dt.date(2026, 5, 31)) == 1
