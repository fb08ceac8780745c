"""Find events in the store: of some days, delivered or waiting, with certain words in them."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, tzinfo
from functools import partial

from msgspec import Struct

from desktop_app.actions.event_state import EventState, spans_of
from desktop_app.errors import BadSetting
from desktop_app.export.coverage import Coverage
from desktop_app.export.days import calendar_day, day_of
from desktop_app.export.due import coverage_of
from desktop_app.export.ledger import Archive, open_ledger
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop
from desktop_app.trails.store.browse import Key, Section, sections
from desktop_app.trails.store.hours import hours
from desktop_app.trails.store.known_sources import known_sources
from desktop_app.trails.store.search import Sought, search
from desktop_app.trails.store.span import END_MS, FIRST_MS, Span
from desktop_app.trails.store.store import Store, open_store_to_read
from desktop_app.wording import Said

_TOLD_EVERY_S = 0.2
_REST_S = 0.001


class Question(Struct, frozen=True):
    """Which events: those that have what is `sought`, from one day to another (both included; None: no end), in
    one state or in both."""

    sought: Sought = Sought()
    first: date | None = None
    last: date | None = None
    state: EventState | None = None


class EventSource(Struct, frozen=True):
    """A source by its number and name, which is empty for what was recorded here."""

    number: int
    name: str


class Range(Struct, frozen=True):
    """Where the events asked for are, without regard to what is sought: `parts`, newest first, with `events` of
    them.

    `delivered` are the archives that the server has, `days` the days that have events, newest first; `sources` the
    sources that events may have come from.
    """

    parts: list[Section]
    events: int
    delivered: list[Archive]
    days: list[date]
    sources: list[EventSource]


class Hits(Struct, frozen=True):
    """More events that have what is sought, older than those before; `scanned` of the range's events were looked
    through."""

    keys: list[Key]
    scanned: int


def find_events(
    paths: Paths, zone: tzinfo, question: Question, stop: Stop, tell: Callable[[Range | Hits], None]
) -> None:
    """Tell the range of a question, and then the events in it that have what is sought, if anything is.

    It only reads, and holds up nobody. Raises LocalDiskError and Stopped.
    """
    with open_ledger(paths.ledger) as ledger, open_store_to_read(paths.store) as store:
        delivered = ledger.delivered()
        spans = spans_asked(coverage_of(delivered), zone, question)
        parts = sections(store, spans)
        days = days_with_events(store, zone)
        tell(Range(parts, sum(part.events for part in parts), delivered, days, event_sources(store)))
        if not question.sought.anything:
            _tell_hits(store, spans, question.sought, stop, tell)


def days_with_events(store: Store, zone: tzinfo) -> list[date]:
    """The days of `zone` that have events, newest first."""
    days: list[date] = []
    end_ms = None
    for hour in hours(store):
        # Where a zone is off by half an hour, an hour of UTC belongs to two days.
        for instant in (hour.start_ms, hour.end_ms - 1):
            if end_ms is None or instant >= end_ms:
                day = day_of(instant, zone)
                days.append(day.date)
                end_ms = day.end_ms
    days.reverse()
    return days


def event_sources(store: Store) -> list[EventSource]:
    """The sources that the store knows, also those that were removed; what was recorded here comes first."""
    return [EventSource(each.number, each.name or each.label) for each in known_sources(store)]


def find_event_source(paths: Paths, name: str) -> EventSource:
    """The source of a name; what was recorded here for ''. Raises BadSetting and LocalDiskError."""
    with open_store_to_read(paths.store) as store:
        known = event_sources(store)
    for each in known:
        if each.name == name:
            return each
    names = tuple(each.name for each in known if each.name)
    hint = Said("Events came from {names}.", names=names) if names else Said("No source was collected from yet.")
    raise BadSetting(Said("No event came from a source {name}.", name=name), hint)


def spans_asked(coverage: Coverage, zone: tzinfo, question: Question) -> list[Span]:
    """Where the events asked for are, without regard to what is sought; in order of time."""
    start_ms = calendar_day(question.first, zone).start_ms if question.first else FIRST_MS
    end_ms = calendar_day(question.last, zone).end_ms if question.last else END_MS
    if question.state is None:
        return [Span(start_ms, end_ms)] if start_ms < end_ms else []
    return spans_of(coverage, start_ms, end_ms)[question.state]


def _tell_hits(store: Store, spans: list[Span], sought: Sought, stop: Stop, tell: Callable[[Hits], None]) -> None:
    """Search, and tell the first hits at once, later ones some at a time."""
    keys: list[Key] = []
    scanned = 0
    told_at = -_TOLD_EVERY_S
    # What may match is decoded under Python's lock: that is left to the window now and then.
    with closing(search(store, spans, sought, partial(time.sleep, _REST_S))) as steps:
        for found in steps:
            keys += found.keys
            scanned = found.scanned
            if time.monotonic() - told_at >= _TOLD_EVERY_S:
                tell(Hits(keys, scanned))
                keys, told_at = [], time.monotonic()
            stop.check()
    tell(Hits(keys, scanned))
