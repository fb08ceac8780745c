"""Which days wait for an archive."""

from collections.abc import Iterable
from datetime import date, timedelta, tzinfo

from msgspec import Struct, structs

from desktop_app.export.coverage import Coverage
from desktop_app.export.days import Day, calendar_day, day_of, days_between
from desktop_app.export.ledger import Archive
from desktop_app.export.taken import Taken
from desktop_app.trails.own_actions import is_delivery
from desktop_app.trails.store.hours import HourCount, count, hours
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from desktop_app.trails.store.timeline import batches

_FEW = 1000


class DueDay(Struct, frozen=True):
    """A day whose next archive takes `events` events (`bytes` of them as JSON) that arrived up to `upto_seq`:
    those of `spans`, which are the parts of the day."""

    day: Day
    events: int
    bytes: int
    upto_seq: int
    spans: tuple[Span, ...]


def due_days(
    store: Store,
    delivered: Iterable[Archive | Taken],
    zone: tzinfo,
    now_ms: int,
    switched_on_since: date | None,
) -> list[DueDay]:
    """The days that have ended and wait for an archive, oldest first.

    Those are the days with events that no archive holds, and from `switched_on_since` on also those that
    never had an archive.
    """
    archives = list(delivered)
    seq, counted = store.last_seq(), hours(store)
    # Of ten years of archives, most hold only what the store has no longer.
    coverage = coverage_of(each for each in archives if counted and each.end_ms > counted[0].start_ms)
    without = _days_without_archive(archives, zone, now_ms, switched_on_since)
    ended = {day for day in _days_with_news(counted, coverage, zone) if day.end_ms <= now_ms}
    due = (due_day(store, day, coverage, seq) for day in sorted(ended | without))
    return [each for each in due if each.events or each.day in without]


def due_today(store: Store, delivered: Iterable[Archive | Taken], zone: tzinfo, now_ms: int) -> DueDay | None:
    """The events of today so far, or None where only the export's own deliveries were recorded since."""
    coverage = coverage_of(delivered)
    due = due_day(store, calendar_day(day_of(now_ms, zone).date, zone), coverage, store.last_seq())
    if due.events <= _FEW and all(map(is_delivery, _lines(store, due))):
        return None
    return due


def due_day(store: Store, day: Day, coverage: Coverage, upto_seq: int) -> DueDay:
    """What the next archive of `day` takes when it ends with arrival number `upto_seq`."""
    spans = tuple(structs.replace(left, upto_seq=upto_seq) for left in coverage.left(day.start_ms, day.end_ms))
    counts = [count(store, span) for span in spans]
    return DueDay(day, sum(n for n, _ in counts), sum(size for _, size in counts), upto_seq, spans)


def coverage_of(archives: Iterable[Archive | Taken]) -> Coverage:
    """What the archives hold, taken together."""
    return Coverage(Span(a.start_ms, a.end_ms, upto_seq=a.upto_seq) for a in archives)


def _days_with_news(counted: Iterable[HourCount], coverage: Coverage, zone: tzinfo) -> set[Day]:
    days = set()
    for hour in counted:
        if hour.last_seq > coverage.lowest(hour.start_ms, hour.end_ms):
            # Where a zone is off by half an hour, an hour of UTC belongs to two days.
            days |= {day_of(hour.start_ms, zone), day_of(hour.end_ms - 1, zone)}
    return days


def _days_without_archive(
    archives: Iterable[Archive | Taken], zone: tzinfo, now_ms: int, since: date | None
) -> set[Day]:
    yesterday = day_of(now_ms, zone).date - timedelta(days=1)
    if since is None or since > yesterday:
        return set()
    archived = {archive.day for archive in archives}
    return set(days_between(since, yesterday, zone, archived))


def _lines(store: Store, due: DueDay) -> Iterable[bytes]:
    for span in due.spans:
        for batch in batches(store, span):
            yield from batch.lines()
