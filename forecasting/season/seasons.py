"""When a season is, and which earlier season to compare it with.

A movable holiday drags its sales along: Easter wanders over five weeks, Thanksgiving over one. The
reference season of a season that holds such a day is the year before moved so that the day falls
on the same place.
"""

from dataclasses import dataclass

import pandas as pd

from forecasting.demand.panel import Panel, following
from forecasting.season.faults import SeasonError
from forecasting.season.features import Season

DAYS = {"D": 1, "W": 7}
YEAR_DAYS = 364


def easter(year: int) -> pd.Timestamp:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).

    >>> easter(2012).date().isoformat()
    '2012-04-08'
    """
    golden, century = year % 19, year // 100
    moon = (century - (8 * century + 13) // 25 - century // 4 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    distance = moon - weekday
    month = 3 + (distance + 40) // 44
    day = distance + 28 - 31 * (month // 4)
    return pd.Timestamp(year, month, day)


def thanksgiving(year: int) -> pd.Timestamp:
    """Fourth Thursday of November.

    >>> thanksgiving(2011).date().isoformat()
    '2011-11-24'
    """
    first = pd.Timestamp(year, 11, 1)
    return first + pd.Timedelta(days=(3 - first.weekday()) % 7 + 21)


def christmas(year: int) -> pd.Timestamp:
    """25 December."""
    return pd.Timestamp(year, 12, 25)


EVENTS = {"easter": easter, "thanksgiving": thanksgiving, "christmas": christmas}


@dataclass(frozen=True)
class Window:
    """A season on the grid of a panel.

    Parameters
    ----------
    season
        Where it lies after the panel's last period.
    periods
        Its periods.
    event
        The holiday its reference season was aligned on; empty where a plain year is right.
    """

    season: Season
    periods: pd.DatetimeIndex
    event: str


def event_in(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """The holiday that carries a season: the first of Easter, Thanksgiving and Christmas in it."""
    for name, date in EVENTS.items():
        if any(start <= date(year) <= end for year in (start.year, end.year)):
            return name
    return ""


def days_back(start: pd.Timestamp, end: pd.Timestamp, event: str | None = None) -> tuple[int, str]:
    """Days from a season to its reference a year before, and the holiday it was aligned on.

    364 days keep weekdays together. A season with a holiday is moved by whole weeks so that the
    holiday falls in the same week of it.

    Raises
    ------
    SeasonError
        The event is not one of those known.
    """
    name = event_in(start, end) if event is None else event
    if not name:
        return YEAR_DAYS, ""
    if name not in EVENTS:
        raise SeasonError(f"event {name!r} is unknown (expected {', '.join(EVENTS)})")
    date = EVENTS[name]
    year = next((year for year in (start.year, end.year) if start <= date(year) <= end), start.year)
    apart = (date(year) - date(year - 1)).days
    return 7 * round(apart / 7), name


def window(
    panel: Panel,
    start: pd.Timestamp,
    end: pd.Timestamp,
    event: str | None = None,
    reference: pd.Timestamp | None = None,
) -> Window:
    """Lay a season over the periods that follow a panel's history.

    Parameters
    ----------
    reference
        First day of the reference season; a year before, moved with the holiday, where not given.

    Raises
    ------
    SeasonError
        The end lies before the start, the start inside the history, or the reference season
        outside it.
    """
    if end < start:
        raise SeasonError(f"the season ends on {end.date()} before it starts on {start.date()}")
    last = panel.periods[-1]
    if panel.freq == "MS":
        start, end = start.replace(day=1), end.replace(day=1)
    if start <= last:
        raise SeasonError(
            f"the season starts on {start.date()}, inside the history that ends on {last.date()}"
        )
    n_ahead = int((end - last).days // {"MS": 28, "W": 7, "D": 1}[panel.freq]) + 2
    ahead = following(last, panel.freq, n_ahead)
    gap = int((ahead < start).sum())
    # A season shorter than a period is the period in which it starts.
    inside = ahead[gap : max(int((ahead <= end).sum()), gap + 1)]
    if reference is not None:
        return Window(Season(gap, len(inside), _lag(panel, start, gap, reference)), inside, "")
    if panel.freq == "MS":
        return Window(Season(gap, len(inside), 12 * _years(gap + len(inside), 12)), inside, "")
    back, name = days_back(start, end, event)
    lag = round(back / DAYS[panel.freq])
    year = YEAR_DAYS // DAYS[panel.freq]
    lag += year * (_years(gap + 1, lag) - 1)
    return Window(Season(gap, len(inside), lag), inside, name)


def _lag(panel: Panel, start: pd.Timestamp, gap: int, reference: pd.Timestamp) -> int:
    """Periods from a season back to a reference season that somebody named."""
    first, last = panel.periods[0], panel.periods[-1]
    if not first <= reference <= last:
        raise SeasonError(
            f"the reference season starts on {reference.date()} (expected {first.date()} to "
            f"{last.date()}, where sales are known)"
        )
    if panel.freq == "MS":
        lag = 12 * (start.year - reference.year) + start.month - reference.month
    else:
        lag = round((start - reference).days / DAYS[panel.freq])
    return max(lag, gap + 1)


def _years(distance: int, year: int) -> int:
    """Whole years back until a period that far ahead lies in the history."""
    return max(1, -(-distance // year))


def overlaps(seasons: pd.DataFrame) -> list[str]:
    """One line for each season that starts while another of the same item is running.

    Parameters
    ----------
    seasons
        season_id, item_id, start_date, end_date (the last day of the season).
    """
    ordered = seasons.sort_values(["item_id", "start_date", "season_id"])
    lines: list[str] = []
    for item, rows in ordered.groupby("item_id", sort=False):
        running, until = "", pd.Timestamp.min
        for season, start, end in zip(
            rows["season_id"], rows["start_date"], rows["end_date"], strict=True
        ):
            if start <= until:
                lines.append(
                    f"item {item}: {season} starts {start.date()}, before {running} is over"
                )
            if end > until:
                running, until = str(season), end
    return lines
