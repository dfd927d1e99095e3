"""measure(): cubes answer as the views do, shares stay shares, mistakes are named."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import steps
from data.errors import UserError
from data.metrics import PERIODS, catalogue, measure, read_contents, total, wilson
from tests.data.generated import AS_OF, START, generate
from tests.data.workshop import make, open_empty

CATALOGUE = catalogue()
SERVICE = steps.METRICS[: steps.METRICS.index("backorder_age") + 1]


@pytest.fixture(scope="module")
def built() -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
    """The same feeds built twice: with cubes and with views alone."""
    pair = []
    for with_cubes in (True, False):
        con = open_empty()
        generate(11, 400).load(con)
        make(con, AS_OF.isoformat(), with_cubes=with_cubes)
        pair.append(con)
    yield pair[0], pair[1]
    for con in pair:
        con.close()


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    metric = draw(st.sampled_from(SERVICE))
    dimensions = st.sampled_from(CATALOGUE[metric].dimensions)
    day = st.integers(0, 110).map(lambda number: START + timedelta(days=number))
    month = st.sampled_from([date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)])
    since = draw(st.none() | day | month)
    until = draw(st.none() | day | month.map(lambda first: first - timedelta(days=1)))
    where = {
        name: draw(st.sampled_from(VALUES.get(name, ["x"])))
        for name in draw(st.sets(dimensions, max_size=2))
    }
    return metric, {
        "every": draw(st.none() | st.sampled_from(PERIODS)),
        "by": sorted(draw(st.sets(dimensions, max_size=2))),
        "since": since,
        "until": until if since is None or until is None or until >= since else None,
        "where": where,
    }


VALUES: dict[str, list[Any]] = {
    "site_id": ["TYO", ["TYO", "NEW"], "nowhere"],
    "region": ["east", "unknown"],
    "item_id": ["P1", ["P0", "P3"]],
    "item_family": ["bolts", "unknown"],
    "business_unit": ["spares", ["spares", "retail"]],
    "customer_id": ["C1"],
    "segment": ["dealer", []],
    "basis": ["stock"],
    "delay_days": [7, [0, 30]],
    "age_bucket": ["46+"],
}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=questions())
def test_a_cube_answers_what_the_view_answers(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
    question: tuple[str, dict[str, Any]],
) -> None:
    metric, asked = question
    with_cubes, with_views = built
    summed = measure(with_cubes, metric, **asked)
    looked_up = measure(with_views, metric, **asked)
    assert looked_up.attrs["source"] == f"metrics.{metric}"
    pd.testing.assert_frame_equal(summed, looked_up, check_exact=False, rtol=1e-12)
    exact = ["numerator", "denominator", "n", "pending"]
    assert summed[exact].to_numpy().tolist() == looked_up[exact].to_numpy().tolist()
    judged = summed[summed["denominator"] > 0]
    if CATALOGUE[metric].unit == "ratio":
        assert judged["value"].between(0, 1).all()
        assert (judged["lower"] <= judged["value"] + 1e-12).all()
        assert (judged["upper"] >= judged["value"] - 1e-12).all()
    assert summed.loc[summed["denominator"] == 0, "value"].isna().all()


@pytest.mark.parametrize("metric", SERVICE)
def test_a_metric_is_split_by_what_its_header_says(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection], metric: str
) -> None:
    columns = built[0].execute(f"SELECT * FROM metrics.{metric} LIMIT 0").description
    held = {column[0] for column in columns or []}
    sides = {"metric_date", "numerator", "denominator", "n", "is_pending"}
    keys = {"order_line_id", "order_id", "observation", "is_assessed"}
    assert held - sides - keys == set(CATALOGUE[metric].dimensions)
    assert sides <= held


def test_the_months_of_a_page_come_from_a_cube(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
) -> None:
    months = measure(
        built[0],
        "unit_fill_rate",
        every="month",
        by=["site_id"],
        since=date(2026, 1, 1),
        until=date(2026, 3, 31),
        where={"item_family": "bolts"},
    )
    assert months.attrs["source"] == "cubes.unit_fill_rate__month_site"
    assert months.attrs["as_of"] == "2026-03-31"
    assert months.attrs["version"] == 1


def test_a_day_inside_a_month_is_not_read_from_a_monthly_cube(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
) -> None:
    since = measure(built[0], "unit_fill_rate", since=date(2026, 1, 15))
    assert since.attrs["source"] == "cubes.unit_fill_rate__day_site"


def test_fill_by_delay_never_falls(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
) -> None:
    curves = measure(built[0], "fill_by_delay", every="month", by=["site_id"])
    for _, curve in curves.groupby(["period", "site_id"]):
        values = curve.sort_values("delay_days")["numerator"].to_numpy()
        assert (np.diff(values) >= 0).all()
        assert curve["denominator"].nunique() == 1


def test_backorder_age_tells_the_maximum_and_the_90th_percentile(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
) -> None:
    ages = [row[0] for row in built[0].execute("SELECT age_days FROM marts.backorders").fetchall()]
    told = measure(built[0], "backorder_age").iloc[0]
    assert told["maximum"] == max(ages)
    assert told["p90"] == pytest.approx(np.quantile(ages, 0.9))
    assert told["p50"] == pytest.approx(np.quantile(ages, 0.5))
    assert told["n"] == len(ages)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"metric": "fill_rate"}, "there is no metric 'fill_rate' .*unit_fill_rate"),
        ({"metric": "unit_fill_rate", "by": ["city"]}, "no dimension 'city' .*site_id"),
        ({"metric": "unit_fill_rate", "where": {"1=1 --": "x"}}, "no dimension '1=1 --'"),
        ({"metric": "unit_fill_rate", "every": "decade"}, "no period 'decade' .*quarter"),
        ({"metric": "order_fill_rate", "by": ["item_id"]}, "order_fill_rate has no dimension"),
        ({"metric": "unit_fill_rate", "by": ["region", "region"]}, "named twice"),
        (
            {"metric": "unit_fill_rate", "since": date(2026, 2, 1), "until": date(2026, 1, 1)},
            "since 2026-02-01 is after until 2026-01-01",
        ),
    ],
)
def test_a_wrong_question_is_told_what_exists(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
    arguments: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(UserError, match=message):
        measure(built[0], **arguments)


def test_a_value_is_bound_and_never_read_as_sql(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
) -> None:
    nasty = measure(built[0], "unit_fill_rate", where={"site_id": "x' OR '1'='1"})
    assert nasty["n"].tolist() == [0]


def test_wilson_gives_the_textbook_interval() -> None:
    # Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662; 0 of 20 is 0 to 0.1611.
    lower, upper = wilson(np.array([81 / 263, 0.0]), np.array([263.0, 20.0]))
    assert lower == pytest.approx([0.2553, 0.0], abs=5e-5)
    assert upper == pytest.approx([0.3662, 0.1611], abs=5e-5)


def test_the_interval_of_a_unit_ratio_counts_lines_by_their_weight(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
) -> None:
    units = measure(built[0], "unit_fill_rate").iloc[0]
    weights = [
        float(row[0])
        for row in built[0]
        .execute("SELECT denominator FROM metrics.unit_fill_rate WHERE n = 1")
        .fetchall()
    ]
    effective = sum(weights) ** 2 / sum(weight**2 for weight in weights)
    lower, upper = wilson(np.array([units["value"]]), np.array([effective]))
    assert [units["lower"], units["upper"]] == pytest.approx([lower[0], upper[0]])


@pytest.mark.parametrize("metric", ["line_fill_rate", "unit_fill_rate", "backorder_age"])
def test_months_taken_together_answer_as_the_whole_does(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection], metric: str
) -> None:
    whole = measure(built[0], metric).iloc[0]
    months = measure(built[0], metric, every="month")
    summed = total(months, has_interval=CATALOGUE[metric].unit == "ratio")
    for name, value in summed.items():
        assert value == pytest.approx(whole[name], nan_ok=True), name


def test_no_rows_taken_together_are_no_data(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
) -> None:
    summed = total(measure(built[0], "line_fill_rate", every="month").head(0))
    assert np.isnan(summed["value"])
    assert (summed["n"], summed["denominator"]) == (0, 0)


def test_a_build_keeps_its_own_definitions(
    built: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection],
) -> None:
    assert tuple(read_contents(built[0]).metrics) == steps.METRICS
    assert read_contents(built[0]).metrics["unit_fill_rate"].sql.startswith("-- metric:")
