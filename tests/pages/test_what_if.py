"""What if: inputs in the URL, the difference of two scenarios, the empty state."""

import shutil
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.journal import Entry, Journal, journal_url
from tests import planned, small
from tests.pages.conftest import Open

FILL = {"a-aim": "fill", "a-target": "90", "b-aim": "fill", "b-target": "90", "b-demand": "0"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planned.plannable(tmp_path_factory.mktemp("plannable"))


@pytest.fixture
def warehouse(made: Path, tmp_path: Path) -> Path:
    """A copy of one's own: the tests write to its journal."""
    return Path(shutil.copytree(made, tmp_path / "warehouse"))


def figures(app: AppTest) -> pd.DataFrame:
    (frame,) = [frame.value for frame in app.dataframe if "figure" in frame.value.columns]
    return frame.set_index("figure")


def amount(text: str) -> float:
    """Units of currency in '21.3 k EUR' or '+4,300 EUR'."""
    scale = 1000.0 if " k " in text else 1.0
    return scale * float(text.split(maxsplit=1)[0].replace(",", ""))


def test_without_forecasts_the_page_says_how_to_make_them(open_page: Open, tmp_path: Path) -> None:
    app = open_page("what_if", small.make(tmp_path))
    assert [code.value for code in app.code] == ["python -m forecasting run"]


def test_parts_that_cost_twice_as_much_take_twice_the_money_for_the_same_fill(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("what_if", warehouse, **FILL, **{"b-price": "100"})
    assert app.number_input(key="b-price").value == 100.0
    assert app.number_input(key="a-target").value == 90.0
    told = figures(app)
    fill = told.loc["Expected fill by units"]
    assert 90.0 <= float(fill["a"].split()[0]) < 94.0
    assert (fill["a"], fill["difference"]) == (fill["b"], "0.0 pt")
    held = told.loc["Stock to hold"]
    assert amount(str(held["b"])) == pytest.approx(2 * amount(str(held["a"])), rel=0.01)
    assert amount(str(held["difference"])) == pytest.approx(amount(str(held["a"])), rel=0.01)
    assert told.loc["Units added by B", "difference"] == "0"


def test_more_demand_lowers_the_fill_of_the_same_money(open_page: Open, warehouse: Path) -> None:
    # B asks for a tenth more demand unless told otherwise.
    app = open_page("what_if", warehouse, **{"a-budget": "1", "b-budget": "1"})
    assert app.number_input(key="a-budget").value == 1.0
    assert app.number_input(key="b-demand").value == 10.0
    fill = figures(app).loc["Expected fill by units"].astype(str)
    assert float(fill["b"].split()[0]) < float(fill["a"].split()[0]) - 0.3
    assert str(fill["difference"]).startswith("\u2212")


def test_a_kept_pair_is_opened_again_as_it_was(open_page: Open, warehouse: Path) -> None:
    asked = FILL | {"b-price": "25", "b-target": "93"}
    before = figures(open_page("what_if", warehouse, **asked))
    with closing(Journal(journal_url(warehouse))) as journal:
        journal.append([Entry("scenario", "scenario:Winter peak", "Ada", asked)])
    app = open_page("what_if", warehouse)
    (link,) = [one.proto for one in app.get("page_link") if one.proto.label == "Open 1"]
    kept = {name: values[0] for name, values in parse_qs(link.query_string).items()}
    assert kept == asked
    pd.testing.assert_frame_equal(figures(open_page("what_if", warehouse, **kept)), before)
    (table,) = [frame.value for frame in app.dataframe if "author" in frame.value.columns]
    assert table[["name", "author"]].to_numpy().tolist() == [["Winter peak", "Ada"]]
