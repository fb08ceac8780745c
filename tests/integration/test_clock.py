"""A clock that is a year ahead for one run, and a computer that was off for a year."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.errors import ExitCode
from desktop_app.export.delivery import Delivery
from desktop_app.export.ledger import Outcome
from tests.integration.exporter import Exporter, names
from tests.servers import Server

SERVER_MS: Callable[[Delivery], int | None] = Delivery.server_ms


@pytest.fixture
def today() -> datetime:
    """Noon of the day in which a test begins."""
    return datetime.now(UTC).replace(hour=12)


@pytest.fixture
def exporter(sshd: Server, served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exporter:
    """An exporter that is on, and sees the time of the server."""
    monkeypatch.setattr(Delivery, "server_ms", SERVER_MS)
    exporter = Exporter(tmp_path / "client", sshd, served.name)
    exporter.settings = structs.replace(exporter.settings, enabled=True)
    return exporter


def test_a_clock_a_year_ahead_delivers_no_day_that_is_not_over(
    exporter: Exporter, served: Path, today: datetime
) -> None:
    exporter.now = today - timedelta(days=3)
    assert exporter.run().error is None
    yesterday, this_day = ((today - timedelta(days=back)).date().isoformat() for back in (1, 0))
    exporter.record(yesterday, ["a"])
    exporter.record(this_day, ["b"])
    exporter.now = today + timedelta(days=365)
    for _ in range(2):
        result = exporter.run(today_too=True)
        assert result.error is not None and result.error.exit_code == ExitCode.TRY_LATER
        assert exporter.now.date().isoformat() in result.error.message and this_day in result.error.message
        assert all(archive.day <= this_day for archive in result.archives)
    assert f"audit-trails-ws-{yesterday}.zip" in names(served)
    assert not [name for name in names(served) if name.startswith(".")]
    exporter.now = today
    assert exporter.run().error is None
    assert len(names(served)) <= 5


def test_a_computer_that_was_off_for_a_year_delivers_all_days(
    exporter: Exporter, served: Path, today: datetime
) -> None:
    exporter.now = today - timedelta(days=40)
    assert exporter.run().outcome is Outcome.NOTHING_DUE
    exporter.now = today
    assert len(exporter.run().archives) == 40
    assert len(names(served)) == 40


def test_a_server_that_shows_no_time_is_no_judge(
    exporter: Exporter, served: Path, today: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.now = today - timedelta(days=6)
    exporter.run()
    monkeypatch.setattr("desktop_app.sftp.server_clock.server_seconds", lambda *_: None)
    exporter.now = today
    assert len(exporter.run().archives) == 6


def test_a_clock_that_is_behind_delivers_what_was_over_by_then(
    exporter: Exporter, served: Path, today: datetime
) -> None:
    exporter.now = today
    assert exporter.run().error is None
    exporter.record((today - timedelta(days=1)).date().isoformat(), ["a"])
    exporter.now = today - timedelta(days=365)
    assert exporter.run().outcome is Outcome.NOTHING_DUE
    exporter.now = today
    assert [archive.events for archive in exporter.run().archives] == [1]
