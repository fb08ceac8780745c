"""Find events in the store: of a day, delivered or waiting, with certain words in them."""

import time
from collections.abc import Callable
from datetime import date, tzinfo

from msgspec import Struct

from desktop_app.actions.event_state import EventState, spans_of
from desktop_app.export.coverage import Coverage
from desktop_app.export.days import calendar_day, day_of
from desktop_app.export.due import coverage_of
from desktop_app.export.ledger import Archive, open_ledger
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop
from desktop_app.trails.store.browse import Key, Section, sections
from desktop_app.trails.store.hours import hours
from desktop_app.trails.store.search import search, search_words
from desktop_app.trails.store.span import END_MS, FIRST_MS, Span
from desktop_app.trails.store.store import Store, open_store_to_read

_TOLD_EVERY_S = 0.2
_PAUSE_S, _PAUSE_EVERY_S = 0.001, 0.002


class Question(Struct, frozen=True):
    """Which events: those with every word of `text`, of one day or of all (None), in one state or in both."""

    text: str = ""
    day: date | None = None
    state: EventState | None = None


class Range(Struct, frozen=True):
    """Where the events asked for are, without regard to words: `parts`, newest first, with `events` events.

    `delivered` are the archives that the server has, `days` the days that have events, newest first.
    """

    parts: list[Section]
    events: int
    delivered: list[Archive]
    days: list[date]


class Hits(Struct, frozen=True):
    """More events with the words, older than those before; `scanned` of the range's events were looked
    through."""

    keys: list[Key]
    scanned: int


def find_events(
    paths: Paths, zone: tzinfo, question: Question, stop: Stop, tell: Callable[[Range | Hits], None]
) -> None:
    """Tell the range of a question, and then the events in it that have the words, if there are any words.

    It reads alone, and holds up nobody. Raises LocalDiskError and Stopped.
    """
    with open_ledger(paths.ledger) as ledger, open_store_to_read(paths.store) as store:
        delivered = ledger.delivered()
        spans = _spans(coverage_of(delivered), zone, question)
        parts = sections(store, spans)
        days = days_with_events(store, zone)
        tell(Range(parts, sum(part.events for part in parts), delivered, days))
        if search_words(question.text):
            _tell_hits(store, spans, question.text, stop, tell)


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


def _spans(coverage: Coverage, zone: tzinfo, question: Question) -> list[Span]:
    start_ms, end_ms = FIRST_MS, END_MS
    if question.day:
        day = calendar_day(question.day, zone)
        start_ms, end_ms = day.start_ms, day.end_ms
    if question.state is None:
        return [Span(start_ms, end_ms)] if start_ms < end_ms else []
    return spans_of(coverage, start_ms, end_ms)[question.state]


def _tell_hits(store: Store, spans: list[Span], text: str, stop: Stop, tell: Callable[[Hits], None]) -> None:
    """Search, and tell the first hits at once, later ones some at a time."""
    keys: list[Key] = []
    scanned = 0
    told_at = rested_at = -_TOLD_EVERY_S
    for found in search(store, spans, text):
        keys += found.keys
        scanned = found.scanned
        if time.monotonic() - told_at >= _TOLD_EVERY_S:
            tell(Hits(keys, scanned))
            keys, told_at = [], time.monotonic()
        if time.monotonic() - rested_at >= _PAUSE_EVERY_S:
            # What may match is looked at under Python's lock: leave it to the window now and then.
            stop.sleep(_PAUSE_S)
            rested_at = time.monotonic()
        stop.check()
    tell(Hits(keys, scanned))
