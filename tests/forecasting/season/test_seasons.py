"""When seasons are: movable holidays, frequencies, gaps."""

import numpy as np
import pandas as pd
import pytest

from forecasting.demand.panel import Panel
from forecasting.season.faults import SeasonError
from forecasting.season.features import Season
from forecasting.season.seasons import days_back, easter, overlaps, thanksgiving, window


def panel(last: str, freq: str) -> Panel:
    offset = {"W": "7D", "D": "D", "MS": "MS"}[freq]
    periods = pd.date_range(end=last, periods=3, freq=offset)
    return Panel(np.array(["a/b"], dtype=object), np.zeros((1, 3)), periods, freq)


@pytest.mark.parametrize(
    ("year", "sunday", "thursday"),
    [
        (2000, "04-23", "11-23"),
        (2008, "03-23", "11-27"),
        (2011, "04-24", "11-24"),
        (2012, "04-08", "11-22"),
        (2019, "04-21", "11-28"),
        (2038, "04-25", "11-25"),
    ],
)
def test_easter_and_thanksgiving(year: int, sunday: str, thursday: str) -> None:
    assert easter(year) == pd.Timestamp(f"{year}-{sunday}")
    assert thanksgiving(year) == pd.Timestamp(f"{year}-{thursday}")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2012-02-03", "2012-03-23", (364, "")),
        ("2012-03-02", "2012-04-20", (350, "easter")),
        ("2011-03-04", "2011-05-05", (385, "easter")),
        ("2019-11-01", "2019-12-20", (371, "thanksgiving")),
        ("2011-11-04", "2011-12-23", (364, "thanksgiving")),
    ],
)
def test_the_reference_season_moves_with_the_holiday(
    start: str, end: str, expected: tuple[int, str]
) -> None:
    assert days_back(pd.Timestamp(start), pd.Timestamp(end)) == expected


@pytest.mark.parametrize(
    ("last", "freq", "start", "end", "expected"),
    [
        ("2011-10-28", "W", "2011-11-04", "2011-12-23", Season(0, 8, 52)),
        ("2011-10-28", "W", "2011-11-18", "2011-12-23", Season(2, 6, 52)),
        ("2011-10-28", "W", "2011-11-01", "2011-11-02", Season(0, 1, 52)),
        ("2010-07-30", "W", "2012-02-03", "2012-03-23", Season(78, 8, 104)),
        ("2012-01-31", "D", "2012-02-01", "2012-02-14", Season(0, 14, 364)),
        ("2012-10-01", "MS", "2012-11-15", "2012-12-31", Season(0, 2, 12)),
        ("2012-08-01", "MS", "2012-11-01", "2012-12-31", Season(2, 2, 12)),
    ],
)
def test_a_season_is_laid_on_the_periods_after_the_history(
    last: str, freq: str, start: str, end: str, expected: Season
) -> None:
    found = window(panel(last, freq), pd.Timestamp(start), pd.Timestamp(end))
    assert found.season == expected
    assert len(found.periods) == expected.length


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2011-12-01", "2011-11-01", "ends on 2011-11-01 before it starts on 2011-12-01"),
        ("2011-10-01", "2011-11-01", "inside the history that ends on 2011-10-28"),
    ],
)
def test_dates_that_make_no_season_are_refused(start: str, end: str, message: str) -> None:
    with pytest.raises(SeasonError, match=message):
        window(panel("2011-10-28", "W"), pd.Timestamp(start), pd.Timestamp(end))


def test_seasons_of_one_item_that_overlap_are_named() -> None:
    seasons = pd.DataFrame(
        {
            "season_id": ["xmas", "winter", "easter", "xmas"],
            "item_id": ["drums", "drums", "drums", "flutes"],
            "start_date": pd.to_datetime(["2023-11-01", "2023-12-24", "2024-03-01", "2023-11-01"]),
            "end_date": pd.to_datetime(["2023-12-24", "2024-02-01", "2024-04-01", "2023-12-24"]),
        }
    )
    assert overlaps(seasons) == ["item drums: winter starts 2023-12-24, before xmas is over"]
