"""What became of a source so far."""

from msgspec import Struct

from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import entry_of
from desktop_app.sources.kind import READ
from desktop_app.sources.last_read import LastRead, last_read
from desktop_app.trails.store.known_sources import KnownSource, known_as
from desktop_app.trails.store.places import StoredPlaces, count_places
from desktop_app.trails.store.store import Store


def address_in_store(source: SourceSettings) -> str:
    """By what a source is known again, whatever its name is: what of its settings says where it is."""
    places = [field.key for field in entry_of(source.kind).fields if field.type in ("text", "folder")]
    return f"{source.kind}:{' '.join(getattr(source, key) for key in places)}"


class SourceCounts(Struct, frozen=True):
    """Things that were read (files, those in a .zip one by one); and of the records `read`, how many were stored,
    were there already, and are set aside now. An earlier version counted only the latter.
    """

    files: int = 0
    read: int = 0
    stored: int = 0
    repeated: int = 0
    set_aside: int = 0

    @property
    def mostly_set_aside(self) -> bool:
        """Whether more than half of what was read is set aside."""
        return 2 * self.set_aside > self.read


def last_read_of(store: Store, source: str) -> LastRead:
    """How the last collection of a source went, by its name. Raises StoreDamaged."""
    known = known_as(store, source)
    return last_read(StoredPlaces(store, known.label)) if known else LastRead()


def counts(store: Store, source: str) -> SourceCounts:
    """How much of a source was read, by its name."""
    known = known_as(store, source)
    return _counts(store, known) if known else SourceCounts()


def _counts(store: Store, known: KnownSource) -> SourceCounts:
    files = count_places(store, known.label, READ)
    return SourceCounts(files, known.read, known.stored, known.repeated, known.set_aside)
