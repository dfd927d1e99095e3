"""Pages show what measure() answers, say what to do without data, and keep data as text."""

import datetime as dt
import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data import warehouse as builds
from data.metrics import measure
from tests import small
from tests.pages.conftest import Open
from tests.small import HOSTILE, HOSTILE_FAMILY
from ui import formats, queries

SPRING: dict[str, Any] = {"since": dt.date(2026, 3, 1), "until": dt.date(2026, 5, 31)}
PAGES = [
    "overview",
    "fill_rate",
    "choke_points",
    "order_line",
    "data_health",
    "load_data",
    "definitions",
    "promise_dates",
    "suppliers",
    "supplier_pack",
    "engine_line",
    "trace",
    "governance",
]


def measured(folder: Path, metric: str, **options: Any) -> pd.DataFrame:
    with closing(builds.connect(folder)) as con:
        return measure(con, metric, **SPRING, **options)


def card(app: AppTest, label: str) -> tuple[str, str]:
    """Value and change of the card with this label."""
    (found,) = [metric for metric in app.metric if metric.label == label]
    return found.value, found.delta


def texts(app: AppTest) -> list[str]:
    return [text.value for text in app.text]


def markdown(app: AppTest) -> str:
    """Everything a page gives to the browser as markdown."""
    kinds = (
        app.markdown,
        app.caption,
        app.title,
        app.header,
        app.subheader,
        app.info,
        app.success,
        app.warning,
    )
    parts = [str(element.value) for kind in kinds for element in kind]
    return "\n".join([*parts, *(metric.label + metric.value for metric in app.metric)])


@pytest.mark.parametrize(
    ("page", "label", "metric"),
    [
        ("overview", "Orders on time", "order_on_time_rate"),
        ("overview", "Line fill rate", "line_fill_rate"),
        ("fill_rate", "Unit fill rate", "unit_fill_rate"),
        ("fill_rate", "Value fill rate", "value_fill_rate"),
    ],
)
def test_a_card_shows_what_measure_answers_for_the_last_three_whole_months(
    open_page: Open, warehouse: Path, page: str, label: str, metric: str
) -> None:
    row = measured(warehouse, metric).iloc[0]
    value, _ = card(open_page(page, warehouse), label)
    assert value == formats.rate(row["value"], row["n"])
    assert f"n {formats.count(row['n'])}" in markdown(open_page(page, warehouse))


def test_a_card_names_its_target_and_status(open_page: Open, warehouse: Path) -> None:
    shown = markdown(open_page("overview", warehouse))
    assert "target 90 % · n 276" in shown
    assert ":red-badge[:material/cancel: off target]" in shown
    assert ":green-badge[:material/check_circle: on target]" in shown


def test_a_filter_in_the_url_narrows_the_figures_and_survives_the_change_of_page(
    open_page: Open, warehouse: Path
) -> None:
    row = measured(warehouse, "line_fill_rate", where={"site_id": "MEM"}).iloc[0]
    app = open_page("overview", warehouse, site=["MEM"])
    assert app.multiselect(key="site").value == ["MEM"]
    assert card(app, "Line fill rate")[0] == formats.rate(row["value"], row["n"]) == "50 %"
    assert "1 Mar 2026 to 31 May 2026; Site: MEM" in texts(app)
    app.switch_page("pages/fill_rate.py").run()
    assert app.query_params["site"] == "MEM"
    assert card(app, "Line fill rate")[0] == "50 %"


def test_a_filter_can_be_cleared(open_page: Open, warehouse: Path) -> None:
    app = open_page("overview", warehouse)
    app.multiselect(key="site").select("LYO").run()
    assert card(app, "Line fill rate")[0] == "89 %"
    (clear,) = [button for button in app.button if button.label == "Clear filters"]
    clear.click().run()
    assert app.multiselect(key="site").value == []
    assert card(app, "Line fill rate")[0] == "71.4 %"


def test_an_unknown_value_in_the_url_falls_back_to_all(open_page: Open, warehouse: Path) -> None:
    app = open_page("overview", warehouse, site=["NOWHERE"], period="Next year")
    assert app.multiselect(key="site").value == []
    assert app.selectbox(key="period").value == "Last 3 months"


def test_own_dates_in_either_order_are_taken(open_page: Open, warehouse: Path) -> None:
    app = open_page(
        "overview", warehouse, period="Own dates", since="2026-05-31", until="2026-03-01"
    )
    row = measured(warehouse, "line_fill_rate").iloc[0]
    assert card(app, "Line fill rate")[0] == formats.rate(row["value"], row["n"])


def test_what_moved_a_figure_sums_to_its_whole_change(open_page: Open, warehouse: Path) -> None:
    app = open_page("overview", warehouse, metric="Line fill rate")
    (moved,) = [table.value for table in app.dataframe if "contribution" in table.value]
    now = measured(warehouse, "line_fill_rate").iloc[0]["value"]
    with closing(builds.connect(warehouse)) as con:
        winter: dict[str, Any] = {"since": dt.date(2025, 12, 1), "until": dt.date(2026, 2, 28)}
        then = measure(con, "line_fill_rate", **winter).iloc[0]["value"]
    assert moved["contribution"].sum() == pytest.approx(now - then)


def test_charts_say_their_finding_and_the_worst_site_leads(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("overview", warehouse, metric="Line fill rate")
    assert "MEM is worst at 50 %, LYO highest at 89 %" in texts(app)
    names = [chart.proto.alt for chart in app.get("vega_lite_chart")]
    assert all(names)
    assert any(name.startswith("Line fill rate: ") for name in names)


def test_worst_items_and_missed_lines_add_up(open_page: Open, warehouse: Path) -> None:
    app = open_page("fill_rate", warehouse)
    (items,) = [table.value for table in app.dataframe if "qty_missed" in table.value][:1]
    row = measured(warehouse, "unit_fill_rate").iloc[0]
    assert items["qty_missed"].sum() == row["denominator"] - row["numerator"]
    assert items["value_missed"].sum() == 100 * items["qty_missed"].sum()
    (lines,) = [table.value for table in app.dataframe if "order_line_id" in table.value]
    assert len(lines) == 25
    (every,) = [toggle for toggle in app.toggle if toggle.key == "all-missed-lines"]
    every.set_value(True).run()
    (lines,) = [table.value for table in app.dataframe if "order_line_id" in table.value]
    assert lines["qty_missed"].sum() == items["qty_missed"].sum()


def test_an_item_filters_the_lines(open_page: Open, warehouse: Path) -> None:
    app = open_page("fill_rate", warehouse, item="00123")
    (lines,) = [table.value for table in app.dataframe if "order_line_id" in table.value]
    assert set(lines["item_id"]) == {"00123"}


def test_an_order_line_tells_its_whole_story(open_page: Open, warehouse: Path) -> None:
    app = open_page("order_line", warehouse, line="O03602/10")
    assert (
        "O03602/10: 0 of 10 had shipped by the due date 31 Mar 2026; complete 3 working days "
        "later, on 3 Apr 2026." in texts(app)
    )
    (events,) = [table.value for table in app.dataframe if "event" in table.value]
    assert events["event"].tolist() == ["ordered", "due", "shipped"]
    assert events["qty"].tolist() == [10, 10, 10]
    assert events["source"].iloc[0] == "order_lines.csv line 1084"


def test_part_of_an_order_number_lists_the_lines_it_may_be(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("order_line", warehouse, line="o0360")
    assert app.dataframe[0].value["order_line_id"].tolist() == [
        "O03600/10",
        "O03601/10",
        "O03602/10",
    ]


def test_an_unknown_order_line_is_named_back_as_text(open_page: Open, warehouse: Path) -> None:
    app = open_page("order_line", warehouse, line=HOSTILE)
    assert f"Looked for: {HOSTILE}" in texts(app)
    assert HOSTILE not in markdown(app)


def test_data_health_counts_every_row_and_names_each_reject(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("data_health", warehouse)
    assert card(app, "Rows rejected as faulty")[0] == "1"
    assert card(app, "Checks")[0] == "all pass"
    loads = {load["feed"]: load for load in app.dataframe[0].value.to_dict("records")}
    counted = [loads["order_lines"][name] for name in ("rows_in", "rows_accepted", "n_faults")]
    assert counted == [1321, 1320, 1]
    reasons = app.dataframe[1].value.iloc[0]
    assert (reasons["column_name"], reasons["value"]) == ("order_date", "2026-06-31")


def test_data_health_says_why_the_last_build_was_not_published(
    open_page: Open, warehouse: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "warehouse"
    shutil.copytree(warehouse, folder)
    broken = builds.FailedCheck("order_lines_are_kept_once", "One row a line.", 2, (HOSTILE,))
    builds.record_failure(folder, small.LAST_DAY, 16, [broken])
    app = open_page("data_health", folder)
    assert app.error[0].value.startswith("1 of 16 checks failed")
    assert "order_lines_are_kept_once: One row a line. (2 rows)" in texts(app)
    assert HOSTILE in texts(app)
    assert HOSTILE not in markdown(app)


def test_a_build_made_anew_under_the_same_name_is_not_answered_from_memory(
    open_page: Open, warehouse: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "warehouse"
    shutil.copytree(warehouse, folder)
    open_page("data_health", folder)
    assert queries.ask("checks").shape[0] > 0
    pointer = json.loads((folder / "current.json").read_text(encoding="utf-8"))
    remembered = queries._connection(str(folder), pointer["build_id"])
    (folder / "current.json").write_text(json.dumps(pointer | {"token": "another"}))
    assert queries.ask("checks").shape[0] > 0
    assert queries._connection(str(folder), pointer["build_id"]) is not remembered


def test_definitions_show_every_metric_with_its_sql(open_page: Open, warehouse: Path) -> None:
    app = open_page("definitions", warehouse, definition="Line fill rate")
    with closing(builds.connect(warehouse)) as con:
        assert len(app.dataframe[0].value) == len(con.sql("FROM health.metrics"))
    assert "CREATE OR REPLACE VIEW metrics.line_fill_rate AS" in app.code[0].value


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_warehouse_says_what_to_do(open_page: Open, tmp_path: Path, page: str) -> None:
    app = open_page(page, tmp_path)
    if page == "load_data":
        assert "Load the sample data" in [button.label for button in app.button]
    else:
        assert app.header[0].value == "There are no figures yet"
        offered = {link.value for link in app.page_link}
        assert {"Load the sample data", "Load your own files"} <= offered


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_as_of_when_and_from_which_build(
    open_page: Open, warehouse: Path, page: str
) -> None:
    app = open_page(page, warehouse)
    status = app.sidebar.caption[0].value
    assert status.startswith("As of **14 Jun 2026** · build 20260614-1 · built ")
    assert "Engine maker" in texts(app)


@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_never_reach_markdown(open_page: Open, warehouse: Path, page: str) -> None:
    app = open_page(page, warehouse, by="family", line="O03611/10")
    shown = markdown(app)
    assert [name for name in (HOSTILE, HOSTILE_FAMILY) if name in shown] == []


def test_a_slip_in_the_settings_is_told_and_the_figures_stay(
    open_page: Open, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "settings.toml"
    wrong.write_text("[targets]\nline_fill_rate = 92\n", encoding="utf-8")
    app = open_page("overview", warehouse)
    monkeypatch.setenv("SETTINGS", str(wrong))
    app.run()
    assert not app.exception
    assert "target of line_fill_rate is 92 (expected a share from 0 to 1)" in "".join(texts(app))
    assert card(app, "Line fill rate")[0] == "71.4 %"
