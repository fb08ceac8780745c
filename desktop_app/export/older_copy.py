"""What of an archive the store has, where an older copy of the store was put back: the archive itself is read."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from msgspec import structs

from desktop_app.export.agreement import note_of
from desktop_app.export.archived_lines import (
    UnreadableArchive,
    archived_lines,
    as_archived,
    manifest_of,
    manifest_sha256,
)
from desktop_app.export.coverage import Coverage
from desktop_app.export.due import coverage_of
from desktop_app.export.ledger import Archive, Ledger
from desktop_app.export.outbox import has_sha256
from desktop_app.files import file_sha256, make_private_folder
from desktop_app.held import remove
from desktop_app.trails.store.archive_notes import note_archive
from desktop_app.trails.store.hours import count
from desktop_app.trails.store.renumber import renumber
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from desktop_app.trails.store.timeline import numbered_lines

_LOG = logging.getLogger(__name__)


def find_there(
    store: Store, ledger: Ledger, built: Archive, outbox: Path, get: Callable[[str, Path], bool]
) -> Archive | None:
    """The archive that the server has under the name of `built`, if it holds events that `built` holds as well.

    It is entered as delivered; events of its day that it does not hold are due. Another installation of that
    name has other events: None. Raises as `agreement.agree` does, and UnreadableArchive.
    """
    make_private_folder(outbox)
    file = outbox / f"{built.name}.tmp"
    try:
        if not get(built.name, file):
            return None
        manifest = manifest_of(file)
        upto_seq = store.last_seq()
        there = structs.replace(
            built, format=manifest.format, upto_seq=upto_seq, events=manifest.events, bytes=file.stat().st_size,
            sha256=file_sha256(file), delivered_ms=built.built_ms,
            chain_number=manifest.chain.number if manifest.chain else 0,
            manifest_sha256=manifest_sha256(file), signed_by=manifest.key or "", next_key=manifest.next_key or "",
        )  # fmt: skip
        left = _left(coverage_of(ledger.delivered()), built, upto_seq)
        held, others = _held_and_others(store, there, left, file)
    finally:
        remove(file)
    if not held:
        return None
    with store.transaction():
        renumber(store, others)
        note_archive(store, note_of(there))
    ledger.adopt(there)
    return there


def _held_and_others(
    store: Store, archive: Archive, left: Iterable[Span], file: Path
) -> tuple[set[int], set[int]]:
    """Of the events that are `left`, the arrival numbers of those that `file`, an archive in the format of
    `archive`, holds, and those of all others. Raises UnreadableArchive."""
    waiting = _numbers_by_text(store, archive, left)
    held: set[int] = set()
    if waiting:
        for text in archived_lines(file):
            if numbers := waiting.get(_digest(text)):
                held.add(numbers.pop())
    return held, {number for numbers in waiting.values() for number in numbers}


def settle(
    store: Store,
    ledger: Ledger,
    known: list[Archive],
    unknown: list[Archive],
    outbox: Path,
    get: Callable[[str, Path], bool],
) -> None:
    """Find out which events the archives hold that the store does not know of, and give all others new numbers."""
    upto_seq = store.last_seq()
    coverage = coverage_of(known)
    held: set[int] = set()
    others: set[int] = set()
    lost: list[Archive] = []
    for archive in unknown:
        left = _left(coverage, archive, upto_seq)
        if not any(count(store, span)[0] for span in left):
            continue
        with _file_of(archive, outbox, get) as file:
            try:
                if file is None:
                    raise UnreadableArchive("it is neither here nor on the server")
                found, rest = _held_and_others(store, archive, left, file)
            except UnreadableArchive as error:
                _LOG.warning("%s can't be read (%s): its events are exported again", archive.name, error)
                lost.append(archive)
                found, rest = set(), set().union(*_numbers_by_text(store, archive, left).values())
        held |= found
        others |= rest
    kept = [structs.replace(each, upto_seq=upto_seq) for each in unknown if each.delivered_ms or each not in lost]
    with store.transaction():
        renumber(store, others - held)
        for archive in kept:
            note_archive(store, note_of(archive))
    ledger.correct(kept)
    if len(kept) < len(unknown):
        ledger.drop_built()


def _left(coverage: Coverage, archive: Archive, upto_seq: int) -> list[Span]:
    """What of the day of an archive is in no other, of what arrived up to a number."""
    return [structs.replace(each, upto_seq=upto_seq) for each in coverage.left(archive.start_ms, archive.end_ms)]


def _numbers_by_text(store: Store, archive: Archive, left: Iterable[Span]) -> dict[bytes, list[int]]:
    """Arrival numbers of events by what their texts are in an archive, those that came first at the end."""
    numbers: list[int] = []

    def lines() -> Iterator[bytes]:
        for span in left:
            for number, line in numbered_lines(store, span):
                numbers.append(number)
                yield line

    found: defaultdict[bytes, list[int]] = defaultdict(list)
    for place, text in enumerate(as_archived(lines(), archive.format)):
        found[_digest(text)].append(numbers[place])
    for each in found.values():
        each.sort(reverse=True)
    return found


@contextmanager
def _file_of(archive: Archive, outbox: Path, get: Callable[[str, Path], bool]) -> Iterator[Path | None]:
    """The archive as it lies in the outbox or comes from the server, for as long as it is looked at."""
    here = outbox / archive.name
    if has_sha256(here, archive.sha256):
        yield here
        return
    make_private_folder(outbox)
    copy = outbox / f"{archive.name}.tmp"
    try:
        yield copy if get(archive.name, copy) and has_sha256(copy, archive.sha256) else None
    finally:
        remove(copy)


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).digest()
