"""Targets and go-live come from one file; a slip in it is told in one line."""

import datetime as dt
from pathlib import Path

import pytest

from data import settings
from data.errors import UserError


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_settings_are_read(tmp_path: Path) -> None:
    text = """
        client = "Engine maker"
        currency = "CHF"
        go_live_date = 2026-01-05
        [targets]
        line_fill_rate = 0.9
    """
    assert settings.read(written(tmp_path, text)) == settings.Settings(
        client="Engine maker",
        currency="CHF",
        go_live_date=dt.date(2026, 1, 5),
        targets={"line_fill_rate": 0.9},
    )


def test_without_a_file_there_is_no_target_and_no_go_live(tmp_path: Path) -> None:
    found = settings.read(tmp_path / "settings.toml")
    assert (found.targets, found.go_live_date, found.currency) == ({}, None, "EUR")


def test_planning_says_objective_money_and_floor(tmp_path: Path) -> None:
    text = "[planning]\nobjective = 'units'\nbudget = 2_650_000\nfloor = 0.8\nreview_days = 14"
    assert settings.read(written(tmp_path, text)).planning == settings.Planning(
        objective="units", budget=2_650_000, floor=0.8, review_days=14
    )
    assert settings.read(tmp_path / "none.toml").planning.budget is None


def test_the_register_says_who_answers_for_a_target(tmp_path: Path) -> None:
    text = "[register.line_fill_rate]\nowner = 'Ann'\nforum = 'Board'\ncadence = 'weekly'"
    assert settings.read(written(tmp_path, text)).register == {
        "line_fill_rate": settings.Kept("Ann", "Board", "weekly")
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("register = 1", "settings.toml: register is 1 (expected tables: [register.METRIC])"),
        ("[register.x]\nwho = 'Ann'", "unknown key 'who' of [register.x] (expected owner, forum"),
        ("[register.x]\nowner = 1", "owner of [register.x] is 1 (expected text)"),
        (
            "[register.x]\ncadence = 'daily'",
            "cadence of [register.x] is 'daily' (expected one of weekly, monthly, quarterly)",
        ),
        ("client = ", "settings.toml is not valid TOML"),
        ("goal = 1", "settings.toml: unknown key 'goal' (expected client, currency"),
        ("client = 3", "settings.toml: client is 3 (expected text)"),
        ("go_live_date = 'soon'", "go_live_date is 'soon' (expected a date: 2026-01-05)"),
        ("[targets]\nx = 90", "target of x is 90 (expected a share from 0 to 1)"),
        ("planning = 1", "settings.toml: planning is 1 (expected a table: [planning])"),
        ("[planning]\ngoal = 1", "unknown key 'goal' of [planning] (expected objective, budget"),
        (
            "[planning]\nobjective = 'fill'",
            "objective of [planning] is 'fill' (expected one of units, lines, value, criticality)",
        ),
        ("[planning]\ntarget = 1.0", "target of [planning] is 1.0 (expected a share between 0 and"),
        ("[planning]\nbudget = -1", "budget of [planning] is -1 (expected a sum of money, 0 or"),
        ("[planning]\nfloor = true", "floor of [planning] is True (expected a share from 0 to"),
        ("[planning]\nbudget = 1\ntarget = 0.9", "[planning] has a budget and a target"),
        ("targets = 1", "settings.toml: targets is 1 (expected a table: [targets])"),
    ],
)
def test_a_slip_is_told_with_key_value_and_what_is_expected(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(UserError) as told:
        settings.read(written(tmp_path, text))
    assert message in str(told.value)


def test_the_environment_names_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SETTINGS", raising=False)
    assert settings.settings_path(tmp_path) == tmp_path / "settings.toml"
    monkeypatch.setenv("SETTINGS", str(tmp_path / "other.toml"))
    assert settings.settings_path(tmp_path) == tmp_path / "other.toml"
