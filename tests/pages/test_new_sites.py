"""A new site of a new business unit: rows of the feeds, and every filter and page has it."""

import shutil
from pathlib import Path

import pytest

from data.build import build
from data.ingest import ingest
from tests.pages.conftest import Open
from tests.pages.test_pages import card, texts
from tests.small import write


@pytest.fixture(scope="module")
def widened(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small warehouse with a site in Oslo, out of contract, whose lines are all late."""
    folder = tmp_path_factory.mktemp("oslo")
    shutil.copytree(warehouse, folder / "wh")
    write(
        folder / "sites_oslo.csv",
        "site_id site_name site_type region timezone business_unit in_contract",
        [("OSL", "Oslo", "dc", "NO", "Europe/Oslo", "marine", "false")],
    )
    write(
        folder / "sites_units.csv",
        "site_id site_name site_type region timezone business_unit in_contract",
        [(site, site, "dc", "EMEA", "UTC", "engines", "true") for site in ("LYO", "DER")],
    )
    write(
        folder / "order_lines_oslo.csv",
        "order_id line_no customer_id item_id site_id order_date requested_date qty_ordered",
        [(f"OSL{n}", 1, "C9", "M1", "OSL", "2026-05-04", "2026-05-08", 2) for n in range(30)],
    )
    ingest([folder / f"{name}.csv" for name in ("sites_oslo", "sites_units")], folder / "wh")
    ingest([folder / "order_lines_oslo.csv"], folder / "wh")
    assert build(folder / "wh").build is not None
    return folder / "wh"


@pytest.mark.parametrize("page", ["overview", "fill_rate"])
def test_a_new_site_is_in_every_filter_and_figure(
    open_page: Open, widened: Path, page: str
) -> None:
    app = open_page(page, widened, site=["OSL"])
    assert "OSL" in app.multiselect(key="site").options
    assert "NO" in app.multiselect(key="region").options
    assert card(app, "Line fill rate")[0] == "0 %"


def test_figures_can_be_those_of_one_business_unit_or_of_the_contract(
    open_page: Open, widened: Path
) -> None:
    app = open_page("fill_rate", widened, unit=["marine"])
    assert card(app, "Line fill rate")[0] == "0 %"
    assert any(text.endswith("Business unit: marine") for text in texts(app))
    app = open_page("fill_rate", widened, contract=["In contract"])
    assert card(app, "Line fill rate")[0] == "71.4 %"
    assert any(text.endswith("Contract: In contract") for text in texts(app))
    app.multiselect(key="unit").select("marine").run()
    assert not app.exception


def test_what_all_sites_have_alike_is_no_filter(open_page: Open, warehouse: Path) -> None:
    app = open_page("fill_rate", warehouse)
    assert {"unit", "contract"}.isdisjoint({one.key for one in app.multiselect})


def test_the_new_site_follows_the_holidays_of_its_country(open_page: Open, widened: Path) -> None:
    app = open_page("data_health", widened)
    (sites,) = [one.value for one in app.dataframe if "calendar_source" in one.value.columns]
    oslo = sites.set_index("site_id").loc["OSL"]
    assert oslo["calendar_source"] == "public holidays of NO"
    assert oslo["in_contract"] == False  # noqa: E712  a flag of numpy
