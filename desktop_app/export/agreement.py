"""Let store and ledger agree on what was exported, also after an older copy of one of them was put back.

Both know each archive: the ledger has it entered, the store has a note of it (`trails.store.archive_notes`).

- What the store knows and the ledger does not, was delivered: an older or a lost ledger gets it entered again.
- What the ledger knows and the store does not, was made of a store of which an older copy was put back. Its
  arrival numbers say nothing of events that came since. So the archive itself is read: what it holds is exported,
  and all other events of its day get new arrival numbers, with which they are due.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import msgspec
from msgspec import structs

from desktop_app.export.arrange_ledger import arrange
from desktop_app.export.ledger import Archive, Ledger
from desktop_app.trails.own_actions import delivery_id
from desktop_app.trails.store.archive_notes import Note, archive_notes, are_delivered_notes, note_archive
from desktop_app.trails.store.renumber import raise_sequence
from desktop_app.trails.store.store import Store

_LOG = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


def agree(store: Store, ledger: Ledger, outbox: Path, get: Callable[[str, Path], bool]) -> None:
    """Make store and ledger know the same archives. To be done before anything is built or delivered.

    `get` writes the server's file of a name to a path and says whether there was one; it is asked only when
    events may or may not be in an archive. Raises LocalDiskError, StoreDamaged for a damaged
    store, and what `get` raises.
    """
    entered = _entered(ledger)
    if are_delivered_notes(store, map(note_of, entered)):  # mostly they are, and nothing waits
        _raise_sequence(store, entered)
    else:
        _settle(store, ledger, entered, outbox, get)


def _settle(
    store: Store, ledger: Ledger, entered: list[Archive], outbox: Path, get: Callable[[str, Path], bool]
) -> None:
    """Where they don't agree: find out of each archive which of the two is right."""
    own_notes = {(archive.name, archive.sha256): note_of(archive) for archive in entered}
    notes = {(note.name, note.sha256): note for note in archive_notes(store, own_notes)}
    if _enter_what_the_store_knows(ledger, notes.values()):
        entered = _entered(ledger)
        own_notes = {(archive.name, archive.sha256): note_of(archive) for archive in entered}
    never_noted = ledger.never_noted()
    known, unknown, corrected, newly_noted = [], [], [], []
    for archive in entered:
        note = notes.get((archive.name, archive.sha256))
        if note is not None:
            if note == own_notes[archive.name, archive.sha256]:
                known.append(archive)
                continue
            noted = _archive(note)
            known.append(noted)
            if structs.replace(noted, delivered_ms=archive.delivered_ms) != archive:
                corrected.append(noted)
        elif archive.name in never_noted or store.has(delivery_id(archive.name, archive.sha256)):
            known.append(archive)
            newly_noted.append(archive)
        else:
            unknown.append(archive)
    with store.transaction():
        for archive in newly_noted:
            note_archive(store, note_of(archive))
    ledger.correct(corrected + newly_noted)
    _raise_sequence(store, entered)
    if unknown:
        _LOG.warning("the store does not know of %d archives: it is an older copy", len(unknown))
        from desktop_app.export.older_copy import settle

        settle(store, ledger, known, unknown, outbox, get)


def _raise_sequence(store: Store, entered: Iterable[Archive]) -> None:
    raise_sequence(store, max((archive.upto_seq for archive in entered), default=0))


def note_of(archive: Archive) -> Note:
    """What the store keeps of an archive."""
    facts = _encode(structs.replace(archive, delivered_ms=None))
    return Note(archive.name, archive.sha256, facts, archive.delivered_ms)


def _entered(ledger: Ledger) -> list[Archive]:
    built = ledger.built()
    return [*ledger.delivered(), *ledger.held(), *([built] if built else [])]


def _enter_what_the_store_knows(ledger: Ledger, notes: Collection[Note]) -> bool:
    """Whether there was anything. The one that waits is the exporter's: a run that was killed may have delivered
    it. What is entered gets its place among the others."""
    built, entered = ledger.built(), False
    delivered = {(archive.name, archive.sha256) for archive in [*ledger.delivered(), *([built] if built else [])]}
    for note in notes:
        if note.delivered_ms is not None and (note.name, note.sha256) not in delivered:
            _LOG.warning("the ledger did not know that %s was delivered", note.name)
            ledger.adopt(_archive(note))
            entered = True
    if entered:
        arrange(ledger, [(note.name, note.sha256) for note in notes])
    return entered


def _archive(note: Note) -> Archive:
    return structs.replace(msgspec.json.decode(note.facts, type=Archive), delivered_ms=note.delivered_ms)
