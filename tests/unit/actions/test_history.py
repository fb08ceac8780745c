"""How it went day by day."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desktop_app.actions.history import DayHistory, DayState, day_history, history
from desktop_app.export.days import calendar_day
from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.settings.model import ExportSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store
from tests.unit.export.test_ledger import archive

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SETTINGS = Settings(enabled=True, export=ExportSettings(instance="ws", timezone="UTC"))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, logs=tmp_path, policy_file=tmp_path / "policy.toml")


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def record(paths: Paths, *moments: datetime) -> int:
    """Store an event of each of these times; the arrival number of the last."""
    with open_store(paths.store) as store:
        store.append(
            parse_event(b'{"createdAt":%d,"entityType":"T","entityName":"N","actionType":"A"}' % ms(moment))
            for moment in moments
        )
        return store.last_seq()


def deliver(paths: Paths, day: date, upto_seq: int, events: int, at: datetime, zone: str = "UTC") -> None:
    """Enter a run that delivered a day."""
    interval = calendar_day(day, ZoneInfo(zone))
    with open_ledger(paths.ledger) as ledger:
        run = ledger.begin_run(StartedBy.SCHEDULE, 1, ms(at))
        made = archive(
            day.isoformat(),
            start_ms=interval.start_ms,
            end_ms=interval.end_ms,
            upto_seq=upto_seq,
            events=events,
            timezone=zone,
        )
        ledger.set_built(run, made)
        ledger.mark_delivered(made.name, run, ms(at))
        ledger.end_run(run, Outcome.DELIVERED, ms(at))


def fail(paths: Paths, at: datetime) -> None:
    with open_ledger(paths.ledger) as ledger:
        run = ledger.begin_run(StartedBy.SCHEDULE, 1, ms(at))
        ledger.end_run(run, Outcome.FAILED, ms(at), (69, "No answer.", "Is it on?"))


def days(
    paths: Paths, settings: Settings = SETTINGS, now: datetime = NOW, count: int = 30
) -> dict[str, DayHistory]:
    return {day.day: day for day in day_history(settings, paths, count, now.timestamp)}


def states(paths: Paths) -> dict[str, str]:
    return {day: each.state for day, each in days(paths).items()}


def test_nothing_at_all_is_only_today(paths: Paths) -> None:
    assert states(paths) == {"2026-11-24": "today"}


def test_delivered_waiting_missing_and_today(paths: Paths) -> None:
    seq = record(paths, datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2026, 11, 20, 9, tzinfo=UTC))
    deliver(paths, date(2026, 11, 20), seq, 2, datetime(2026, 11, 21, 2, tzinfo=UTC))
    record(paths, *(datetime(2026, 11, day, 12, tzinfo=UTC) for day in (22, 23, 23, 24)), NOW)
    found = days(paths)
    assert {day: each.state for day, each in found.items()} == {
        "2026-11-20": DayState.DELIVERED,
        "2026-11-22": DayState.MISSING,
        "2026-11-23": DayState.WAITING,
        "2026-11-24": DayState.TODAY,
    }
    assert (found["2026-11-20"].delivered, found["2026-11-20"].waiting) == (2, 0)
    assert found["2026-11-20"].archives == ["audit-trails-ws-2026-11-20-1.zip"]
    assert found["2026-11-20"].delivered_ms == ms(datetime(2026, 11, 21, 2, tzinfo=UTC))
    assert [found[f"2026-11-{day}"].waiting for day in (22, 23, 24)] == [1, 2, 2]


def test_today_is_today_also_when_some_of_it_is_delivered(paths: Paths) -> None:
    seq = record(paths, NOW, NOW)
    deliver(paths, NOW.date(), seq, 2, NOW)
    record(paths, NOW)
    today = days(paths)["2026-11-24"]
    assert (today.state, today.delivered, today.waiting, today.message) == (DayState.TODAY, 2, 1, None)


def test_a_day_without_events_is_missed_while_the_export_is_on(paths: Paths) -> None:
    with open_ledger(paths.ledger) as ledger:
        ledger.set_switched_on_since(date(2026, 11, 21))
    assert states(paths) == {
        "2026-11-21": "missing", "2026-11-22": "missing", "2026-11-23": "waiting", "2026-11-24": "today",
    }  # fmt: skip


def test_a_run_that_failed_marks_the_days_before_it(paths: Paths) -> None:
    record(paths, *(datetime(2026, 11, day, 12, tzinfo=UTC) for day in (21, 22, 23)))
    fail(paths, datetime(2026, 11, 23, 2, tzinfo=UTC))
    found = days(paths)
    assert [found[f"2026-11-{day}"].state for day in (21, 22, 23)] == ["failed", "failed", "waiting"]
    assert [found[f"2026-11-{day}"].message for day in (21, 22, 23)] == ["No answer.", "No answer.", None]


def test_the_latest_run_counts(paths: Paths) -> None:
    record(paths, datetime(2026, 11, 23, 12, tzinfo=UTC))
    fail(paths, datetime(2026, 11, 24, 2, tzinfo=UTC))
    with open_ledger(paths.ledger) as ledger:
        ledger.end_run(ledger.begin_run(StartedBy.HAND, 1, ms(NOW)), Outcome.STOPPED, ms(NOW))
    assert states(paths)["2026-11-23"] == "waiting"


def test_a_killed_run_counts_as_failed(paths: Paths) -> None:
    record(paths, datetime(2026, 11, 23, 12, tzinfo=UTC))
    with open_ledger(paths.ledger) as ledger:
        ledger.begin_run(StartedBy.SCHEDULE, 1, ms(datetime(2026, 11, 24, 2, tzinfo=UTC)))
    assert states(paths)["2026-11-23"] == "failed"


def test_late_events_of_a_delivered_day_wait(paths: Paths) -> None:
    seq = record(paths, datetime(2026, 11, 20, 8, tzinfo=UTC))
    deliver(paths, date(2026, 11, 20), seq, 1, datetime(2026, 11, 24, 2, tzinfo=UTC))
    record(paths, datetime(2026, 11, 20, 9, tzinfo=UTC))
    day = days(paths)["2026-11-20"]
    assert (day.state, day.delivered, day.waiting) == ("waiting", 1, 1)


def test_days_on_which_the_clock_changes(paths: Paths) -> None:
    berlin = Settings(enabled=True, export=ExportSettings(instance="ws", timezone="Europe/Berlin"))
    # 25 October 2026 lasts 25 hours in Berlin: from 22:00 the day before to 23:00, in UTC.
    record(paths, datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
    record(paths, datetime(2026, 10, 25, 23, tzinfo=UTC), datetime(2026, 10, 24, 21, 59, tzinfo=UTC))
    found = days(paths, berlin, datetime(2026, 10, 26, 9, tzinfo=UTC))
    assert {day: each.waiting for day, each in found.items()} == {
        "2026-10-24": 1, "2026-10-25": 2, "2026-10-26": 1,
    }  # fmt: skip


def test_only_the_days_asked_for(paths: Paths) -> None:
    record(paths, *(datetime(2026, 11, day, 12, tzinfo=UTC) for day in range(1, 24)))
    assert list(days(paths, count=3)) == ["2026-11-22", "2026-11-23", "2026-11-24"]


def test_a_run_of_the_history_has_its_archives(paths: Paths) -> None:
    seq = record(paths, datetime(2026, 11, 20, 8, tzinfo=UTC))
    deliver(paths, date(2026, 11, 20), seq, 1, datetime(2026, 11, 21, 2, tzinfo=UTC))
    deliver(paths, date(2026, 11, 21), seq, 0, datetime(2026, 11, 22, 2, tzinfo=UTC))
    fail(paths, datetime(2026, 11, 23, 2, tzinfo=UTC))
    past = history(paths)
    assert [[archive.day for archive in each.archives] for each in past] == [[], ["2026-11-21"], ["2026-11-20"]]
    assert [each.run.outcome for each in past] == ["failed", "delivered", "delivered"]
    assert history(paths, 2) == past[:2]
