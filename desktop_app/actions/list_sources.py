"""The sources, with what was read of them."""

from msgspec import Struct

from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.paths import Paths
from desktop_app.sources.so_far import SourceCounts, counts
from desktop_app.trails.store.store import open_store_to_read


class ListedSource(Struct, frozen=True):
    """A source, and how much of it was read."""

    source: SourceSettings
    counts: SourceCounts


def list_sources(paths: Paths) -> list[ListedSource]:
    """The sources in their order. Raises BadSetting and LocalDiskError."""
    sources = load_settings(paths).sources
    with open_store_to_read(paths.store) as store:
        return [ListedSource(source, counts(store, source.name)) for source in sources]
