"""The sources, with what was read of them."""

import time
from collections.abc import Callable

from msgspec import Struct

from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.paths import Paths
from desktop_app.sources.last_read import LastRead, running_out
from desktop_app.sources.so_far import SourceCounts, counts, last_read_of
from desktop_app.trails.store.store import Store, open_store_to_read
from desktop_app.wording import Said


class ListedSource(Struct, frozen=True):
    """A source, how much of it was read, and how the last collection went. `running_out` says that events will
    soon be gone that were not collected yet."""

    source: SourceSettings
    counts: SourceCounts
    last: LastRead = LastRead()
    running_out: Said | None = None


def list_sources(paths: Paths, clock: Callable[[], float] = time.time) -> list[ListedSource]:
    """The sources in their order. Raises BadSetting and LocalDiskError."""
    sources = load_settings(paths).sources
    with open_store_to_read(paths.store) as store:
        return [_listed(source, store, int(clock() * 1000)) for source in sources]


def _listed(source: SourceSettings, store: Store, now_ms: int) -> ListedSource:
    last = last_read_of(store, source.name)
    return ListedSource(source, counts(store, source.name), last, running_out(source, last, now_ms))
