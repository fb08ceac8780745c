"""A look at the first records of a source, which may not be one yet."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

import msgspec
from msgspec import Raw, structs

from desktop_app.settings.model import SourceSettings
from desktop_app.sources.catalogue import service_of
from desktop_app.sources.connectors import completed
from desktop_app.sources.key_path import part_of
from desktop_app.sources.kind import NothingRemembered, Record, Secrets
from desktop_app.sources.kinds import no_secrets, open_source
from desktop_app.sources.mapping import mapper
from desktop_app.sources.record_shapes import RecordShape, keys_in, recognise
from desktop_app.sources.rules import choices_of
from desktop_app.sources.splitting import split_at
from desktop_app.sources.times import time_reader, understood
from desktop_app.trails.event import NotAnEvent, iso_time
from desktop_app.trails.times import NotATime
from desktop_app.trails.values import text_of, whole_text
from desktop_app.wording import NOTHING, Said

_TIMES = 3
_MOST_SHOWN = 1 << 16  # bytes of a record


@dataclass(frozen=True)
class TimeRead:
    """A time as a record has it, as it is kept, and how it was understood."""

    written: str
    created_at: str
    how: Said


@dataclass(frozen=True)
class Previewed:
    """A record as it was read, from which place, and the lines of the events that it becomes, or why it is set
    aside."""

    content: bytes
    place: Said
    events: tuple[bytes, ...] = ()
    reason: Said = NOTHING

    @property
    def readable(self) -> str:
        """The record over several lines where it is JSON, everything in it as it stands; else as it is. Of one
        that is very large, its beginning."""
        if len(self.content) <= _MOST_SHOWN:
            try:
                return whole_text(self.content)
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
                pass
        return self.content[:_MOST_SHOWN].decode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class Preview:
    """How the first records of a source map; and of how many parts (files, windows of time) they are the first.
    `times` are the first times as they were understood."""

    records: list[Previewed] = field(default_factory=list)
    parts: int = 0
    times: list[TimeRead] = field(default_factory=list)

    @property
    def events(self) -> list[bytes]:
        """The lines of all events."""
        return [line for record in self.records for line in record.events]

    @property
    def set_aside(self) -> list[tuple[Said, Said]]:
        """Place and reason of each record that is set aside."""
        return [(record.place, record.reason) for record in self.records if record.reason]


@dataclass(frozen=True)
class FirstLook:
    """How the first records map, the key paths in them with what is there, and the system that they are of, where
    that isn't said by the service they come from."""

    preview: Preview
    key_paths: dict[str, str]
    shape: RecordShape | None


def look_into(source: SourceSettings, limit: int, secrets: Secrets = no_secrets) -> FirstLook:
    """Look at the first `limit` records. Stores nothing. Raises UserError where the source can't be read."""
    source = completed(source)
    records, parts = _first(source, limit, secrets)
    paths = keys_in(records)
    if not paths and getattr(source, "records", False):  # the list may be elsewhere: what is there instead?
        paths = keys_in(_first(structs.replace(source, records=""), limit, secrets)[0])
    shape = None if service_of(source) else recognise(source, secrets)
    return FirstLook(_preview(source, records, parts), paths, shape)


def preview(source: SourceSettings, limit: int, secrets: Secrets = no_secrets) -> Preview:
    """How the first `limit` records map, and what would be set aside. Stores nothing.

    Raises UserError where the source can't be read.
    """
    source = completed(source)
    return _preview(source, *_first(source, limit, secrets))


def _first(source: SourceSettings, limit: int, secrets: Secrets) -> tuple[list[Record], int]:
    with open_source(source, secrets) as reader:
        return list(islice(reader.sample(), limit)), sum(1 for _ in reader.parts(NothingRemembered()))


def _preview(source: SourceSettings, records: Iterable[Record], parts: int) -> Preview:
    found = Preview(parts=parts)
    events_of, time_of = mapper(source, source.name), _time_reader(source)
    for record in records:
        place = Said("{file}, {place}", file=record.within, place=record.place)
        try:
            lines = tuple(event.line for event in events_of(record))
        except NotAnEvent as error:
            found.records.append(Previewed(record.content, place, reason=error.message))
        else:
            found.records.append(Previewed(record.content, place, lines))
            found.times.extend(time_of(record) if len(found.times) < _TIMES else ())
    return found


def _time_reader(source: SourceSettings) -> Callable[[Record], Iterator[TimeRead]]:
    """What tells how the time of a record was understood."""
    choices = choices_of("createdAt", source.mapping.get("createdAt", "createdAt"))
    read = time_reader(source.time, source.zone)
    split = split_at(source.split) if source.split else None

    def time_of(record: Record) -> Iterator[TimeRead]:
        part = part_of(Raw(record.content))
        if split:
            part = next(split(part))
        for choice in choices:
            value = choice.get(part)
            if value is not None:
                with suppress(NotATime):
                    kept = iso_time(read(bytes(value)).ms)
                    yield TimeRead(text_of(value), kept, understood(bytes(value), source.time, source.zone))
                    return

    return time_of
