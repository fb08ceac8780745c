"""Events to hand over, each with what proves it; as CSV, JSON or one HTML page."""

import hashlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Raw, structs

from desktop_app.actions.event_state import archive_of
from desktop_app.actions.find_events import Question, spans_asked
from desktop_app.evidence.event_page import event_page
from desktop_app.evidence.proof import Proof, proofs_as_csv, proofs_as_json
from desktop_app.export.cef_format import cef_chunks
from desktop_app.export.due import coverage_of
from desktop_app.export.ledger import Archive, open_ledger
from desktop_app.files import writing_for_user
from desktop_app.settings.model import CefSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.spoken import Speak
from desktop_app.stop import Stop
from desktop_app.trails.store.browse import Key
from desktop_app.trails.store.hours import count
from desktop_app.trails.store.search import search
from desktop_app.trails.store.single_lines import SingleLines
from desktop_app.trails.store.span import ANY_SEQ, Span
from desktop_app.trails.store.store import Store, open_store_to_read
from desktop_app.trails.store.timeline import Batch, numbered_lines
from desktop_app.trails.values import event_values

Form = Literal["csv", "json", "html"]


def hand_over(
    settings: Settings,
    paths: Paths,
    wanted: Question | Sequence[Key],
    file: Path,
    form: Form,
    stop: Stop,
    speak: Speak = str,
    language: str = "en",
) -> int:
    """Write events with their proofs to a file, and say how many these are.

    The file is written whole, or stays what it was. CSV begins with a byte order mark, by which spreadsheets know
    UTF-8. Raises LocalDiskError, BadSetting and Stopped.
    """
    number = 0

    def counted() -> Iterator[Proof]:
        nonlocal number
        for proof in proofs(settings, paths, wanted):
            stop.check()
            number += 1
            yield proof

    pieces: Iterator[str]
    if form == "csv":
        pieces = (f"{line}\r\n" for line in proofs_as_csv(counted()))
    elif form == "json":
        pieces = proofs_as_json(counted())
    else:
        pieces = event_page(counted(), speak, language)
    with writing_for_user(file) as written:
        if form == "csv":
            written.write(BOM_UTF8)
        written.writelines(piece.encode(errors="backslashreplace") for piece in pieces)
    return number


def proofs(settings: Settings, paths: Paths, wanted: Question | Sequence[Key]) -> Iterator[Proof]:
    """The events that are asked for, or some by their places, in order of time; not those that were pruned.

    It only reads. Raises LocalDiskError, BadSetting.
    """
    with open_ledger(paths.ledger) as ledger, open_store_to_read(paths.store) as store:
        delivered = ledger.delivered()
        places = _Places(store, delivered, settings.cef)
        if isinstance(wanted, Question):
            zone = find_zone(settings.export.timezone)
            lines = _lines(store, spans_asked(coverage_of(delivered), zone, wanted), wanted)
        else:
            lines = _lines_at(store, wanted)
        for seq, line in lines:
            yield places.proof(Key(_instant_ms(event_values(line).createdAt), seq), line)


class _Places:
    """Where events are in the archives that were delivered. Fastest where they are asked for in order of time."""

    def __init__(self, store: Store, delivered: list[Archive], cef: CefSettings) -> None:
        self._store, self._delivered, self._cef = store, delivered, cef
        self._spans: dict[str, list[Span]] = {}
        self._reached: dict[str, tuple[Key, int]] = {}

    def proof(self, key: Key, line: bytes) -> Proof:
        archive = archive_of(self._delivered, key.created_ms, key.seq)
        if archive is None:
            return Proof(event=Raw(line))
        text = line
        if archive.format == "cef":
            chunks = cef_chunks([Batch(line, 1, key.created_ms, key.created_ms)], self._cef)
            text = b"".join(chunk.text for chunk in chunks).rstrip(b"\n")
        return Proof(
            event=Raw(line),
            archive=archive.name,
            archive_sha256=archive.sha256,
            line=self._events_before(archive, key) + (2 if archive.format == "json" else 1),
            line_sha256=hashlib.sha256(text).hexdigest(),
            number=archive.chain_number,
            manifest_sha256=archive.manifest_sha256,
            signed_by=archive.signed_by,
        )

    def _events_before(self, archive: Archive, key: Key) -> int:
        """How many events of an archive are ahead of one: by time, then by arrival."""
        start, before = self._reached.get(archive.name, (Key(archive.start_ms, 0), 0))
        if key < start:
            start, before = Key(archive.start_ms, 0), 0
        between = (part for span in self._spans_of(archive) for part in _between(span, start, key))
        before += sum(count(self._store, part)[0] for part in between)
        self._reached[archive.name] = key, before
        return before

    def _spans_of(self, archive: Archive) -> list[Span]:
        """What of its day no archive before has."""
        if archive.name not in self._spans:
            earlier = coverage_of(self._delivered[: self._delivered.index(archive)])
            self._spans[archive.name] = [
                structs.replace(span, upto_seq=archive.upto_seq)
                for span in earlier.left(archive.start_ms, archive.end_ms)
            ]
        return self._spans[archive.name]


def _between(span: Span, start: Key, end: Key) -> Iterator[Span]:
    """Where the events of a span are from one place on up to another (excluded)."""

    def cut(start_ms: int, end_ms: int, after_seq: int, upto_seq: int) -> Iterator[Span]:
        part = Span(
            max(span.start_ms, start_ms),
            min(span.end_ms, end_ms),
            max(span.after_seq, after_seq),
            min(span.upto_seq, upto_seq),
        )
        if part.start_ms < part.end_ms and part.after_seq < part.upto_seq:
            yield part

    if start.created_ms == end.created_ms:
        yield from cut(start.created_ms, start.created_ms + 1, start.seq - 1, end.seq - 1)
    else:
        yield from cut(start.created_ms, start.created_ms + 1, start.seq - 1, ANY_SEQ)
        yield from cut(start.created_ms + 1, end.created_ms, 0, ANY_SEQ)
        yield from cut(end.created_ms, end.created_ms + 1, 0, end.seq - 1)


def _lines(store: Store, spans: Sequence[Span], question: Question) -> Iterator[tuple[int, bytes]]:
    """Arrival numbers and lines of the events of some spans that have what is sought, in order of time."""
    if question.sought.anything:
        for span in spans:
            yield from numbered_lines(store, span)
    else:
        yield from _lines_at(store, [key for found in search(store, spans, question.sought) for key in found.keys])


def _lines_at(store: Store, keys: Sequence[Key]) -> Iterator[tuple[int, bytes]]:
    lines = SingleLines(store)
    for key in sorted(keys):
        if (line := lines.line(key.seq)) is not None:
            yield key.seq, line


def _instant_ms(created_at: str) -> int:
    instant = datetime.fromisoformat(created_at)
    return int(instant.timestamp()) * 1000 + instant.microsecond // 1000
