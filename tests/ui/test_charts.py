"""Charts say their finding in words, mark what must be marked, and say how few lines there are."""

import datetime as dt
import itertools
import json
from typing import Any

import pandas as pd
import pyarrow as pa
from streamlit.config import get_config_options

from ui import bars, charts, trends

AS_OF = dt.date(2026, 6, 14)


def series(values: list[float], n: int = 400, pending: int = 0) -> pd.DataFrame:
    """Monthly shares that end in the open month of June 2026, with a band of 2 points."""
    starts = pd.date_range(end="2026-06-01", periods=len(values), freq="MS")
    return pd.DataFrame(
        {
            "period": starts,
            "value": values,
            "n": n,
            "pending": [0] * (len(values) - 1) + [pending],
            "lower": [v - 0.02 for v in values],
            "upper": [v + 0.02 for v in values],
        }
    )


def drawn(draw: Any) -> Any:
    """The function that draws, before what it draws is kept for the browser."""
    return draw.__wrapped__


def trend(values: list[float], **options: Any) -> charts.Finding:
    frame = series(values, pending=options.pop("pending", 0))
    found: charts.Finding = drawn(trends.trend)(
        frame, label="Availability", every="month", as_of=AS_OF, **options
    )
    return found


def texts(finding: charts.Finding) -> set[str]:
    """Every label that a chart writes beside its marks."""
    spec = finding.chart.to_dict()
    return {row["said"] for rows in spec["datasets"].values() for row in rows if "said" in row}


def test_a_rise_beyond_chance_is_the_title_with_its_size() -> None:
    found = trend([0.65, 0.66, 0.70, 0.80, 0.85, 0.90, 0.91])
    assert (
        found.title == "Availability: 90.0 % in May 2026, the best ever; up 20.0 pt since Feb 2026"
    )


def test_a_move_within_the_interval_is_called_chance() -> None:
    found = trend([0.80, 0.81, 0.80, 0.79, 0.80, 0.80, 0.80])
    assert found.title.endswith("no clear change since Feb 2026")


def test_the_gap_to_the_target_is_told_when_the_month_is_not_the_best() -> None:
    found = trend([0.93, 0.90, 0.91, 0.90, 0.89, 0.88, 0.91], target=0.9)
    assert found.title.startswith("Availability: 88.0 % in May 2026, 2.0 pt from target")


def test_the_open_period_never_counts_as_best_or_latest() -> None:
    found = trend([0.80, 0.81, 0.82, 0.83, 0.99], target=0.9)
    assert "83.0 % in May 2026, the best ever" in found.title
    assert "Best month ever: 83.0 % in May 2026" in found.said


def test_target_go_live_and_best_are_named_on_the_chart() -> None:
    found = trend([0.7, 0.8, 0.9, 0.85], target=0.9, go_live=(dt.date(2026, 4, 6), "Go-live"))
    assert texts(found) == {"target 90 %", "Go-live", "best ever 90.0 %"}


def test_a_go_live_outside_the_trend_is_not_drawn() -> None:
    found = trend([0.7, 0.8, 0.9, 0.85], go_live=(dt.date(2020, 1, 1), "Go-live"))
    assert texts(found) == {"best ever 90.0 %"}


def test_lines_not_due_yet_stand_below_as_a_count() -> None:
    found = trend([0.8, 0.8, 0.8], pending=1204)
    assert (found.below is not None, found.below_said) == (True, "1,204 lines not due yet.")
    assert trend([0.8, 0.8, 0.8]).below is None


def test_a_trend_with_no_closed_period_says_so() -> None:
    assert trend([0.8]).title == "Availability: no month has closed yet"


def places(**sites: tuple[float, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "site_id": name,
                "value": v,
                "n": n,
                "pending": 0,
                "lower": v - 0.05,
                "upper": v + 0.05,
            }
            for name, (v, n) in sites.items()
        ]
    )


def where(frame: pd.DataFrame) -> charts.Finding:
    found: charts.Finding = drawn(bars.where)(
        frame, dimension="site_id", names="sites", label="Line fill rate"
    )
    return found


def bar_rows(finding: charts.Finding) -> list[dict[str, Any]]:
    spec = finding.chart.to_dict()
    return [row for rows in spec["datasets"].values() for row in rows if row["role"] != "quiet"]


def test_the_worst_comes_first_and_is_named_in_the_title() -> None:
    found = where(places(LYO=(0.9, 300), DER=(0.7, 300), TOU=(0.8, 300)))
    assert found.title == "DER is worst at 70.0 %, LYO highest at 90.0 %"
    assert [row["name"] for row in bar_rows(found)] == ["DER", "TOU", "LYO"]


def test_a_place_with_few_lines_is_grey_stands_last_and_is_never_called_worst() -> None:
    found = where(places(LYO=(0.9, 300), DER=(0.7, 300), NEW=(0.1, 9)))
    assert found.title == "DER is worst at 70.0 %"
    assert [row["name"] for row in bar_rows(found)] == ["DER", "LYO"]


def test_places_that_differ_by_chance_are_not_ranked_in_words() -> None:
    found = where(places(LYO=(0.84, 300), DER=(0.80, 300)))
    assert found.title == "Line fill rate: the sites differ no more than chance"


def test_the_title_compares_with_the_best_place_even_where_it_is_not_drawn() -> None:
    many = {f"C{number:02}": (0.60, 300) for number in range(15)} | {"BEST": (0.99, 300)}
    assert where(places(**many)).title == (
        "C00 is worst at 60.0 %, BEST highest at 99.0 %; 15 of 16 sites drawn, the worst first"
    )


def test_what_was_drawn_from_the_same_rows_is_drawn_once_and_sent_as_arrow() -> None:
    rows = places(LYO=(0.9, 300), DER=(0.7, 300))
    one, other = (
        bars.where(rows.copy(), dimension="site_id", names="sites", label="Line fill rate")
        for _ in range(2)
    )
    assert one == other
    assert charts.spec(one.chart) is one.chart
    rows_sent = [
        row
        for sent in one.chart["datasets"].values()
        for row in pa.ipc.open_stream(sent).read_all().to_pylist()
    ]
    assert {row["name"] for row in rows_sent if "name" in row} == {"LYO", "DER"}
    worse = bars.where(
        rows.assign(value=0.1), dimension="site_id", names="sites", label="Line fill rate"
    )
    assert worse.title != one.title


def test_a_hostile_name_stays_text() -> None:
    name = "![x](http://evil.example/a.png)<b>"
    found = where(places(**{name: (0.5, 300), "LYO": (0.9, 300)}))
    assert found.title == f"{name} is worst at 50.0 %, LYO highest at 90.0 %"
    assert name in json.dumps(found.chart.to_dict())


def test_the_delay_curve_says_where_it_starts_and_ends() -> None:
    curve = pd.DataFrame({"delay_days": [0, 7, 30], "value": [0.741, 0.9, 0.99], "n": 2000})
    assert bars.delay_curve(curve).title == (
        "74.1 % of the quantity was there on the due date, 99.0 % within 30 days"
    )


def test_ageing_says_how_much_is_old() -> None:
    ages = pd.DataFrame({"age_bucket": ["00-03", "46+"], "denominator": [300.0, 31.0], "n": [9, 2]})
    assert bars.ageing(ages).title == (
        "331 units are open and overdue, 31 of them for over 45 working days"
    )
    assert "By age 0-3: 300, 46+: 31" in bars.ageing(ages).said


def test_names_at_line_ends_keep_apart() -> None:
    ends = pd.DataFrame({"value": [0.90, 0.899, 0.70], "series": ["a", "b", "c"]})
    levels = trends.apart(ends, height=0.5)["label_value"].to_list()
    assert min(high - low for high, low in itertools.pairwise(levels)) >= 0.027


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_meets_aa_contrast_and_marks_meet_3_to_1_in_both_themes() -> None:
    options = get_config_options()
    for mode in ("light", "dark"):
        surfaces = [
            options[f"theme.{mode}.{name}"].value
            for name in ("backgroundColor", "secondaryBackgroundColor")
        ]
        for name in ("textColor", "linkColor", "redTextColor", "greenTextColor", "grayTextColor"):
            shown = options[f"theme.{mode}.{name}"].value
            assert min(contrast(shown, surface) for surface in surfaces) >= 4.5, (mode, name)
        for shown in options[f"theme.{mode}.chartCategoricalColors"].value:
            assert contrast(shown, surfaces[0]) >= 3, (mode, shown)
        assert contrast(options[f"theme.{mode}.primaryColor"].value, "#FFFFFF") >= 4.5, mode
