"""Time zones by name, and this computer's own."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from desktop_app.errors import ExitCode
from desktop_app.settings.model import Settings
from desktop_app.settings.time_zone import find_zone
from desktop_app.settings.validation import problems
from tests.windows_gaps import needs


def test_zones_by_name() -> None:
    assert find_zone("UTC") is UTC
    assert find_zone("Europe/Berlin") == ZoneInfo("Europe/Berlin")
    assert datetime.now(find_zone("local")).utcoffset() == datetime.now().astimezone().utcoffset()


def test_the_local_zone_is_the_systems_as_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form may stay open while somebody sets another."""
    for zone in ("Asia/Tokyo", "Europe/Berlin"):
        monkeypatch.setenv("TZ", zone)
        assert str(find_zone("local")) == zone


@needs("time zones")
def test_a_time_zone_of_rules_can_not_be_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    (problem,) = problems(Settings())
    assert problem.field == "export.timezone" and problem.exit_code == ExitCode.CONFIG
    assert "\n" not in problem.message
