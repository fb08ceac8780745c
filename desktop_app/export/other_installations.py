"""Whether another installation exports to the same server path under the same instance name."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from desktop_app.evidence.archive_name import instance_of
from desktop_app.sftp.part_names import is_old, with_token
from desktop_app.trails.own_actions import delivered_name, is_delivery
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from desktop_app.trails.store.timeline import batches
from desktop_app.wording import Said

if TYPE_CHECKING:
    from desktop_app.sftp.client import Entry


def names_of_others(
    entries: "list[Entry]", instance: str, known: Collection[str], server_now: int | None
) -> list[str]:
    """The archives and uploads of `instance` among `entries` that are not `known` as this installation's own.

    With `server_now`, the time by the server's clock, those are left out that nobody has written to for some days.
    """
    uploads = {entry.name for entry in with_token(entries, instance)}
    return [
        entry.name
        for entry in entries
        if (entry.name in uploads or instance_of(entry.name) == instance)
        and entry.name not in known
        and not is_old(entry, server_now)
    ]


def warning_of_others(
    names: Callable[[Collection[str]], list[str]], instance: str, known: Collection[str], store: Store
) -> Said | None:
    """What to tell of `names`, those at the server path that are not among the ones it is given.

    The `known` ones are the ledger's. It may be lost or an older copy: then the store's own events say which
    archives it delivered.
    """
    found = names(known)
    if found:
        found = names({*known, *_delivered_by(store)})
    if not found:
        return None
    return Said(
        "On the server path are files of the instance name {instance} that this installation did not put there,"
        " such as {name}. Does another one export there? Give each a name of its own (export.instance).",
        instance=instance,
        name=max(found),
    )


def _delivered_by(store: Store) -> set[str]:
    """The names of the archives whose delivery is among the events of the store."""
    return {
        delivered_name(line) for batch in batches(store, Span()) for line in batch.lines() if is_delivery(line)
    }
