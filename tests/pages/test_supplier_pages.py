"""The pages of suppliers and the engine line say what the metrics say, and keep data as text."""

import datetime as dt
import io
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from data import warehouse as builds
from data.build import build
from data.ingest import ingest
from data.journal import Journal, journal_url
from data.metrics import measure
from tests import small_purchases
from tests.pages.conftest import Open
from tests.pages.test_pages import SPRING, card, markdown, texts
from tests.small import HOSTILE
from ui import (
    actions,
    engine,
    filters,
    formats,
    open_lines,
    pack_parts,
    packs,
    periods,
    queries,
    show,
    since_review,
    supplier_pack,
    suppliers,
    tracing,
)


@pytest.fixture(scope="module")
def purchases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built warehouse of purchases; the journal beside it is written to."""
    return small_purchases.make(tmp_path_factory.mktemp("purchases"))


@pytest.mark.parametrize(
    ("page", "label", "metric"),
    [
        ("promise_dates", "First promises kept", "promise_adherence_first"),
        ("promise_dates", "Promise coverage", "promise_coverage_rate"),
        ("suppliers", "Last promises kept", "promise_adherence_last"),
        ("engine_line", "On time to the engine line", "line_side_on_time_rate"),
        ("engine_line", "Engines shipped on time", "engines_shipped_on_time"),
    ],
)
def test_cards_show_what_is_measured(
    open_page: Open, purchases: Path, page: str, label: str, metric: str
) -> None:
    app = open_page(page, purchases)
    with closing(builds.connect(purchases)) as con:
        row = measure(con, metric, **SPRING).iloc[0]
    assert card(app, label)[0] == formats.rate(row["value"], row["n"])


def test_the_ranking_puts_the_supplier_that_keeps_its_word_first(
    open_page: Open, purchases: Path
) -> None:
    app = open_page("suppliers", purchases, period="Last 12 months")
    shown = app.dataframe[0].value
    assert shown[["supplier_id", "rank"]].to_numpy().tolist() == [["GOOD", "1"], ["BAD", "2"]]


@pytest.mark.parametrize(
    "page", ["promise_dates", "suppliers", "supplier_pack", "engine_line", "trace"]
)
def test_data_never_becomes_markup(open_page: Open, purchases: Path, page: str) -> None:
    app = open_page(page, purchases, supplier="BAD", trace="E020")
    assert HOSTILE not in markdown(app)


def test_open_lines_of_a_late_supplier_get_later_dates(open_page: Open, purchases: Path) -> None:
    app = open_page("promise_dates", purchases)
    risks = app.dataframe[-1].value
    late, kept = (risks[risks["supplier_id"] == name] for name in ("BAD", "GOOD"))
    assert (late["derived_date"] > late["stated_promised_date"]).all()
    assert late["need_probability"].max() < 0.1
    assert kept["need_probability"].min() > 0.9


def test_a_table_that_is_cut_says_how_much_of_it_is_shown_and_counts_all(
    open_page: Open, purchases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = open_page("promise_dates", purchases)
    monkeypatch.setattr(show, "MOST_DRAWN", 3)
    app = open_page("promise_dates", purchases)
    assert app.dataframe[-1].value["po_line_id"].to_list() == [
        *whole.dataframe[-1].value["po_line_id"].head(3)
    ]
    ahead = len(whole.dataframe[-1].value)
    assert ahead > 3
    said = f"3 of {ahead} rows, the least likely to make their need date first"
    assert said in [one.value for one in app.caption]
    (counted,) = [text for text in texts(app) if "more likely than not" in text]
    assert counted in texts(whole)
    assert f"of {ahead} still to be needed" in counted


def test_every_open_line_of_the_build_has_its_chance(
    monkeypatch: pytest.MonkeyPatch, purchases: Path
) -> None:
    monkeypatch.setenv("WAREHOUSE", str(purchases))
    with closing(builds.connect(purchases)) as con:
        found = con.execute(
            "SELECT count(*) FROM marts.open_purchase_lines WHERE need_date IS NOT NULL"
        ).fetchall()
    assert len(open_lines.at_risk({})) == found[0][0] > 0


@pytest.mark.parametrize(
    ("shown", "held", "total", "said"),
    [
        (25, 431, 431, "25 of 431 rows, the dearest first"),
        (500, 500, 584, "500 of 584 rows, the dearest first; the download holds the first 500"),
    ],
)
def test_a_cut_names_what_is_shown_what_there_is_and_the_order(
    shown: int, held: int, total: int, said: str
) -> None:
    assert show.cut(shown, held, total, "the dearest first") == said


def test_the_engine_line_names_the_builds_that_wait_for_one_part(
    open_page: Open, purchases: Path
) -> None:
    app = open_page("engine_line", purchases)
    (said,) = [text for text in texts(app) if "clear to build" in text]
    # 10 pumps came on the last day: enough for two of the four builds still to start.
    assert said == "2 builds of 4 clear to build, 2 missing exactly one part"


def test_a_build_is_traced_to_its_supplier_and_files(open_page: Open, purchases: Path) -> None:
    app = open_page("trace", purchases, trace="E028")
    parts = app.dataframe[0].value
    waiting = parts[parts["state"] == "on order"]
    assert waiting[["item_id", "supplier_id"]].to_numpy().tolist() == [["pump", "BAD"]]
    assert parts["_file"].unique().tolist() == ["build_requirements.csv"]


def test_a_purchase_order_is_traced_to_its_promises_and_receipts(
    open_page: Open, purchases: Path
) -> None:
    app = open_page("trace", purchases, trace="BAD001")
    lines, promised, received = (one.value for one in app.dataframe)
    assert lines["po_line_id"].tolist() == ["BAD001/10"]
    assert len(promised) == 2
    assert received["po_line"].tolist() == ["BAD001/10"]


def test_a_name_that_nothing_has_says_so(open_page: Open, purchases: Path) -> None:
    app = open_page("trace", purchases, trace="nobody")
    assert app.warning[0].value == "No build, order line or purchase order has this name."


def test_an_action_is_written_to_the_journal_and_closed_by_a_later_entry(
    open_page: Open, purchases: Path
) -> None:
    app = open_page("supplier_pack", purchases, supplier="BAD")
    told = {"Action": "Deliver on Fridays", "Owner": "Ann", "Written by": "Bob"}
    for label, text in told.items():
        next(field for field in app.text_input if field.label == label).input(text)
    (button,) = [one for one in app.button if one.label == "Write it down"]
    button.click().run()
    assert not app.exception
    found = actions.actions("BAD")
    assert found[["what", "owner", "state"]].to_numpy().tolist() == [
        ["Deliver on Fridays", "Ann", "open"]
    ]
    with closing(Journal(journal_url(purchases))) as journal:
        assert len(journal.entries("action", "supplier:BAD")) == 1


def test_an_action_is_closed_by_whoever_says_so_and_told_since_the_last_review(
    open_page: Open, purchases: Path
) -> None:
    app = open_page("supplier_pack", purchases, supplier="GOOD")
    assert since_review.closed("GOOD") == ""
    for what in ("Pack bolts in tens", "Ship by rail"):
        told = {"Action": what, "Owner": "Ann", "Written by": "Bob"}
        for label, text in told.items():
            next(field for field in app.text_input if field.label == label).input(text)
        next(one for one in app.button if one.label == "Write it down").click().run()
    first, second = (row for _, row in actions.actions("GOOD").iterrows())
    assert actions.close("GOOD", first, "") == (
        "missing",
        "Say under 'Written by' who closes it, then press Done again.",
    )
    assert actions.close("GOOD", first, "Carl") == ("done", "Closed.")
    app.run()
    (listed,) = [one.value for one in app.dataframe if "closed_by" in one.value]
    closed = listed[listed["state"] == "done"]
    assert closed[["what", "author", "closed_by"]].to_numpy().tolist() == [
        ["Pack bolts in tens", "Bob", "Carl"]
    ]
    assert "1 action closed since: Pack bolts in tens (closed by Carl)" in texts(app)
    # A review draws the line: what was closed before it is told no more.
    actions.write("GOOD", actions.REVIEW, "Dee", {"held_on": "2026-06-14"})
    assert actions.close("GOOD", second, "Eve")[0] == "done"
    assert since_review.closed("GOOD") == "1 action closed since: Ship by rail (closed by Eve)"
    found = actions.actions("GOOD")
    again = found[found["what"] == "Ship by rail"].iloc[0]
    assert actions.close("GOOD", again, "Bob") == (
        "missing",
        "This action was closed already, by Eve.",
    )
    with closing(Journal(journal_url(purchases))) as journal:
        assert len(journal.entries("action", "supplier:GOOD")) == 4


def test_the_pack_is_a_workbook_and_a_print_of_the_same_tables(
    monkeypatch: pytest.MonkeyPatch, purchases: Path
) -> None:
    monkeypatch.setenv("WAREHOUSE", str(purchases))
    as_of = queries.needed().as_of_date
    chosen = filters.Filters(periods.preset("Last 3 months", as_of), "month", as_of)
    parts = pack_parts.parts_of(chosen, "BAD", suppliers.deliveries(chosen, "BAD"))
    about = queries.provenance(["promise_adherence_first"], chosen.said())
    book = openpyxl.load_workbook(io.BytesIO(packs.to_xlsx(parts, about)))
    heads = pack_parts.heads(chosen, "BAD")
    assert book.sheetnames == ["About", *(part.title for part in parts)]
    kept = book["Since the last review"]["A2":"C2"][0]
    assert [kept[0].value, kept[1].value] == ["First promises kept", 0]
    printed = packs.to_pdf("Supplier BAD", parts, about, heads)
    assert printed.startswith(b"%PDF-")
    assert packs.to_pdf("Supplier BAD", parts, about, heads) == printed


def test_formulas_in_data_are_harmless_in_the_workbook() -> None:
    from ui.exports import Provenance

    rows = pd.DataFrame({"what": ["=1+1"]})
    part = packs.Part("Agreed actions", rows, {"what": "Action"}, {})
    about = Provenance("x v1", small_purchases.LAST_DAY, "b1")
    book = openpyxl.load_workbook(io.BytesIO(packs.to_xlsx([part], about)))
    assert book["Agreed actions"]["A2"].value == "'=1+1"


def test_the_chances_are_held_against_what_came(open_page: Open, purchases: Path) -> None:
    app = open_page("promise_dates", purchases, trust="true")
    (said,) = [text for text in texts(app) if text.startswith("Brier score")]
    own, rival = (float(word) for word in said.split() if word.startswith("0."))
    assert 0 <= own < 0.1
    assert own <= rival + 0.05


@pytest.mark.parametrize(
    ("page", "has_customers"), [("overview", True), ("suppliers", False), ("engine_line", False)]
)
def test_a_filter_is_offered_only_where_it_says_something(
    open_page: Open, warehouse: Path, page: str, has_customers: bool
) -> None:
    app = open_page(page, warehouse)
    assert ("Customer" in [choice.label for choice in app.sidebar.multiselect]) == has_customers


def test_what_holds_up_longest_is_listed_first(open_page: Open, purchases: Path) -> None:
    app = open_page("supplier_pack", purchases, supplier="BAD", period="Last 12 months")
    (shown,) = [one.value for one in app.dataframe if "blocked_id" in one.value]
    order = shown.sort_values(["state", "days_held"], ascending=False, kind="stable")
    assert shown["days_held"].to_list() == order["days_held"].to_list()
    assert set(shown["state"]) <= {"still held", "released"}


def test_a_promise_that_the_client_moved_is_not_called_unmoved() -> None:
    day = pd.Timestamp("2026-06-22")
    line = {
        "po_line_id": "PO1/10",
        "supplier_id": "S1",
        "supplier_name": "Bolts",
        "first_promised_date": day,
        "stated_promised_date": day,
        "n_slips": 0,
    }
    about = "PO1/10 of S1, Bolts, is to cover it; promised for 22 Jun 2026"
    assert tracing.covered(line) == f"{about}, not moved back by the supplier."
    moved = line | {"stated_promised_date": pd.Timestamp("2026-06-30"), "n_slips": 1}
    assert tracing.covered(moved) == f"{about}, now for 30 Jun 2026, moved back 1 time."


def test_a_build_with_a_part_that_came_late_is_never_all_there_in_time(
    monkeypatch: pytest.MonkeyPatch, purchases: Path
) -> None:
    monkeypatch.setenv("WAREHOUSE", str(purchases))
    as_of = queries.needed().as_of_date
    chosen = filters.Filters(periods.preset("Last 3 months", as_of), "month", as_of)
    rows = engine.waiting(chosen)
    assert (rows["n_missed"] > 0).any()
    assert (rows["probability"] == 0)[rows["n_missed"] > 0].all()
    assert rows["probability"].max() > 0.9


def test_the_promises_of_each_line_are_joined_by_a_line_of_its_own() -> None:
    day = pd.Timestamp("2026-06-01")
    rows = pd.DataFrame(
        {
            "po_line_id": ["A", "A", "B"],
            "version_no": [1, 2, 1],
            "recorded_date": [day] * 3,
            "promised_date": [day] * 3,
            "initiated_by": ["supplier"] * 3,
            "reason": [None] * 3,
        }
    )
    lines = pd.DataFrame({"po_line_id": ["A", "B"], "completed_date": [day, None]})
    drawn = supplier_pack.movement_chart(rows, lines).chart
    (joined,) = [one for one in drawn["layer"] if one["mark"]["type"] == "line"]
    assert joined["encoding"]["detail"]["field"] == "po_line_id"


ONE_DATE = """
po_id,line_no,supplier_id,item_id,site_id,order_date,promised_date,qty_ordered
"""


@pytest.fixture(scope="module")
def one_date(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client with one promised date a line, no need date, no count, no build and no order."""
    folder = tmp_path_factory.mktemp("one-date")
    lines, came = [ONE_DATE.strip()], ["po_id,line_no,received_date"]
    for number in range(60):
        ordered = dt.date(2026, 1, 5) + dt.timedelta(days=2 * number)
        due = ordered + dt.timedelta(days=20)
        lines.append(f"P{number},1,S{number % 2},part,DC,{ordered},{due},5")
        came.append(f"P{number},1,{due + dt.timedelta(days=(number % 2) * 9)}")
    for name, rows in (("purchase_order_lines", lines), ("receipts", came)):
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    files = sorted(folder.glob("*.csv"))
    assert {report.status for report in ingest(files, folder / "warehouse")} == {"loaded"}
    assert build(folder / "warehouse").build is not None
    return folder / "warehouse"


def test_of_one_date_a_line_only_what_can_be_said_is_said(open_page: Open, one_date: Path) -> None:
    app = open_page("promise_dates", one_date)
    assert [figure.label for figure in app.metric] == ["Promise coverage", "First promises kept"]
    (said,) = [one.value for one in app.caption if "no history of promises" in one.value]
    assert said.endswith(
        "Promise coverage, Promised by the need date, Last promises kept, On time to the need date."
    )
    app = open_page("suppliers", one_date)
    shown = app.dataframe[0].value
    assert not {"unit_on_time_rate", "slip_days", "n_blocked"} & set(shown.columns)


def test_coverage_of_one_date_a_line_cannot_be_told(open_page: Open, one_date: Path) -> None:
    with closing(builds.connect(one_date)) as con:
        assert measure(con, "promise_coverage_rate")["value"].tolist() == [1.0]
    for page in ("promise_dates", "supplier_pack"):
        app = open_page(page, one_date, supplier="S1")
        assert card(app, "Promise coverage")[0] == "\u2013"
        assert any(one.value.startswith("cannot be told: every line") for one in app.caption)
    app = open_page("promise_dates", one_date)
    assert any(one.value.startswith("Coverage cannot be told") for one in app.info)
    assert "100 %" not in [figure.value for figure in app.metric]
    app = open_page("suppliers", one_date)
    assert "promise_coverage_rate" not in app.dataframe[0].value


def test_without_builds_the_engine_line_says_what_to_load(open_page: Open, one_date: Path) -> None:
    app = open_page("engine_line", one_date)
    assert "No builds have been loaded" in app.info[0].value
    assert not app.metric


def test_a_pack_of_one_date_a_line_claims_nothing_of_moves_or_holdups(
    open_page: Open, one_date: Path
) -> None:
    app = open_page("supplier_pack", one_date, supplier="S1")
    assert not app.success
    said = " ".join(one.value for one in app.info)
    assert "Without a history nobody can say whether any moved." in said
    assert "what it holds up is not known" in said


def test_a_deliverys_mark_says_whether_it_came_in_full() -> None:
    line = {"is_counted": True, "qty_over": 0, "qty_open": 0}
    cases = [line, line | {"qty_over": 2}, line | {"qty_open": 1}, line | {"is_counted": False}]
    assert [suppliers.fullness(case) for case in cases] == [
        "full",
        "over",
        "short",
        "quantity not counted",
    ]


def test_what_came_since_the_last_review_is_held_against_the_same_length_before(
    monkeypatch: pytest.MonkeyPatch, purchases: Path
) -> None:
    monkeypatch.setenv("WAREHOUSE", str(purchases))
    as_of = queries.needed().as_of_date
    chosen = filters.Filters(periods.preset("Last 3 months", as_of), "month", as_of)
    found = since_review.rows(chosen, "BAD", dt.date(2026, 5, 14))
    assert since_review.said(found) == (
        "15 May 2026 to 14 Jun 2026 against 14 Apr 2026 to 14 May 2026"
    )
    due: dict[str, Any] = {
        "since": dt.date(2026, 5, 15),
        "until": as_of,
        "where": {"supplier_id": ["BAD"]},
    }
    with closing(builds.connect(purchases)) as con:
        row = measure(con, "promise_adherence_first", **due).iloc[0]
    assert found.set_index("metric")["n"]["First promises kept"] == row["n"]


def test_a_move_since_the_last_review_counts_only_beyond_chance() -> None:
    now = {"value": 0.9, "lower": 0.85, "upper": 0.95, "n": 100}
    then = {"value": 0.7, "lower": 0.6, "upper": 0.8, "n": 100}
    assert since_review.verdict(now, then, "higher") == "better"
    assert since_review.verdict(now, then, "lower") == "worse"
    assert since_review.verdict(now, then | {"upper": 0.86}, "higher") == "no clear change"
    assert since_review.verdict(now, then | {"n": 19}, "higher") == "too few"
