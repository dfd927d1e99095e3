"""Public holidays of sites for which no calendar was delivered, from the country of their region.

A region is taken for a country, or a part of one, only where it is its ISO code ('FR', 'US-TN')
and the time zone of every site of the region lies in that country: 'SE' may be the south-east.
A calendar that is delivered, for the site, its region or as 'default', always counts instead.
"""

import datetime as dt
import zoneinfo
from functools import cache
from pathlib import Path

import duckdb
import holidays
import pyarrow as pa

YEARS = range(1990, 2051)
EMPTY = (
    "CREATE OR REPLACE TABLE staging.public_holidays (calendar_id VARCHAR, day DATE,"
    " is_working BOOLEAN, event VARCHAR)"
)
_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6


def derive(con: duckdb.DuckDBPyConnection) -> None:
    """Fill staging.public_holidays for the regions of staging.sites that are countries.

    Parameters
    ----------
    con
        A build in the making, with staging.sites and staging.calendar.
    """
    given = {row[0] for row in con.execute("FROM staging.calendar SELECT calendar_id").fetchall()}
    if "default" in given:
        return
    zones: dict[str, set[str]] = {}
    for site, region, zone in con.execute(
        "SELECT site_id, region, timezone FROM staging.sites WHERE region IS NOT NULL"
    ).fetchall():
        if site not in given and region not in given:
            zones.setdefault(region, set()).add(zone)
    rows = [
        (region, day, is_working, event)
        for region, of_sites in sorted(zones.items())
        if is_country(region, of_sites)
        for day, (is_working, event) in sorted(days(region).items())
    ]
    if rows:
        names = ("calendar_id", "day", "is_working", "event")
        found = pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)))
        con.register("found_holidays", found)
        con.execute("INSERT INTO staging.public_holidays FROM found_holidays")
        con.unregister("found_holidays")


def is_country(region: str, timezones: set[str]) -> bool:
    """Tell whether a region is the code of a country or part of one in which all the zones lie.

    >>> is_country("FR", {"Europe/Paris"}), is_country("SE", {"America/New_York"})
    (True, False)
    """
    country, _, part = region.partition("-")
    parts = holidays.list_supported_countries().get(country)
    if parts is None or (part and part not in parts) or region.endswith("-"):
        return False
    return bool(timezones) and timezones <= zones_by_country().get(country, frozenset())


@cache
def zones_by_country() -> dict[str, frozenset[str]]:
    """Return the time zones of each country, as the zone table of the machine has them."""
    table = next(
        (path for folder in zoneinfo.TZPATH if (path := Path(folder, "zone.tab")).exists()), None
    )
    found: dict[str, set[str]] = {}
    for line in table.read_text(encoding="utf-8").splitlines() if table else ():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found.setdefault(country, set()).add(zone)
    return {country: frozenset(zones) for country, zones in found.items()}


@cache
def days(region: str) -> dict[dt.date, tuple[bool, str]]:
    """Return the days on which a country works otherwise than Monday to Friday, and why."""
    country, _, part = region.partition("-")
    free = holidays.country_holidays(country, subdiv=part or None, years=YEARS, language="en_US")
    found = {day: (False, name) for day, name in free.items()}
    weekend = set(getattr(free, "weekend", {_SATURDAY, _SUNDAY}))
    if weekend != {_SATURDAY, _SUNDAY}:
        first = dt.date(YEARS.start, 1, 1)
        for number in range((dt.date(YEARS.stop, 1, 1) - first).days):
            day = first + dt.timedelta(days=number)
            if day in found:
                continue
            if day.weekday() in weekend and day.weekday() < _SATURDAY:
                found[day] = (False, "Weekend")
            elif day.weekday() >= _SATURDAY and day.weekday() not in weekend:
                found[day] = (True, "Working day")
    for day in getattr(free, "weekend_workdays", ()):
        found.setdefault(day, (True, "Working day"))
    return found
