"""Collect from all sources."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from desktop_app.errors import LocalDiskError, UserError
from desktop_app.settings.model import FolderSource
from desktop_app.trails.store.store import Appended, Store


@dataclass(frozen=True)
class CollectProgress:
    """So many records of a source were read."""

    source: str
    records: int


@dataclass(frozen=True)
class Collected:
    """What was stored, and what could not be read; the next collection tries that again."""

    appended: Appended
    errors: list[UserError] = field(default_factory=list)


def collect(
    sources: Iterable[FolderSource], store: Store, on_progress: Callable[[CollectProgress], None]
) -> Collected:
    """Collect what is new in every source. One that can't be read holds none of the others up."""
    total = Appended(0, 0)
    errors: list[UserError] = []
    for source in sources:
        from desktop_app.sources.folder import collect_folder  # which many runs do without

        records = 0

        def count(more: int, name: str = source.name) -> None:
            nonlocal records
            records += more
            on_progress(CollectProgress(name, records))

        try:
            appended, unreadable = collect_folder(source, store, count)
            total += appended
            errors += [unreadable] if unreadable else []
        except LocalDiskError as error:
            errors.append(error)
    return Collected(total, errors)
