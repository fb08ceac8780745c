"""Events to hand over, each with what proves it: the archive that has it, on which line, and who signed that."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, tzinfo

from msgspec import Raw, Struct, structs

from desktop_app.actions.event_state import archive_of
from desktop_app.export.cef_format import cef_chunks
from desktop_app.export.days import calendar_day
from desktop_app.export.due import coverage_of
from desktop_app.export.ledger import Archive, open_ledger
from desktop_app.settings.model import CefSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.trails.store.browse import Key, actor_text, event_line
from desktop_app.trails.store.hours import count
from desktop_app.trails.store.search import fold, search
from desktop_app.trails.store.span import END_MS, FIRST_MS, Span
from desktop_app.trails.store.store import Store, open_store_to_read
from desktop_app.trails.store.timeline import Batch, numbered_lines
from desktop_app.trails.values import event_values


class Wanted(Struct, frozen=True, kw_only=True):
    """Which events: those with every word of `text`, from one day to another (both included), whose actor and
    action have a text in them."""

    text: str = ""
    first: date | None = None
    last: date | None = None
    actor: str = ""
    action: str = ""


class Proof(Struct, frozen=True, rename="camel", kw_only=True):
    """An event as it was recorded, and where it was delivered: nowhere yet, where `archive` is None.

    `line` counts from 1 in the archive's data file; `line_sha256` is of that line, without comma and line break.
    `number`, `manifest_sha256` and `signed_by` are of the archive: 0 and nothing for an unsigned one.
    """

    event: Raw
    archive: str | None = None
    archive_sha256: str = ""
    line: int | None = None
    line_sha256: str = ""
    number: int = 0
    manifest_sha256: str = ""
    signed_by: str = ""


def proofs(settings: Settings, paths: Paths, wanted: Wanted) -> Iterator[Proof]:
    """The events that are asked for, in order of time. It reads alone. Raises LocalDiskError, BadSetting."""
    zone = find_zone(settings.export.timezone)
    with open_ledger(paths.ledger) as ledger, open_store_to_read(paths.store) as store:
        places = _Places(store, ledger.delivered(), settings.cef)
        for seq, line in _lines(store, _span(wanted, zone), wanted.text):
            values = event_values(line)
            actor, action = fold(actor_text(values.actor)), fold(values.actionType)
            if fold(wanted.actor) in actor and fold(wanted.action) in action:
                yield places.proof(_instant_ms(values.createdAt), seq, line)


class _Places:
    """Where events are in the archives that were delivered."""

    def __init__(self, store: Store, delivered: list[Archive], cef: CefSettings) -> None:
        self._store, self._delivered, self._cef = store, delivered, cef
        self._spans: dict[str, list[Span]] = {}

    def proof(self, created_ms: int, seq: int, line: bytes) -> Proof:
        archive = archive_of(self._delivered, created_ms, seq)
        if archive is None:
            return Proof(event=Raw(line))
        text = line
        if archive.format == "cef":
            chunks = cef_chunks([Batch(line, 1, created_ms, created_ms)], self._cef)
            text = b"".join(chunk.text for chunk in chunks).rstrip(b"\n")
        before = sum(count(self._store, span)[0] for span in self._before(archive, Key(created_ms, seq)))
        return Proof(
            event=Raw(line),
            archive=archive.name,
            archive_sha256=archive.sha256,
            line=before + (2 if archive.format == "json" else 1),
            line_sha256=hashlib.sha256(text).hexdigest(),
            number=archive.chain_number,
            manifest_sha256=archive.manifest_sha256,
            signed_by=archive.signed_by,
        )

    def _before(self, archive: Archive, key: Key) -> Iterator[Span]:
        """Where the events of an archive are that are ahead of one: by time, then by arrival."""
        for span in self._spans_of(archive):
            if span.start_ms < key.created_ms:
                yield structs.replace(span, end_ms=min(span.end_ms, key.created_ms))
            if span.start_ms <= key.created_ms < span.end_ms:
                yield structs.replace(
                    span, start_ms=key.created_ms, end_ms=key.created_ms + 1, upto_seq=key.seq - 1
                )

    def _spans_of(self, archive: Archive) -> list[Span]:
        """What of its day no archive before has."""
        if archive.name not in self._spans:
            earlier = coverage_of(self._delivered[: self._delivered.index(archive)])
            self._spans[archive.name] = [
                structs.replace(span, upto_seq=archive.upto_seq)
                for span in earlier.left(archive.start_ms, archive.end_ms)
            ]
        return self._spans[archive.name]


def _lines(store: Store, span: Span, text: str) -> Iterator[tuple[int, bytes]]:
    """Arrival numbers and lines of the events of a span, in order of time; with every word of `text`."""
    if not text.strip():
        yield from numbered_lines(store, span)
        return
    for key in sorted(key for found in search(store, [span], text) for key in found.keys):
        if line := event_line(store, key.seq):
            yield key.seq, line


def _span(wanted: Wanted, zone: tzinfo) -> Span:
    return Span(
        calendar_day(wanted.first, zone).start_ms if wanted.first else FIRST_MS,
        calendar_day(wanted.last, zone).end_ms if wanted.last else END_MS,
    )


def _instant_ms(created_at: str) -> int:
    instant = datetime.fromisoformat(created_at)
    return int(instant.timestamp()) * 1000 + instant.microsecond // 1000
