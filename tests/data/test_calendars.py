"""Working calendars of sites: as delivered, else the public holidays of a region that is one."""

from datetime import date

import pytest

from data import calendars
from tests.data import workshop

SITES = """
    site_id | region | timezone
    --------+--------+-----------------
    LYO     | FR     | Europe/Paris
    MEM     | US-TN  | America/Chicago
    TLV     | IL     | Asia/Jerusalem
    STO     | SE     | America/New_York
    DER     | EMEA   | Europe/London
"""


def made(calendar: str | None = None):  # type: ignore[no-untyped-def]
    con = workshop.open_empty()
    workshop.deliver(con, "sites", SITES)
    if calendar:
        workshop.deliver(con, "calendar", calendar)
    workshop.make(con, "2026-06-14", with_cubes=False)
    return con


def test_a_site_follows_the_public_holidays_of_its_region_where_that_is_a_country() -> None:
    con = made()
    found = con.execute("SELECT site_id, calendar_source FROM marts.sites ORDER BY 1").fetchall()
    assert found == [
        ("DER", "Monday to Friday, no holidays"),
        ("LYO", "public holidays of FR"),
        ("MEM", "public holidays of US-TN"),
        ("STO", "Monday to Friday, no holidays"),
        ("TLV", "public holidays of IL"),
    ]
    worked = dict(
        con.execute(
            "SELECT site.site_id || ' ' || day.day, day.is_working FROM marts.sites AS site "
            "JOIN marts.working_days AS day ON day.calendar_id = site.calendar_id "
            "WHERE day.day IN ('2026-07-14', '2026-07-03', '2026-06-05', '2026-06-07')"
        ).fetchall()
    )
    assert worked["LYO 2026-07-14"] is False
    assert worked["MEM 2026-07-14"] is True
    assert worked["MEM 2026-07-03"] is False  # Independence Day falls on a Saturday
    assert (worked["TLV 2026-06-05"], worked["TLV 2026-06-07"]) == (False, True)
    assert (worked["DER 2026-06-05"], worked["DER 2026-06-07"]) == (True, False)


@pytest.mark.parametrize("calendar_id", ["FR", "LYO", "default"])
def test_a_calendar_that_is_delivered_counts_instead(calendar_id: str) -> None:
    con = made(f"""
        calendar_id   | day        | is_working
        --------------+------------+-----------
        {calendar_id} | 2026-07-15 | false
    """)
    found = con.execute(
        "SELECT day.is_working FROM marts.sites AS site JOIN marts.working_days AS day "
        "ON day.calendar_id = site.calendar_id "
        "WHERE site.site_id = 'LYO' AND day.day IN ('2026-07-14', '2026-07-15') ORDER BY day.day"
    ).fetchall()
    assert found == [(True,), (False,)]


def test_a_region_is_a_country_only_if_every_site_of_it_lies_there() -> None:
    assert calendars.is_country("FR", {"Europe/Paris"})
    assert not calendars.is_country("FR", {"Europe/Paris", "Europe/Berlin"})
    assert not calendars.is_country("US-XX", {"America/Chicago"})
    assert not calendars.is_country("fr", {"Europe/Paris"})
    assert calendars.days("FR")[date(2026, 7, 14)] == (False, "National Day")
