"""A look at the first records of a source, which may not be one yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from desktop_app.settings.model import SourceSettings
from desktop_app.sources.kind import NothingRemembered, Record, Secrets
from desktop_app.sources.kinds import no_secrets, open_source
from desktop_app.sources.mapping import mapper
from desktop_app.sources.record_shapes import RecordShape, key_paths, recognise
from desktop_app.trails.event import NotAnEvent
from desktop_app.wording import Said


@dataclass(frozen=True)
class Preview:
    """How the first records of a source map: lines of events, and (place, reason) of what is set aside; and of how
    many parts (files, windows of time) they are the first."""

    events: list[bytes] = field(default_factory=list)
    set_aside: list[tuple[Said, Said]] = field(default_factory=list)
    parts: int = 0


@dataclass(frozen=True)
class FirstLook:
    """How the first records map, the key paths in them, and the well-known system that they are of."""

    preview: Preview
    key_paths: list[str]
    shape: RecordShape | None


def look_into(source: SourceSettings, limit: int, secrets: Secrets = no_secrets) -> FirstLook:
    """Look at the first `limit` records. Stores nothing. Raises UserError where the source can't be read."""
    records, parts = _first(source, limit, secrets)
    return FirstLook(_preview(source, records, parts), key_paths(records), recognise(source, secrets))


def preview(source: SourceSettings, limit: int, secrets: Secrets = no_secrets) -> Preview:
    """How the first `limit` records map, and what would be set aside. Stores nothing.

    Raises UserError where the source can't be read.
    """
    return _preview(source, *_first(source, limit, secrets))


def _first(source: SourceSettings, limit: int, secrets: Secrets) -> tuple[list[Record], int]:
    with open_source(source, secrets) as reader:
        return list(islice(reader.sample(), limit)), sum(1 for _ in reader.parts(NothingRemembered()))


def _preview(source: SourceSettings, records: Iterable[Record], parts: int) -> Preview:
    found = Preview(parts=parts)
    events_of = mapper(source, source.name)
    for record in records:
        try:
            found.events.extend(event.line for event in events_of(record))
        except NotAnEvent as error:
            place = Said("{file}, {place}", file=record.within, place=record.place)
            found.set_aside.append((place, error.message))
    return found
