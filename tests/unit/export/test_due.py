"""Which days wait for an archive, in a table: what was recorded and delivered, when it is, and what is due."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from desktop_app.actions.run import Request, run_once
from desktop_app.errors import UserError
from desktop_app.export.agreement import note_of
from desktop_app.export.days import calendar_day
from desktop_app.export.delivery import Backoff
from desktop_app.export.due import due_days, due_today
from desktop_app.export.ledger import Archive, Outcome, StartedBy, open_ledger
from desktop_app.settings.model import ExportSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.event import AuditEvent, iso_time, parse_event
from desktop_app.trails.own_actions import archive_delivered
from desktop_app.trails.store.archive_notes import note_archive
from desktop_app.trails.store.hours import hours
from desktop_app.trails.store.store import Store, open_store
from tests.noon import NOON
from tests.servers import free_port

KOLKATA = "Asia/Kolkata"  # half an hour off: an hour of UTC belongs to two days
DAY = date(2026, 11, 20)
NEXT = DAY + timedelta(days=1)


def event(created_ms: int, number: int = 0) -> AuditEvent:
    record = {
        "id": f"{created_ms}-{number}", "createdAt": iso_time(created_ms), "entityType": "T", "entityName": "N",
        "actionType": "A",
    }  # fmt: skip
    return parse_event(json.dumps(record).encode())


def ms(text: str, zone: str = "UTC") -> int:
    instant = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round(instant.timestamp() * 1000)


def archive(day: date, upto_seq: int, zone: str = "UTC") -> Archive:
    span = calendar_day(day, ZoneInfo(zone))
    return Archive(
        instance="ws", day=day.isoformat(), number=1, name=f"audit-trails-ws-{day}.zip", format="json",
        timezone=zone, start_ms=span.start_ms, end_ms=span.end_ms, upto_seq=upto_seq, events=1, bytes=1,
        sha256="ab" * 32, built_ms=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "recorded", "now", "expected"),
    [
        # A day is due from the instant on at which the next one begins.
        ("UTC", ["2026-11-20T08:00"], "2026-11-20T23:59:59.999", {}),
        ("UTC", ["2026-11-20T08:00"], "2026-11-21T00:00", {DAY: 1}),
        ("UTC", [], "2026-11-25T00:00", {}),
        # It has its first and its last instant, and not the next.
        ("UTC", ["2026-11-20T00:00", "2026-11-20T23:59:59.999"], "2026-11-22T00:00", {DAY: 2}),
        ("UTC", ["2026-11-20T23:59:59.999", "2026-11-21T00:00"], "2026-11-22T00:00", {DAY: 1, NEXT: 1}),
        (KOLKATA, ["2026-11-20T23:59:59.999"], "2026-11-22T00:00", {DAY: 1}),
        (KOLKATA, ["2026-11-21T00:00"], "2026-11-22T00:00", {NEXT: 1}),
        (KOLKATA, ["2026-11-21T00:29:59.999"], "2026-11-22T00:00", {NEXT: 1}),
        (KOLKATA, ["2026-11-20T23:59:59.999", "2026-11-21T00:00"], "2026-11-22T00:00", {DAY: 1, NEXT: 1}),
        (KOLKATA, ["2026-11-20T23:59:59.999", "2026-11-21T00:00"], "2026-11-21T00:00", {DAY: 1}),
        # Whatever the order of arrival, the oldest day comes first.
        ("UTC", ["2026-11-21T08:00", "2026-11-20T08:00"], "2026-11-22T00:00", {DAY: 1, NEXT: 1}),
    ],
)
def test_days_with_events(
    store: Store, zone: str, recorded: list[str], now: str, expected: dict[date, int]
) -> None:
    for text in recorded:
        store.append([event(ms(text, zone))])
    due = due_days(store, [], ZoneInfo(zone), ms(now, zone), None)
    assert [(each.day.date, each.events) for each in due] == list(expected.items())
    assert all(each.upto_seq == len(recorded) for each in due)


@pytest.mark.parametrize("zone", ["UTC", KOLKATA])
@pytest.mark.parametrize("late", ["00:00", "12:00", "23:59:59.999"])
def test_late_events_alone_are_due_again(store: Store, zone: str, late: str) -> None:
    store.append([event(ms("2026-11-20T08:00", zone))])
    delivered = [archive(DAY, store.last_seq(), zone)]
    now = ms("2026-11-22T00:00", zone)
    assert due_days(store, delivered, ZoneInfo(zone), now, None) == []
    store.append([event(ms(f"2026-11-20T{late}", zone), 1)])
    (due,) = due_days(store, delivered, ZoneInfo(zone), now, None)
    assert (due.day.date, due.events, due.upto_seq) == (DAY, 1, 2)


@pytest.mark.parametrize(
    ("since", "now", "expected"),
    [
        (None, "2026-11-25T02:00", []),
        # The first night comes after the day of the switching on.
        (DAY, "2026-11-20T23:59:59.999", []),
        (DAY, "2026-11-21T00:00", [DAY]),
        (DAY, "2026-11-22T02:00", [DAY, NEXT]),
        (NEXT, "2026-11-21T02:00", []),
        (NEXT, "2026-11-22T02:00", [NEXT]),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", KOLKATA])
def test_days_without_events(store: Store, zone: str, since: date | None, now: str, expected: list[date]) -> None:
    due = due_days(store, [], ZoneInfo(zone), ms(now, zone), since)
    assert [(each.day.date, each.events) for each in due] == [(day, 0) for day in expected]
    delivered = [archive(day, 0, zone) for day in expected]
    assert due_days(store, delivered, ZoneInfo(zone), ms(now, zone), since) == []


def test_an_archive_that_ends_amid_the_oldest_hour_of_the_store_counts(store: Store) -> None:
    zone = ZoneInfo(KOLKATA)
    last_ms = calendar_day(DAY, zone).end_ms - 1
    store.append([event(last_ms)])
    now_ms = last_ms + 3 * 86_400_000
    assert due_days(store, [archive(DAY, 1, KOLKATA)], zone, now_ms, None) == []
    assert [each.day.date for each in due_days(store, [archive(NEXT, 1, KOLKATA)], zone, now_ms, None)] == [DAY]


def test_today_counts_all_but_the_deliveries_of_the_export(store: Store) -> None:
    today = datetime.now(NOON).date()
    now = calendar_day(today, NOON).end_ms - 1
    assert due_today(store, [], NOON, now) is None
    store.append(archive_delivered(f"a-{n}.zip", "2026-11-20", 1, "ab" * 32, "there") for n in range(3))
    assert due_today(store, [], NOON, now) is None
    store.append([event(calendar_day(today, NOON).start_ms)])
    due = due_today(store, [], NOON, now)
    # What else there is takes the deliveries along.
    assert due is not None and (due.day.date, due.events, due.upto_seq) == (today, 4, 4)
    assert due_today(store, [archive(today, 4, NOON.key)], NOON, now) is None


def test_more_deliveries_than_one_looks_through_count(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.export.due._FEW", 3)
    now = calendar_day(datetime.now(NOON).date(), NOON).end_ms - 1
    store.append(archive_delivered(f"a-{n}.zip", "2026-11-20", 1, "ab" * 32, "there") for n in range(3))
    assert due_today(store, [], NOON, now) is None
    store.append([archive_delivered("b.zip", "2026-11-20", 1, "ab" * 32, "there")])
    due = due_today(store, [], NOON, now)
    assert due is not None and due.events == 4


@pytest.mark.parametrize(("early_ms", "left"), [(0, 0), (1, 1)])
def test_a_day_is_pruned_when_all_of_it_is_old_enough(tmp_path: Path, early_ms: int, left: int) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    server = ServerSettings(host=f"127.0.0.1:{free_port()}", user="audit", path="/")
    settings = Settings(export=ExportSettings(instance="ws", timezone="UTC"), server=server)
    settings = structs.replace(settings, store=structs.replace(settings.store, keep_days=30))
    with open_store(paths.store) as store, open_ledger(paths.ledger) as ledger:
        store.append([event(ms("2026-11-20T23:59:59.999"))])
        note_archive(store, note_of(archive(DAY, 1)))
        run = ledger.begin_run(StartedBy.HAND, 1, 1)
        ledger.set_built(run, archive(DAY, 1))
        ledger.mark_delivered(archive(DAY, 1).name, run, 2)
    clock = (ms("2026-12-21T00:00") - early_ms) / 1000
    result = run_once(
        settings, paths, Request(), Mock(side_effect=UserError), backoff=Backoff(1), clock=lambda: clock
    )
    assert (result.outcome, result.error) == (Outcome.NOTHING_DUE, None)
    with open_store(paths.store) as store:
        assert sum(hour.events for hour in hours(store)) == left
