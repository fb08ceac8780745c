"""What is known already of a source that is to be added or removed, told before that is done."""

from desktop_app.actions.list_sources import ListedSource
from desktop_app.settings.model import Settings, SourceSettings
from desktop_app.settings.paths import Paths
from desktop_app.settings.source_kinds import address_of
from desktop_app.sources.so_far import address_in_store
from desktop_app.trails.store.known_sources import find_known
from desktop_app.trails.store.store import open_store_to_read
from desktop_app.wording import Said


def before_adding(settings: Settings, paths: Paths, source: SourceSettings) -> Said | None:
    """What was collected from the same place before, or under the same name, and what happens to that.

    Raises LocalDiskError.
    """
    names = {each.name for each in settings.sources}
    with open_store_to_read(paths.store) as store:
        known = find_known(store, source.name, address_in_store(source), names)
    if known is None:
        return None
    if known.address not in ("", address_in_store(source)):
        return Said(
            "There was a source {name} before, at another place. Ids that it had are taken to be of the same"
            " records: give another system another name.",
            name=source.name,
        )
    return Said(
        "{address} was a source before, called {name}: what was read of it is not read again. Records that were"
        " set aside and are tried again by the next run: {count}.",
        address=address_of(source),
        name=known.name or known.label,
        count=known.set_aside,
    )


def before_removing(source: ListedSource) -> Said:
    """What stays of a source that is removed."""
    return Said(
        "What was collected from {name} stays and is exported, and so do the records that are set aside: {count}."
        " A source that reads the same place goes on from there, under whatever name.",
        name=source.source.name,
        count=source.counts.set_aside,
    )
