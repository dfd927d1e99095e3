"""One voice: the same metric, time and filter say the same figure wherever they are asked.

On every page, in every file that a page offers, and from `python -m data measure`.
"""

import base64
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from data.__main__ import main
from data.build import build
from data.ingest import ingest
from tests import small, small_purchases
from tests.pages.conftest import Open
from ui import formats, queries

SPRING = ["--since", "2026-03-01", "--until", "2026-05-31"]
MAY = ["--since", "2026-05-01", "--until", "2026-05-31"]
CARDS = {
    "overview": [
        "order_on_time_rate",
        "availability_rate",
        "line_side_on_time_rate",
        "promise_adherence_first",
        "line_fill_rate",
    ],
    "fill_rate": ["unit_fill_rate", "line_fill_rate", "order_fill_rate", "value_fill_rate"],
    "promise_dates": [
        "promise_coverage_rate",
        "promise_to_need_rate",
        "promise_adherence_first",
        "promise_adherence_last",
        "need_date_rate",
    ],
    "suppliers": [
        "promise_adherence_first",
        "promise_adherence_last",
        "unit_on_time_rate",
        "acceptance_rate",
        "late_edit_rate",
    ],
    "supplier_pack": [
        "promise_adherence_first",
        "promise_adherence_last",
        "need_date_rate",
        "promise_coverage_rate",
        "acceptance_rate",
    ],
    "engine_line": [
        "line_side_on_time_rate",
        "engines_shipped_on_time",
        "kit_readiness_rate",
        "single_part_blockers",
    ],
}
"""Page, and the metrics on its cards."""
TARGETS = """
client = "Engine maker"
currency = "EUR"
go_live_date = 2026-01-05
[targets]
order_on_time_rate = 0.6
line_fill_rate = 0.9
unit_fill_rate = 0.9
promise_adherence_first = 0.8
need_date_rate = 0.3
line_side_on_time_rate = 0.9
"""
OWN = [f"OWN{week:02d}" for week in range(30)]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client with customers, purchases, builds, and a warehouse of its own that delivers late."""
    folder = tmp_path_factory.mktemp("everything")
    small.write_feeds(folder / "customers")
    small_purchases.write_feeds(folder / "purchases")
    own = folder / "own"
    own.mkdir()
    stock = ("OWN", "Own stock", "EMEA", "true")
    small.write(own / "suppliers.csv", "supplier_id supplier_name region is_own_warehouse", [stock])
    ordered = [f"{day:%Y-%m-%d}" for day in pd.date_range("2025-09-01", periods=30, freq="7D")]
    due = [f"{day:%Y-%m-%d}" for day in pd.date_range("2025-11-01", periods=30, freq="7D")]
    small.write(
        own / "purchase_order_lines.csv",
        "po_id line_no supplier_id item_id site_id order_date need_date promised_date qty_ordered",
        [(po, 1, "OWN", "bolt", "PLT", day, by, by, 3)
         for po, day, by in zip(OWN, ordered, due, strict=True)],
    )  # fmt: skip
    warehouse = folder / "warehouse"
    loads = ingest([folder / "customers", folder / "purchases", own], warehouse)
    assert {load.status for load in loads} == {"loaded"}
    report = build(warehouse)
    assert report.build is not None, report.failed
    (warehouse / "settings.toml").write_text(TARGETS, encoding="utf-8")
    return warehouse


@dataclass(frozen=True)
class Figure:
    """A value and its n as a page, a file or the command says them."""

    value: str
    n: str


@pytest.fixture
def told(
    everything: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, Any]]:
    """Ask `python -m data measure`; of outside suppliers where the metric tells them apart."""
    monkeypatch.setenv("WAREHOUSE", str(everything))

    def asked(metric: str, *options: str, when: list[str] = SPRING) -> dict[str, Any]:
        known = queries.catalogue()[metric].dimensions
        if "supplier_type" in known:
            options = (*options, "--where", "supplier_type=outside")
        given = ["measure", metric, *when, *options, "--json", "--warehouse", str(everything)]
        assert main(given) == 0
        (row,) = json.loads(capsys.readouterr().out)
        return dict(row)

    return asked


def figure(row: Mapping[Any, Any]) -> Figure:
    return Figure(formats.rate(row["value"], row["n"]), formats.count(row["n"]))


def cards(app: AppTest) -> dict[str, Figure]:
    """Every card of a page by its label: the value, and the n in the line below it."""
    found = {}
    for block in blocks(app.main):
        kinds = {child.type: child for child in block.children.values()}
        if "metric" not in kinds or "caption" not in kinds:
            continue
        n = re.search(r"n ([\d,]+)", kinds["caption"].value)
        if n is not None:
            found[kinds["metric"].label] = Figure(kinds["metric"].value, n[1])
    return found


def blocks(block: Any) -> Iterator[Any]:
    yield block
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from blocks(child)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """Every file that the pages opened offer, by its name; it is made when it is called for."""
    files: dict[str, Callable[[], bytes]] = {}
    added = MediaFileManager.add_deferred

    def noted(self: Any, made: Any, *about: Any, **more: Any) -> str:
        files[more["file_name"].replace("-20260614-1", "")] = cache(made)
        return added(self, made, *about, **more)

    monkeypatch.setattr(MediaFileManager, "add_deferred", noted)
    return files


def csv(made: Callable[[], bytes]) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(made()), encoding="utf-8-sig")


def sheets(made: Callable[[], bytes]) -> dict[str, list[dict[str, Any]]]:
    """Every sheet of a workbook as its rows."""
    book = openpyxl.load_workbook(io.BytesIO(made()))
    return {
        sheet.title: [
            dict(zip([cell.value for cell in sheet[1]], line, strict=True))
            for line in sheet.iter_rows(min_row=2, values_only=True)
        ]
        for sheet in book
    }


def printed(made: Callable[[], bytes]) -> str:
    """The text of a PDF as it was written; what is not ASCII is left out."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", made(), re.DOTALL)
    drawn = []
    for stream in streams:
        try:
            page = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        except (ValueError, zlib.error):
            continue
        drawn += re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", page)
    return " ".join(text.decode("ascii", "ignore") for text in drawn)


@pytest.mark.parametrize("page", list(CARDS))
def test_every_card_says_what_the_command_says(
    open_page: Open, everything: Path, told: Callable[..., dict[str, Any]], page: str
) -> None:
    is_pack = page == "supplier_pack"
    app = open_page(page, everything, **({"supplier": "BAD"} if is_pack else {}))
    of_one = ("--where", "supplier_id=BAD") if is_pack else ()
    wanted = {
        queries.catalogue()[metric].label: figure(told(metric, *of_one)) for metric in CARDS[page]
    }
    assert cards(app) == wanted


def test_the_register_says_what_the_cards_of_its_month_say(
    open_page: Open, everything: Path, told: Callable[..., dict[str, Any]]
) -> None:
    app = open_page("governance", everything)
    (shown,) = [one.value for one in app.dataframe if "aim" in one.value]
    register = shown.set_index("label")[["value", "n"]].to_dict("index")
    assert len(register) == 6
    pages = {
        page: cards(open_page(page, everything, period="Last month"))
        for page in ("overview", "fill_rate", "promise_dates", "engine_line")
    }
    for label, row in register.items():
        same = {page: shown[label] for page, shown in pages.items() if label in shown}
        assert same
        assert same == dict.fromkeys(same, figure(row)), label


def test_the_rows_of_charts_and_tables_say_what_the_command_says(
    open_page: Open,
    everything: Path,
    told: Callable[..., dict[str, Any]],
    offered: dict[str, Callable[[], bytes]],
) -> None:
    open_page("overview", everything, metric="First promises kept")
    open_page("fill_rate", everything, closer="lines", by="site")
    open_page("promise_dates", everything)
    open_page("suppliers", everything)
    open_page("engine_line", everything)
    for metric in ("promise_adherence_first", "line_fill_rate", "line_side_on_time_rate"):
        row = told(metric, when=MAY)
        months = csv(offered[f"{metric}-by-month.csv"]).set_index("period")
        book = sheets(offered[f"{metric}-by-month.xlsx"])
        (may,) = [one for one in book["Rows"] if f"{one['period']:%Y-%m-%d}" == "2026-05-01"]
        assert (may["value"], may["n"]) == pytest.approx((row["value"], row["n"]))
        assert list(months.loc["2026-05-01", ["value", "n"]]) == pytest.approx(
            [may["value"], may["n"]]
        )
        about = {one["statement"]: one["value"] for one in book["About"]}
        assert about["definition"] == f"{metric} v{queries.catalogue()[metric].version}"
        assert about["as_of_date"] == "2026-06-14"
    row = told("line_fill_rate", "--where", "site_id=MEM")
    sites = csv(offered["line_fill_rate-by-site_id.csv"]).set_index("site_id")
    assert list(sites.loc["MEM", ["value", "n"]]) == pytest.approx([row["value"], row["n"]])
    row = told("promise_adherence_first", "--where", "supplier_id=BAD")
    for file in ("promise_adherence_first-by-supplier_id.csv", "suppliers.csv"):
        suppliers = csv(offered[file]).set_index("supplier_id")
        assert sorted(suppliers.index) == ["BAD", "GOOD"], file
        assert list(suppliers.loc["BAD", ["value", "n"]]) == pytest.approx(
            [row["value"], row["n"]]
        ), file


def test_missed_units_are_the_same_on_fill_rate_and_choke_points_and_in_their_files(
    open_page: Open,
    everything: Path,
    told: Callable[..., dict[str, Any]],
    offered: dict[str, Callable[[], bytes]],
) -> None:
    row = told("unit_fill_rate")
    missed = row["denominator"] - row["numerator"]
    assert missed == told("missed_units_by_cause")["numerator"] == 790
    app = open_page("choke_points", everything)
    (said,) = [one.value for one in app.metric if one.label == "Missed units"]
    assert said == formats.count(missed)
    open_page("fill_rate", everything)
    sums = {
        file: csv(made)["qty_missed"].sum()
        for file, made in offered.items()
        if file in ("choke-points.csv", "missed-units.csv", "worst-items.csv", "missed-lines.csv")
    }
    assert sums == dict.fromkeys(sums, missed)
    assert len(sums) == 4


def test_the_page_to_print_the_pack_and_the_register_say_what_the_command_says(
    open_page: Open,
    everything: Path,
    told: Callable[..., dict[str, Any]],
    offered: dict[str, Callable[[], bytes]],
) -> None:
    open_page("overview", everything)
    page = printed(offered["overview-2026-06-14.pdf"])
    for metric in CARDS["overview"]:
        said, label = figure(told(metric)), queries.catalogue()[metric].label
        assert re.search(rf"{label} {re.escape(said.value)} .*?\b{said.n} {metric} v\d", page), (
            label,
            said,
        )
    row = told("promise_adherence_first", "--where", "supplier_id=BAD")
    open_page("supplier_pack", everything, supplier="BAD")
    pack = sheets(offered["supplier-BAD.xlsx"])["Since the last review"]
    (kept,) = [one for one in pack if one["Measure"] == "First promises kept"]
    assert (kept["Now"], kept["n"]) == pytest.approx((row["value"], row["n"]))
    assert f"First promises kept {kept['Now']:.1%}".replace("%", f" % {row['n']} ") in printed(
        offered["supplier-BAD.pdf"]
    )
    open_page("governance", everything)
    register = csv(offered["register.csv"]).set_index("metric")
    for metric in register.index:
        row = told(metric, when=MAY)
        assert list(register.loc[metric, ["value", "n"]]) == pytest.approx(
            [row["value"], row["n"]]
        ), metric
