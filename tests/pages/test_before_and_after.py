"""Before and after: two windows of the past at equal money, and which of them proves something."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import planned, small
from tests.pages.conftest import Open


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planned.plannable(tmp_path_factory.mktemp("plannable"))


def said(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.text, *app.caption])


def test_without_a_past_the_page_says_what_it_needs(open_page: Open, tmp_path: Path) -> None:
    app = open_page("before_and_after", small.make(tmp_path))
    assert [code.value for code in app.code] == ["python -m forecasting run"]


def test_the_headline_is_the_window_that_was_never_looked_at(open_page: Open, made: Path) -> None:
    app = open_page("before_and_after", made)
    assert app.subheader[0].value == (
        "Earlier window, equal money: units from the shelf 72.0 % with this plan, 70.0 % with "
        "months of cover; +2.0 pt (\u22121.0 pt to +5.0 pt): no clear difference"
    )
    assert "Earlier window, never looked at: 15 Jun 2025 to 13 Dec 2025, 3 parts" in said(app)
    assert "Later window, the setting was chosen on it: 14 Dec 2025 to 13 Jun 2026" in said(app)
    assert "months of cover are set to the money held" in said(app)


def test_both_windows_stand_side_by_side_with_their_intervals(open_page: Open, made: Path) -> None:
    app = open_page("before_and_after", made)
    (rows,) = [frame.value for frame in app.dataframe if "verdict" in frame.value.columns]
    assert rows[["window", "before", "after", "difference", "verdict"]].to_numpy().tolist() == [
        ["Earlier", 0.70, 0.72, "+2.0 pt", "no clear difference"],
        ["Later", 0.75, 0.80, "+5.0 pt", "more"],
    ]
    assert rows["n_lines"].to_list() == [120, 120]


def test_the_window_that_is_drawn_stands_in_the_url(open_page: Open, made: Path) -> None:
    for name, off in (("earlier", "\u221218.0 pt"), ("later", "\u221210.0 pt")):
        app = open_page("before_and_after", made, window=name)
        (rows,) = [frame.value for frame in app.dataframe if "off" in frame.value.columns]
        assert rows["off"].to_list() == [off]
