"""The seasonal plan: set up, kept, allocated, moved by hand, approved, taken away and loaded."""

import datetime as dt
import io
import re
import shutil
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from data.ingest import ingest
from data.journal import Journal, journal_url
from forecasting.season.faults import SeasonError
from tests import small, small_seasons
from tests.pages.conftest import Open
from ui import exports
from ui.season import approving, choosing, planning, records, workbook
from ui.season.setup import Setup, faults, typed

START, END = dt.date(2026, 11, 2), dt.date(2026, 12, 27)
EVEN = {"north": 120.0, "south": 72.0, "west": 48.0}
"""What flutes get where: 240 by what the stores have always sold, 10, 6 and 4 a week."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_seasons.make(tmp_path_factory.mktemp("plan"))


@pytest.fixture
def warehouse(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of one's own: the tests write to its journal."""
    folder = Path(shutil.copytree(made, tmp_path / "warehouse"))
    monkeypatch.setenv("WAREHOUSE", str(folder))
    return folder


def flutes(**more: object) -> Setup:
    items = pd.DataFrame(
        {"item_id": ["flutes"], "qty_total": [260.0], "qty_held_back": [20.0], "pack": [1.0]}
    )
    return Setup("xmas-2026", "Christmas", START, END, items=typed(items, "items"), **more)  # type: ignore[arg-type]


def values(app: object, label: str) -> str:
    return str(next(m.value for m in app.metric if m.label == label))  # type: ignore[attr-defined]


def table(app: object, column: str) -> pd.DataFrame:
    """The first table that has a column."""
    found = (d.value for d in app.dataframe if column in d.value.columns)  # type: ignore[attr-defined]
    return pd.DataFrame(next(iter(found)))


def allocated(app: object, item: str = "flutes") -> dict[str, float]:
    rows = table(app, "chance_lasts")
    rows = rows[rows["item_id"] == item]
    return dict(zip(rows["site_id"], rows["qty"], strict=True))


def test_without_any_season_the_page_offers_to_set_one_up(open_page: Open, tmp_path: Path) -> None:
    app = open_page("seasonal_plan", small.make(tmp_path))
    assert next(info.value for info in app.info).startswith("No season is known yet.")


def test_a_new_season_buys_what_sold_a_year_before_and_shares_it_out(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("seasonal_plan", warehouse)
    app.text_input(key="new-code").set_value("xmas-2026")
    app.text_input(key="new-author").set_value("A. Planner")
    app.date_input(key="new-start").set_value(START)
    app.date_input(key="new-end").set_value(END)
    app.multiselect(key="new-families").set_value(["toys"])
    app.number_input(key="new-growth").set_value(50)
    app.run().button(key="new-keep").click().run()
    assert not app.exception
    # Drums sell 10 a week, flutes 20: eight weeks and half of it more, a tenth held back.
    assert values(app, "Total buy") == "360"
    assert values(app, "Held back") == "36"
    assert allocated(app) == {"north": 108, "south": 65, "west": 43}
    (version,) = records.versions("xmas-2026")
    assert (version.author, version.setup.items["qty_total"].to_list()) == (
        "A. Planner",
        [120.0, 240.0],
    )


def test_a_changed_total_is_answered_at_once_and_kept_only_with_name_and_reason(
    open_page: Open, warehouse: Path
) -> None:
    records.keep_setup(flutes(), "A. Planner", "set up")
    app = open_page("seasonal_plan", warehouse, season="xmas-2026")
    assert allocated(app) == EVEN
    app.session_state["items-xmas-2026-1-0"] = {
        "edited_rows": {0: {"qty_total": 500.0}}, "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    app.run()
    assert sum(allocated(app).values()) == 480
    keep = next(b for b in app.button if b.label == "Keep the set-up")
    assert keep.disabled
    app.text_input(key="planner").set_value("B. Buyer")
    app.text_input(key="setup-reason").set_value("more was bought").run()
    next(b for b in app.button if b.label == "Keep the set-up").click().run()
    kept = records.versions("xmas-2026")
    assert [(v.number, v.author, v.reason) for v in kept] == [
        (1, "A. Planner", "set up"),
        (2, "B. Buyer", "more was bought"),
    ]
    assert kept[1].setup.items["qty_total"].to_list() == [500.0]


def test_units_moved_by_hand_come_from_somewhere_and_go_back_when_withdrawn(
    open_page: Open, warehouse: Path
) -> None:
    records.keep_setup(flutes(), "A. Planner", "set up")
    app = open_page("seasonal_plan", warehouse, season="xmas-2026")
    app.text_input(key="planner").set_value("A. Planner")
    app.selectbox(key="adjust-from").set_value("held back")
    app.selectbox(key="adjust-to").set_value("west")
    app.number_input(key="adjust-qty").set_value(15.0)
    app.text_input(key="adjust-reason").set_value("a fair next door")
    next(b for b in app.button if b.label == "Move").click().run()
    assert not app.exception
    assert allocated(app) == EVEN | {"west": 63}
    assert values(app, "Held back") == "5"
    assert values(app, "Allocated") == "255"
    row = records.adjustments("xmas-2026").iloc[0]
    assert (row["reason"], row["qty"]) == ("a fair next door", 15)
    records.withdraw(records.ADJUSTMENT, "xmas-2026", row["entry_id"], "A. Planner", "withdrawn")
    assert allocated(app.run()) == EVEN
    with closing(Journal(journal_url(warehouse))) as journal:
        assert len(journal.entries(records.ADJUSTMENT)) == 2


def test_more_than_is_there_is_not_moved(open_page: Open, warehouse: Path) -> None:
    records.keep_setup(flutes(), "A. Planner", "set up")
    app = open_page("seasonal_plan", warehouse, season="xmas-2026")
    app.text_input(key="planner").set_value("A. Planner")
    app.selectbox(key="adjust-from").set_value("west")
    app.number_input(key="adjust-qty").set_value(500.0)
    app.text_input(key="adjust-reason").set_value("x")
    next(b for b in app.button if b.label == "Move").click().run()
    assert "Only 48 are there to be moved." in [text.value for text in app.text]
    assert records.adjustments("xmas-2026").empty


def test_what_is_approved_is_loaded_back_as_allocations_and_seasons(
    open_page: Open, warehouse: Path, tmp_path: Path
) -> None:
    records.keep_setup(flutes(), "A. Planner", "set up")
    app = open_page("seasonal_plan", warehouse, season="xmas-2026")
    app.text_input(key="planner").set_value("A. Planner")
    app.text_input(key="approve-reason").set_value("as agreed").run()
    next(b for b in app.button if b.label == "Approve version 1").click().run()
    assert values(app, "Status") == "Approved"
    approval = records.approvals("xmas-2026").iloc[-1]
    at = approval["recorded_at"].to_pydatetime()
    rows = approving.as_feed("xmas-2026", records.approved_rows(approval), at)
    assert rows["qty_allocated"].sum() == approval["qty_allocated"] == 240
    season = approving.season_as_feed(flutes(), approval["held_back"], at)
    for name, told in (("allocations", rows), ("seasons", season)):
        (tmp_path / f"{name}.csv").write_bytes(exports.bare_csv(told))
        (tmp_path / f"{name}.xlsx").write_bytes(exports.bare_xlsx(told))
        for ending in ("csv", "xlsx"):
            (report,) = ingest([tmp_path / f"{name}.{ending}"], tmp_path / f"lake-{ending}", name)
            entry = report.entry
            assert (entry.rows_accepted, entry.rows_rejected) == (len(told), 0), report.reasons


def test_a_change_after_the_approval_is_said_and_the_approval_can_be_taken_back(
    open_page: Open, warehouse: Path
) -> None:
    records.keep_setup(flutes(), "A. Planner", "set up")
    rows = pd.DataFrame(
        {"item_id": ["flutes"], "site_id": ["west"], "qty_allocated": [1.0], "qty_on_hand": [0.0]}
    )
    about = {"version": 1, "rule": "probability", "qty_total": 1.0, "qty_allocated": 1.0}
    records.approve("xmas-2026", rows, {**about, "qty_held_back": 0.0}, "A. Planner", "ok")
    records.keep_setup(flutes(rule="proportional"), "B. Buyer", "another rule")
    app = open_page("seasonal_plan", warehouse, season="xmas-2026")
    assert values(app, "Status") == "Changed"
    app.text_input(key="planner").set_value("C. Chief").run()
    next(b for b in app.button if b.label == "Take the approval back").click().run()
    assert values(app, "Status") == "Draft"
    with closing(Journal(journal_url(warehouse))) as journal:
        assert journal.entries(records.APPROVAL)["author"].to_list() == ["A. Planner", "C. Chief"]


def test_units_moved_after_the_approval_are_not_approved_with_it(
    open_page: Open, warehouse: Path
) -> None:
    records.keep_setup(flutes(), "A. Planner", "set up")
    app = open_page("seasonal_plan", warehouse, season="xmas-2026")
    app.text_input(key="planner").set_value("A. Planner")
    app.text_input(key="approve-reason").set_value("as agreed").run()
    next(b for b in app.button if b.label == "Approve version 1").click().run()
    assert values(app, "Status") == "Approved"
    moved = {"item_id": "flutes", "from_site": "north", "to_site": "west", "qty": 5.0}
    records.adjust("xmas-2026", moved, "A. Planner", "a fair next door")
    assert values(app.run(), "Status") == "Changed"


def test_a_second_approval_replaces_the_first_and_both_stay_in_the_journal(warehouse: Path) -> None:
    rows = pd.DataFrame(
        {"item_id": ["flutes"], "site_id": ["west"], "qty_allocated": [1.0], "qty_on_hand": [0.0]}
    )
    for reason in ("first", "second"):
        records.approve("s", rows, {"version": 1}, "A. Planner", reason)
    assert records.approvals("s")["reason"].to_list() == ["second"]
    with closing(Journal(journal_url(warehouse))) as journal:
        assert len(journal.entries(records.APPROVAL)) == 2


def test_an_earlier_version_is_brought_back_as_the_newest(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.keep_setup(flutes(), "A. Planner", "set up")
    records.keep_setup(flutes(rule="proportional"), "B. Buyer", "another rule")
    kept = records.versions("xmas-2026")
    choice = choosing.Choice("xmas-2026", kept, kept[-1].setup)
    monkeypatch.setattr(choosing, "signed", lambda: "C. Chief")
    choosing.again(choice, kept[0])
    newest = records.versions("xmas-2026")[-1]
    assert newest.setup.payload() == flutes().payload()
    assert (newest.number, newest.author) == (3, "C. Chief")
    assert newest.reason == "version 1 brought back"


def test_waves_add_up_to_what_is_allocated(open_page: Open, warehouse: Path) -> None:
    waves = pd.DataFrame({"arrives_on": ["2026-11-30"], "percent": [25.0]})
    records.keep_setup(flutes(waves=typed(waves, "waves")), "A. Planner", "set up")
    app = open_page("seasonal_plan", warehouse, season="xmas-2026")
    by_day = table(app, "n_stores")
    assert by_day["qty"].to_list() == [180, 60]
    assert sum(allocated(app).values()) == 240


def test_a_new_store_and_a_new_item_get_what_their_likes_sell(
    open_page: Open, warehouse: Path
) -> None:
    items = pd.DataFrame(
        {"item_id": ["horns"], "qty_total": [100.0], "like": ["flutes"], "like_size": [0.5]}
    )
    sites = pd.DataFrame({"site_id": ["east"], "like": ["north"], "like_size": [1.0]})
    setup = Setup(
        "xmas-2026", "Christmas", START, END, items=typed(items, "items"),
        sites=typed(sites, "sites"),
    )  # fmt: skip
    records.keep_setup(setup, "A. Planner", "set up")
    app = open_page("seasonal_plan", warehouse, season="xmas-2026")
    rows = table(app, "chance_lasts").set_index("site_id")
    assert rows.loc["east", "qty"] == pytest.approx(rows.loc["north", "qty"], abs=2)
    assert rows["qty"].sum() == 100
    # Flutes sell 20 a week in the chain without the new store.
    assert rows["qty_expected"].sum() == pytest.approx(8 * 20 * 0.5, rel=0.05)


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ({"item_id": ["flutes"], "qty_total": [-5.0]}, "qty_total is -5.0 (expected 0 or more)"),
        ({"item_id": ["horns"], "qty_total": [5.0]}, "no demand of these items"),
    ],
)
def test_a_season_that_cannot_be_planned_says_why(
    open_page: Open, warehouse: Path, items: dict[str, list[object]], said: str
) -> None:
    setup = Setup("bad", "Bad", START, END, items=typed(pd.DataFrame(items), "items"))
    records.keep_setup(setup, "A. Planner", "set up")
    app = open_page("seasonal_plan", warehouse, season="bad")
    assert any("cannot be planned" in error.value for error in app.error)
    assert any(said in text.value for text in app.text)


def test_a_season_of_the_data_is_planned_as_it_was_bought(open_page: Open, warehouse: Path) -> None:
    app = open_page("seasonal_plan", warehouse, season="summer-2026")
    assert values(app, "Total buy") == "100"
    assert values(app, "Held back") == "20"
    assert allocated(app, "drums") == {"north": 40, "south": 24, "west": 16}


def test_a_total_of_nothing_and_a_minimum_above_the_total_are_answered_in_the_page(
    open_page: Open, warehouse: Path
) -> None:
    items = pd.DataFrame({"item_id": ["drums", "flutes"], "qty_total": [0.0, 50.0]})
    sites = pd.DataFrame({"site_id": ["north", "west"], "qty_presentation": [60.0, 60.0]})
    setup = Setup(
        "low", "Low", START, END, items=typed(items, "items"), sites=typed(sites, "sites")
    )
    records.keep_setup(setup, "A. Planner", "set up")
    app = open_page("seasonal_plan", warehouse, season="low")
    assert not app.exception
    assert sum(allocated(app, "drums").values()) == 0
    assert sum(allocated(app).values()) == 50
    said = [text.value for text in app.text]
    assert any("item flutes: the total does not cover every minimum" in line for line in said)
    assert any("every store counts as empty" in line for line in said)


def test_overlapping_seasons_of_an_item_are_named() -> None:
    others = pd.DataFrame(
        {
            "season_id": ["autumn"],
            "item_id": ["flutes"],
            "start_date": [pd.Timestamp("2026-10-01")],
            "end_date": [pd.Timestamp("2026-11-30")],
        }
    )
    (line,) = faults(flutes(), others)
    assert line.startswith("Item flutes is in season autumn at the same time")


@pytest.mark.parametrize(
    "told", [{"event": "christmas", "reference": dt.date(2025, 10, 27), "counts_stock": False}, {}]
)
def test_a_set_up_comes_back_from_the_journal_and_from_a_workbook_as_it_was(
    warehouse: Path, told: dict[str, object]
) -> None:
    sites = pd.DataFrame(
        {"site_id": ["007", "west"], "item_id": [None, "00123"], "is_open": [False, None],
         "qty_max": [None, 12.0]}
    )  # fmt: skip
    waves = pd.DataFrame({"arrives_on": [pd.Timestamp("2026-11-30")], "percent": [25.0]})
    setup = flutes(
        sites=typed(sites, "sites"), waves=typed(waves, "waves"), rule="percent", **told
    )  # fmt: skip
    records.keep_setup(setup, "A. Planner", "set up")
    assert records.versions("xmas-2026")[0].setup.payload() == setup.payload()
    sheets = workbook.read("setup.xlsx", workbook.to_xlsx(setup))
    beside = flutes(event="easter", reference=dt.date(2025, 3, 3), is_fine=True)
    again = workbook.from_sheets(sheets, beside)
    assert again.payload() == setup.payload()
    assert again.sites["site_id"].to_list() == ["007", "west"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("items.csv", "item_id,qty_total\nflutes,many\n", "items row 1: qty_total is many"),
        ("items.csv", "item_id,qty_total,colour\nflutes,1,red\n", "column 'colour' is not known"),
        ("x.csv", "a,b\n1,2\n", "expected a column percent"),
        ("x.xlsx", "no workbook", "x.xlsx cannot be read"),
        ("waves.csv", "arrives_on,percent\nsoon,10\n", "arrives_on is soon (expected a date"),
    ],
)
def test_a_file_that_is_no_set_up_is_refused_in_one_line(
    name: str, content: str, said: str
) -> None:
    with pytest.raises(SeasonError, match=said.replace("(", r"\(")) as raised:
        workbook.from_sheets(workbook.read(name, content.encode()), flutes())
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("start", "soon", "start is soon (expected a date, YYYY-MM-DD)"),
        ("rule", "fair", "rule is fair (expected probability, proportional,"),
        ("event", "carnival", "event is carnival (expected none, easter,"),
        ("counts_stock", "perhaps", "counts_stock is perhaps (expected yes or no)"),
        ("colour", "red", "colour is not known (season_id, title,"),
    ],
)
def test_a_value_that_a_season_cannot_have_is_refused_in_one_line(
    what: str, value: str, said: str
) -> None:
    sheet = pd.DataFrame({"what": [what], "value": [value]})
    with pytest.raises(SeasonError, match=re.escape(f"sheet 'season': {said}")):
        workbook.from_sheets({"season": sheet}, flutes())


def test_a_table_of_items_fills_only_the_items() -> None:
    told = io.BytesIO(b"item_id,qty_total,pack\n00123,500,12\n").getvalue()
    filled = workbook.from_sheets(workbook.read("items.csv", told), flutes())
    assert filled.items[["item_id", "qty_total", "pack"]].to_numpy().tolist() == [
        ["00123", 500.0, 12.0]
    ]
    assert filled.start == START


def test_a_week_with_an_empty_shelf_is_drawn_as_it_sold() -> None:
    weeks = pd.date_range("2026-01-05", periods=2, freq="7D")
    sales = pd.DataFrame(
        [("drums/north", week, qty, qty > 1) for week, qty in zip(weeks, (5.0, 1.0), strict=True)]
        + [("drums/south", week, 3.0, True) for week in weeks]
        + [("flutes/north", week, 9.0, True) for week in weeks],
        columns=["unique_id", "ds", "y", "in_stock"],
    )
    assert planning.sold_by_week(sales, "drums", None).to_list() == [8, 4]
    assert planning.sold_by_week(sales, "drums", "north").to_list() == [5, 1]
    assert planning.sold_by_week(sales, "horns", None).empty
