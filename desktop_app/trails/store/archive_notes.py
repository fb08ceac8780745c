"""What the store knows of the archives that were made of it: a second record beside the ledger's.

A store of which an older copy was put back lacks the notes of what was delivered since; of a ledger that was lost
or is older, the notes know more.
"""

import zlib
from collections.abc import Iterable, Mapping
from itertools import starmap, zip_longest
from operator import eq
from types import MappingProxyType

from msgspec import Struct

from desktop_app.trails.store.store import Store


class Note(Struct, frozen=True, gc=False):
    """An archive by its name and the SHA-256 of its .zip. `facts` is what the exporter keeps of it;
    `delivered_ms` is None while it waits."""

    name: str
    sha256: str
    facts: bytes
    delivered_ms: int | None = None


def archive_notes(store: Store, known: Mapping[tuple[str, str], Note] = MappingProxyType({})) -> list[Note]:
    """All notes in the order in which they were made, without damaged ones: `known`, by name and SHA-256, is what
    another record says, and what says the same is not damaged. Raises StoreDamaged."""
    with store.reading():
        rows = store.db.execute("SELECT name, sha256, facts, delivered_ms, crc32 FROM archives ORDER BY rowid")
        notes = ((Note(*values), crc32) for *values, crc32 in rows)
        return [
            note for note, crc32 in notes if known.get((note.name, note.sha256)) == note or _crc32(note) == crc32
        ]


def are_delivered_notes(store: Store, known: Iterable[Note]) -> bool:
    """Whether another record says the same as all notes of delivered archives, in the order in which they were
    made; then none of them is damaged. Raises StoreDamaged."""
    with store.reading():
        rows = store.db.execute(
            "SELECT name, sha256, facts, delivered_ms FROM archives WHERE delivered_ms IS NOT NULL ORDER BY rowid"
        )
        return all(starmap(eq, zip_longest(starmap(Note, rows), known)))


def is_delivered(store: Store, name: str, sha256: str) -> bool:
    """Whether the store knows that an archive was delivered. Raises StoreDamaged."""
    return any((note.name, note.sha256) == (name, sha256) and note.delivered_ms for note in archive_notes(store))


def note_archive(store: Store, note: Note) -> None:
    """Keep a note, instead of one of the same archive. Raises LocalDiskError."""
    with store.transaction():
        store.db.execute(
            """INSERT INTO archives (name, sha256, facts, delivered_ms, crc32) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET facts = excluded.facts, delivered_ms = excluded.delivered_ms,
               crc32 = excluded.crc32""",
            (note.name, note.sha256, note.facts, note.delivered_ms, _crc32(note)),
        )


def _crc32(note: Note) -> int:
    return zlib.crc32(repr((note.name, note.sha256, note.facts, note.delivered_ms)).encode())
