"""Foreign records as audit events, by the `fields` of their source."""

import hashlib
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Raw

from desktop_app.settings.model import TIME_PATTERN, SourceSettings
from desktop_app.sources.fitting import CHECKED, OPTIONAL, REQUIRED, REWORDED, fit_of, fit_severity
from desktop_app.sources.key_path import Part
from desktop_app.sources.kind import Record
from desktop_app.sources.rules import Choice, choices_of
from desktop_app.sources.splitting import split_at
from desktop_app.sources.times import time_reader
from desktop_app.trails.event import (
    AuditEvent,
    NotAnEvent,
    compact_json,
    event_of_values,
    fits_event,
    iso_time,
    parse_event,
)
from desktop_app.trails.times import NotATime, normal_ms
from desktop_app.trails.values import NONE, text_of, values_of
from desktop_app.wording import Said

EventsOf = Callable[[Record], list[AuditEvent]]
_CREATED_AT = "createdAt"


def made_id(record: Record, label: str, number: int = 0) -> str:
    """The id of a record that has none; that of the event behind `number` others of the record.

    It is the same each time that the record is read, whatever it is mapped to. `label` is the source's.
    """
    digest = hashlib.sha256(record.content).hexdigest()
    which = f"#{number}" if number else ""
    return str(uuid5(NAMESPACE_URL, f"{label}#{record.seed}#{digest}{which}"))


def mapper(source: SourceSettings, label: str) -> EventsOf:
    """What makes of a record the events that it means: one, unless the source splits its records. `label` is that
    under which the store knows the source.

    Of the places of a key, the first counts whose value is there and fits. What is not mapped stays as it is,
    under its own key; as `<source>.<key>` only where the event has something else under that key, or it is an id,
    entityId, productVersion or severity that can't be an event's. A time that tells more than is kept of it, and
    a severity in other words, stay as well. Events without an id have the same one each time.

    The function raises NotAnEvent: a record becomes events as a whole, or not at all.
    """
    if source.mapping or source.zone or source.time or source.split:
        return _Mapper(source, label).events
    return partial(_as_it_is, _Mapper(source, label))


def _as_it_is(mapped: "_Mapper", record: Record) -> list[AuditEvent]:
    """Most records of a source without a mapping are events already."""
    if not record.unfit:
        try:
            return [parse_event(record.content, partial(made_id, record, mapped.label))]
        except NotAnEvent:
            pass
    return mapped.events(record)


class _Mapped(NamedTuple):
    """What becomes of a record: when it happened, what stays as it is, and what is mapped."""

    created_ms: int
    created_at: Raw | str
    kept: dict[str, Raw]
    mapped: dict[str, Raw]

    def own_id(self) -> str:
        """The id that the record says, or an empty text."""
        value = self.mapped.get("id") or self.kept.get("id")
        return text_of(value) if value is not None and value != NONE else ""


class _Mapper:
    """The places of a source's keys as functions, which all its records go through."""

    def __init__(self, source: SourceSettings, label: str) -> None:
        self.source_name, self.label = source.name, label
        fields = {key: key for key in (_CREATED_AT, *REQUIRED)} | source.mapping
        self._created_at = choices_of(_CREATED_AT, fields.pop(_CREATED_AT))
        self._fields = [(key, choices_of(key, places), fit_of(key)) for key, places in fields.items()]
        self._takes_normal = not source.time.startswith(TIME_PATTERN)
        self._read_time = time_reader(source.time, source.zone)
        self._split = split_at(source.split) if source.split else None

    def events(self, record: Record) -> list[AuditEvent]:
        if record.unfit:
            raise NotAnEvent(record.unfit)
        whole = _object(record.content)
        if self._split is None:
            mapped = self._mapped(whole)
            return [event_of_values(mapped.own_id() or made_id(record, self.label), *mapped)]
        several = list(map(self._mapped, self._split(whole)))
        ids = self._ids([each.own_id() for each in several], record)
        return [event_of_values(event_id, *each) for event_id, each in zip(ids, several, strict=True)]

    def _ids(self, own: list[str], record: Record) -> list[str]:
        """Those of the events of one record: one that they share is that of the record, and gets a number."""
        times = Counter(own)
        numbered = (f"{event_id}-{n + 1}" if times[event_id] > 1 else event_id for n, event_id in enumerate(own))
        return [event_id if own[n] else made_id(record, self.label, n) for n, event_id in enumerate(numbered)]

    def _mapped(self, part: Part) -> _Mapped:
        created_ms, created_at, path = self._created(part)
        used = {path}
        mapped: dict[str, Raw] = {}
        for key, choices, fit in self._fields:
            empty = None
            for path, get in choices:
                value = get(part)
                if value is None:
                    continue
                if (fitted := fit(value)) is not None:
                    mapped[key] = fitted
                    if fitted is value or key not in REWORDED:
                        used.add(path)
                    break
                empty = empty or (value, path)
            else:
                if key in REQUIRED:
                    raise NotAnEvent(_why_not(key, choices, found=empty is not None))
                if empty and key not in CHECKED:
                    mapped[key] = empty[0]
                    used.add(empty[1])
        kept = dict(part.values)
        for path in used:
            kept.pop(path, None)
        if not kept.keys().isdisjoint(OPTIONAL):
            self._rename_unfit(kept, mapped)
        if _CREATED_AT in kept or not kept.keys().isdisjoint(mapped):
            for key in [key for key in (_CREATED_AT, *mapped) if key in kept]:
                self._rename(key, kept, mapped)
        return _Mapped(created_ms, created_at, kept, mapped)

    def _created(self, part: Part) -> tuple[int, Raw | str, str]:
        """The instant, as it is kept, and the path of what says it whole."""
        problem = None
        for path, get in self._created_at:
            value = get(part)
            if value is not None:
                raw = bytes(value)
                try:
                    if self._takes_normal and (normal := normal_ms(raw)) is not None:
                        return normal, value, path
                    moment = self._read_time(raw)
                except NotATime as error:
                    problem = problem or error.reason
                else:
                    return moment.ms, iso_time(moment.ms), path if moment.exact else ""
        raise NotAnEvent(problem or _why_not(_CREATED_AT, self._created_at, found=False))

    def _rename_unfit(self, kept: dict[str, Raw], mapped: dict[str, Raw]) -> None:
        """Have what a record says under the key of an event, and can't be an event's, under another."""
        for key in OPTIONAL:
            value = None if key in mapped else kept.get(key)
            if value is not None and not fits_event(key, bytes(value)):
                self._rename(key, kept, mapped)
                if key == "severity" and (severity := fit_severity(value)) is not None:
                    mapped[key] = severity

    def _rename(self, key: str, kept: dict[str, Raw], mapped: dict[str, Raw]) -> None:
        name = f"{self.source_name}.{key}"
        while name in kept or name in mapped:
            name = f"{self.source_name}.{name}"
        kept[name] = kept.pop(key)


def _object(content: bytes) -> Part:
    """A record. Raises NotAnEvent."""
    compact = compact_json(content)
    try:
        return Part(values_of(compact), [])
    except msgspec.ValidationError as error:
        raise NotAnEvent(Said("it is no JSON object")) from error


def _why_not(key: str, choices: tuple[Choice, ...], found: bool) -> Said:
    if found:
        return Said("{key} is not a text, or is empty", key=key)
    paths = tuple(choice.path for choice in choices if choice.path)
    if paths in ((), (key,)):
        return Said("{key} is missing", key=key)
    return Said("{key} is missing: there is nothing at {paths}", key=key, paths=paths)
