"""The sources that the store knows: what each is called now, where it is, and what came of it.

A source that is removed stays known, and one at the same address, whatever its name, goes on where it stopped.
"""

import os
from collections.abc import Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from desktop_app.trails.store.identity import RECORDED
from desktop_app.trails.store.places import count_places
from desktop_app.trails.store.store import Store

_COLUMNS = "number, name, label, address, mapping, read, stored, repeated, kept, kept_bytes, beyond"

NEVER_TRIED = ""  # with no mapping yet


class KnownSource(Struct, frozen=True):
    """A source by its number, which is part of the identity of its events.

    `label` never changes: what is remembered of the source is under it, and ids that were made for its records
    come from it. `name` is that of a source of the settings, None where another has it by now; '' is `record`.
    `mapping` is that with which what was set aside was tried last. Of the records `read`, all were stored or
    repeated, or are set aside: `kept` (so many bytes), or `beyond` what is kept.
    """

    number: int
    name: str | None
    label: str
    address: str
    mapping: str
    read: int
    stored: int
    repeated: int
    kept: int
    kept_bytes: int
    beyond: int

    @property
    def set_aside(self) -> int:
        """How many records are set aside."""
        return self.kept + self.beyond


class Counts(Struct, frozen=True):
    """What came of some records; of what was set aside before, what changed."""

    read: int = 0
    stored: int = 0
    repeated: int = 0


def known_sources(store: Store) -> list[KnownSource]:
    """All of them, also those that were removed. Raises StoreDamaged."""
    with store.reading():
        return [KnownSource(*row) for row in store.db.execute(f"SELECT {_COLUMNS} FROM sources ORDER BY number")]


def known_as(store: Store, name: str) -> KnownSource | None:
    """The source that was collected from under this name. Raises StoreDamaged."""
    with store.reading():
        row = store.db.execute(f"SELECT {_COLUMNS} FROM sources WHERE name = ?", (name,)).fetchone()
        return KnownSource(*row) if row else None


def find_known(store: Store, name: str, address: str, in_use: Collection[str]) -> KnownSource | None:
    """The source that one of the settings is: that at its address, unless another name of the settings, which are
    `in_use`, has it; else the one of its name, which was somewhere else until now. Raises StoreDamaged.
    """
    known = [each for each in known_sources(store) if each.number != RECORDED]
    own = next((each for each in known if each.name == name), None)
    if own and own.address in ("", address):
        return own
    free = [each for each in known if each.name not in in_use]
    found = next((each for each in free if each.address == address), None)
    return found or next((each for each in free if not each.address and _has_read(store, each, address)), own)


def enter_source(store: Store, name: str, address: str, in_use: Collection[str]) -> KnownSource:
    """The source that one of the settings is, under its name from now on; a new one where none is known.

    Raises LocalDiskError.
    """
    with store.transaction():
        found = find_known(store, name, address, in_use)
        if found and (found.name, found.address) == (name, address):
            return found
        if found is None or found.name != name:
            store.db.execute("UPDATE sources SET name = NULL WHERE name = ?", (name,))
        if found is None:
            return _new(store, name, address)
        store.db.execute(
            "UPDATE sources SET name = ?, address = ? WHERE number = ?", (name, address, found.number)
        )
        return replace(found, name=name, address=address)


def add_counts(store: Store, number: int, counts: Counts) -> None:
    """Add to what came of a source, in the transaction of it."""
    store.db.execute(
        "UPDATE sources SET read = read + ?, stored = stored + ?, repeated = repeated + ? WHERE number = ?",
        (counts.read, counts.stored, counts.repeated, number),
    )


def set_mapping(store: Store, number: int, mapping: str) -> None:
    """Note with which mapping all that was set aside of a source was tried. Raises LocalDiskError."""
    with store.transaction():
        store.db.execute("UPDATE sources SET mapping = ? WHERE number = ?", (mapping, number))


def _has_read(store: Store, source: KnownSource, address: str) -> bool:
    """Whether a source of before version 5, which kept no address, read files in that folder; there was no other
    kind."""
    folder = address.partition(":")[2]
    return count_places(store, source.label, f"read:{folder}{os.sep}") > 0


def _new(store: Store, name: str, address: str) -> KnownSource:
    label = _free_label(name, [each.label for each in known_sources(store)])
    row = store.db.execute(
        f"INSERT INTO sources (name, label, address) VALUES (?, ?, ?) RETURNING {_COLUMNS}", (name, label, address)
    ).fetchone()
    return KnownSource(*row)


def _free_label(name: str, taken: Sequence[str]) -> str:
    label, number = name, 1
    while label in taken:
        number += 1
        label = f"{name} ({number})"
    return label
