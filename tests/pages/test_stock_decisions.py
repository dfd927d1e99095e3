"""The planner's desk: what is proposed, decided, released and judged, and its empty states."""

import datetime as dt
import io
import shutil
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data import decisions
from data.ingest import ingest
from data.journal import Entry, Journal, journal_url
from tests import planned, small
from tests.pages.conftest import Open
from ui import deciding_record, desk, exports, queries, releases


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planned.make(tmp_path_factory.mktemp("planned"))


@pytest.fixture
def warehouse(made: Path, tmp_path: Path) -> Path:
    """A copy of one's own: the tests write to its journal."""
    return Path(shutil.copytree(made, tmp_path / "warehouse"))


def cards(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def said(app: AppTest) -> str:
    parts = [*app.text, *app.caption, *app.info, *app.success, *app.warning]
    return "\n".join(str(part.value) for part in parts)


def listed(app: AppTest) -> pd.DataFrame:
    (frame,) = [frame.value for frame in app.dataframe if "value_at_stake" in frame.value.columns]
    return frame


def choose(app: AppTest, first: int, name: str = "Ada", reason: str = "") -> AppTest:
    key = next(str(one.key) for one in app.number_input if str(one.key).startswith("first-"))
    app.number_input(key=key).set_value(first)
    app.text_input(key="decider").set_value(name)
    app.text_input(key="decision-reason").set_value(reason)
    return app.run()


def test_without_a_plan_the_page_says_how_to_make_one(open_page: Open, tmp_path: Path) -> None:
    app = open_page("stock_decisions", small.make(tmp_path))
    assert [code.value for code in app.code] == ["python -m forecasting run"]


def test_the_cards_say_what_is_open_what_it_costs_and_what_it_buys(
    open_page: Open, warehouse: Path
) -> None:
    # Two policies of equal demand: fill (0.5 + 0.7) / 2 today, (0.9 + 0.8) / 2 afterwards.
    app = open_page("stock_decisions", warehouse)
    assert cards(app) == {
        "Proposals open": "4",
        "Money to commit": "2,100 EUR",
        "Expected unit fill": "60.0 %",
        "Shown to decided": "no data",
        "Accepted as proposed": "no data",
    }
    assert "+25.0 pt once all is done" in [metric.delta for metric in app.metric]
    assert "3 purchases, 1 transfer" in said(app)
    assert "1 part with 1,400 EUR beyond a year's probable demand" in said(app)
    assert "Nothing has been decided yet." in said(app)
    assert "No change of mind can be judged yet" in said(app)


def test_the_list_is_ranked_by_what_is_at_stake_and_filters_stand_in_the_url(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("stock_decisions", warehouse)
    assert listed(app)["value_at_stake"].to_list() == [1000.0, 999.0, 998.0]
    assert listed(app)["why"].iloc[0].startswith("demand 2.1 a month, lead time 7 weeks, floor")
    app = open_page("stock_decisions", warehouse, kind="transfers")
    assert listed(app)[["from_site_id", "site_id", "qty"]].to_numpy().tolist() == [
        ["MEM", "DER", 3.0]
    ]
    app = open_page("stock_decisions", warehouse, site="DER")
    assert cards(app)["Proposals open"] == "1"


def test_opening_the_page_keeps_when_each_proposal_was_first_shown(
    open_page: Open, warehouse: Path
) -> None:
    for _ in range(2):
        open_page("stock_decisions", warehouse)
    with closing(Journal(journal_url(warehouse))) as journal:
        shown = journal.entries(decisions.SHOWN)
    assert sorted(payload["proposal_id"] for payload in shown["payload"]) == [
        "P000", "P001", "P002",
    ]  # fmt: skip


def test_many_are_approved_at_once_released_in_the_feeds_format_and_taken_back(
    open_page: Open, warehouse: Path
) -> None:
    app = choose(open_page("stock_decisions", warehouse), 2)
    assert "2 proposals chosen: 1,400 EUR, +0.40 pt of fill" in said(app)
    app.button(key="approve").click().run()
    assert "2 proposals approved. It can be taken back." in said(app)
    assert cards(app)["Proposals open"] == "2"
    assert cards(app)["Accepted as proposed"] == "100 %"
    assert "n 2 decisions" in said(app)
    assert "2 approved purchases worth 1,400 EUR not released yet." in said(app)
    assert listed(app)["value_at_stake"].to_list() == [998.0]
    app = open_page("stock_decisions", warehouse, state="approved")
    choose(app, 1)
    app.button(key="take-back").click().run()
    assert "1 proposal taken back." in said(app)
    assert cards(app)["Proposals open"] == "3"
    with closing(Journal(journal_url(warehouse))) as journal:
        assert len(journal.entries(decisions.DECISION)) == 3


def test_a_refusal_and_a_change_need_a_reason_and_a_name(open_page: Open, warehouse: Path) -> None:
    app = choose(open_page("stock_decisions", warehouse), 1)
    app.button(key="refuse").click().run()
    assert "A change or a refusal needs a reason." in said(app)
    choose(app, 1, name="")
    app.button(key="approve").click().run()
    assert "A decision needs your name." in said(app)
    assert cards(app)["Proposals open"] == "4"
    choose(app, 1, reason="half is enough")
    app.number_input(key="qty-P000").set_value(5.0)
    app.button(key="change").click().run()
    choose(app, 1, reason="the airline leaves")
    app.button(key="refuse").click().run()
    assert cards(app)["Accepted as proposed"] == "0 %"
    app = open_page("stock_decisions", warehouse, state="all")
    told = listed(app)[["decision", "decided_qty", "reason"]].head(2).to_numpy().tolist()
    assert told == [["changed", 5.0, "half is enough"], ["refused", 0.0, "the airline leaves"]]


def test_released_orders_load_back_as_purchase_lines(
    open_page: Open, warehouse: Path, tmp_path: Path
) -> None:
    app = choose(open_page("stock_decisions", warehouse), 2)
    app.button(key="approve").click().run()
    known = desk.history()
    lines = releases.purchase_lines(known)
    (tmp_path / "purchase_order_lines.csv").write_bytes(exports.bare_csv(lines))
    (tmp_path / "again.xlsx").write_bytes(exports.bare_xlsx(lines))
    other = tmp_path / "other"
    for file in ("purchase_order_lines.csv", "again.xlsx"):
        (report,) = ingest([tmp_path / file], other, feed="purchase_order_lines")
        entry = report.entry
        assert (report.status, entry.rows_accepted, entry.rows_rejected) == ("loaded", 2, 0)
    assert lines[["po_id", "qty_ordered", "order_date", "need_date"]].iloc[0].to_list() == [
        "SD-P000", "10", "2026-06-14", "2026-08-09",
    ]  # fmt: skip
    ready = known[known["decision"] == "approved"]
    releases.release(ready.to_dict("records"))
    app.run()
    assert "No approved purchase waits to be released; 2 proposals released so far." in said(app)


def test_approved_transfers_leave_as_a_list_and_are_released(
    open_page: Open, warehouse: Path
) -> None:
    app = choose(open_page("stock_decisions", warehouse, kind="transfers"), 1)
    assert "approved transfer" not in said(app)
    app.button(key="approve").click().run()
    assert "1 approved transfer not released yet." in said(app)
    known = desk.history()
    lines = releases.transfer_lines(known)
    assert lines.drop(columns="why").to_numpy().tolist() == [
        ["SD-P900", "A1", "MEM", "DER", "3", "2026-06-14", "Ada", "", "P900"]
    ]
    assert b"SD-P900,A1,MEM,DER,3" in exports.bare_csv(lines)
    book = io.BytesIO(exports.bare_xlsx(lines))
    again = pd.read_excel(book, dtype=str, keep_default_na=False, engine="openpyxl")
    pd.testing.assert_frame_equal(again, lines, check_dtype=False)
    releases.release(known[known["kind"] == "transfer"].to_dict("records"))
    app.run()
    assert "approved transfer" not in said(app)
    assert "No approved purchase waits to be released; 1 proposal released so far." in said(app)


def test_limits_are_set_for_the_next_run(open_page: Open, warehouse: Path) -> None:
    app = open_page("stock_decisions", warehouse)
    app.selectbox(key="limit-part").set_value("A1 at LYO")
    app.number_input(key="limit-max").set_value(6.0)
    app.text_input(key="limit-reason").set_value("shelf is full")
    app.text_input(key="limit-author").set_value("Ada")
    (submit,) = [one for one in app.button if one.label == "Set for the next run"]
    submit.click().run()
    assert "Set. The next run plans with it." in said(app)
    (rows,) = [frame.value for frame in app.dataframe if "max_level" in frame.value.columns]
    assert rows[["item_id", "site_id", "max_level"]].to_numpy().tolist() == [["A1", "LYO", 6.0]]


def kept(journal: Journal, number: int, shown: str, decided: str, **more: object) -> None:
    """A decision kept elsewhere, with its own times."""
    row = planned.purchase(number, **more)
    told = decisions.snapshot(row) | {
        "decision": more.get("decision", "approved"), "decided_qty": more.get("decided_qty", 10.0),
        "as_of": decided[:10], "at": decided,
    }  # fmt: skip
    subject = f"proposal:{row['proposal_id']}"
    journal.append(
        [
            Entry(decisions.SHOWN, subject, "desk", {"at": shown}),
            Entry(decisions.DECISION, subject, "Ada", told, reason="known"),
        ]
    )


def test_time_to_decide_and_acceptance_are_told_by_month(open_page: Open, warehouse: Path) -> None:
    with closing(Journal(journal_url(warehouse))) as journal:
        kept(journal, 10, "2026-01-05T08:00:00", "2026-01-11T08:00:00")
        kept(journal, 11, "2026-01-05T08:00:00", "2026-01-09T08:00:00", decision="refused")
        kept(journal, 12, "2026-03-02T08:00:00", "2026-03-03T08:00:00")
    app = open_page("stock_decisions", warehouse)
    assert deciding_record.by_month(desk.history())[
        ["n", "waited_days", "accepted_rate"]
    ].to_numpy().tolist() == [[2, 5.0, 0.5], [1, 1.0, 1.0]]
    assert "Mar 2026: 24 h to decide, 5.0 days in Jan 2026" in said(app)
    assert cards(app)["Shown to decided"] == "4.0 days"
    assert cards(app)["Accepted as proposed"] == "67 %"


def test_a_change_of_mind_is_judged_by_the_demand_of_the_days_it_was_about(
    open_page: Open, warehouse: Path
) -> None:
    with closing(Journal(journal_url(warehouse))) as journal:
        kept(journal, 10, "2026-01-05T08:00:00", "2026-01-06T08:00:00", decision="refused",
             decided_qty=0.0, position_qty=0.0)  # fmt: skip
        kept(journal, 11, "2026-06-01T08:00:00", "2026-06-02T08:00:00", decision="refused",
             decided_qty=0.0)  # fmt: skip
    app = open_page("stock_decisions", warehouse)
    (row,) = deciding_record.judged(desk.history(), planned.AS_OF).to_dict("records")
    days = queries.ask("demand_of_periods", unit="day", item_ids=["A1"])
    dates = pd.to_datetime(days["period_date"]).dt.date
    inside = (dates > dt.date(2026, 1, 6)) & (dates <= dt.date(2026, 3, 3))
    wanted = float(days.loc[inside & (days["site_id"] == "LYO"), "qty"].sum())
    assert (row["proposal_id"], row["demand_qty"]) == ("P010", wanted)
    assert row["short_decided_qty"] - row["short_proposed_qty"] == 10.0
    # Ten units more short, each with a margin of 30; nothing was left over either way.
    assert row["saved"] == pytest.approx(-300.0)
    assert "1 change of mind judged by the demand that came: together they cost 300 EUR" in said(
        app
    )
