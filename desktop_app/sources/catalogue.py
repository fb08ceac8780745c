"""The catalogue: all from which audit events can be collected, and what has to be filled in for each."""

import sys
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct, structs

from desktop_app.settings.duration import DAY_MS, duration_ms
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.rest_source import RestSource
from desktop_app.settings.source_kinds import (
    KindField,
    KindSecret,
    SourceKindEntry,
    empty_source,
    entry_of,
    source_kinds,
)
from desktop_app.sources.connectors import Connector, completed, connector_called, connectors
from desktop_app.wording import Said

Where = Literal["computer", "server", "service"]
_ORDER: tuple[Where, ...] = ("computer", "server", "service")


class Offer(Struct, frozen=True):
    """One thing in the catalogue: its title, what can be collected there, and a source of it to fill in.

    `name` is a good name for the source, where there is one.
    """

    title: Said
    about: Said
    where: Where
    icon: str
    source: SourceSettings
    name: str = ""

    @property
    def words(self) -> str:
        """What else it may be looked for by: names in the settings, in lower case."""
        like = self.source.like if isinstance(self.source, RestSource) else ""
        return f"{self.source.kind} {like}".lower()


class Guide(Struct, frozen=True):
    """What to do at a service first: what to `create` there, the `right` that needs, and for how many days the
    service keeps its events (0: as it is set up there, or by plan)."""

    create: Said
    right: Said
    days: int


def offers() -> tuple[Offer, ...]:
    """All, the places on this computer first, then servers, then services by their names, and any other last."""
    return tuple(sorted(_all_offers(), key=lambda offer: _ORDER.index(offer.where)))


def fields_of(source: SourceSettings) -> tuple[KindField, ...]:
    """The fields that a source of its kind, or of the service that it is like, can be filled in by."""
    kind = entry_of(source.kind)
    connector = service_of(source)
    if not isinstance(source, RestSource):
        return kind.fields
    fields = [field for field in kind.fields if field.key != "like"]
    if connector is None:
        return _of_any_service(fields, kind.tables)
    return tuple(_of_service(field, connector) for field in fields if _is_asked(field, connector))


def secret_of(source: SourceSettings) -> KindSecret | None:
    """The secret that a source has; None where it needs none."""
    secret = entry_of(source.kind).secret
    connector = service_of(source)
    if secret is None or connector is None:
        return secret
    return structs.replace(secret, help=connector.asks.secret) if connector.asks.secret else None


def guide_of(source: SourceSettings) -> Guide | None:
    """What to do at the service of a source before it can be collected from; None where it is of none."""
    connector = service_of(source)
    if connector is None:
        return None
    kept = keeps_days(source)
    return Guide(connector.doc("create"), connector.doc("right"), kept)


def keeps_days(source: SourceSettings) -> int:
    """For how many days the service of a source keeps its events; 0 where that isn't known, or it is of none."""
    whole = completed(source)
    kept = whole.window.kept if isinstance(whole, RestSource) else ""
    try:
        return duration_ms(kept) // DAY_MS if kept else 0
    except ValueError:
        return 0


def service_of(source: SourceSettings) -> Connector | None:
    """The service that a source is like; None for one of another kind, and for a service that is not known."""
    return connector_called(source.like) if isinstance(source, RestSource) and source.like else None


def _all_offers() -> Iterator[Offer]:
    for kind in (each for each in source_kinds() if not each.systems or sys.platform in each.systems):
        if kind.name == RestSource.__struct_config__.tag:
            for connector in connectors():
                yield _service(kind, connector)
            other = empty_source(kind.name)
            yield Offer(Said("Another service on the web"), kind.explanation, kind.where, kind.icon, other)
        else:
            name = "journal" if kind.name == "journal" else ""
            yield Offer(kind.title, kind.explanation, kind.where, kind.icon, empty_source(kind.name), name)


def _service(kind: SourceKindEntry, connector: Connector) -> Offer:
    source = RestSource(name="", like=connector.id)
    days = keeps_days(source)
    as_set_up = Said("Keeps its events as set up there.")
    about = Said("Keeps its events for {days} days.", days=days) if days else as_set_up
    return Offer(connector.title, about, kind.where, kind.icon, source, connector.id)


def _of_any_service(fields: Iterable[KindField], tables: Iterable[KindField]) -> tuple[KindField, ...]:
    """The fields for a service that is not known: its address says all that others are named by."""
    client = next(field for field in fields if field.key == "client")
    parts = next(field for field in fields if field.key == "parts")
    shown = structs.replace(client, only={"auth.type": ("basic", "oauth2", "google")})
    first = [field for field in tables if field.key == "url" or field.key.startswith("auth.")]
    others = [field for field in tables if field not in first]
    asked = [field for field in others if not field.more]
    return (*first, shown, *asked, parts, *(field for field in others if field.more))


def _is_asked(field: KindField, connector: Connector) -> bool:
    """Whether a field says anything about a service; the address always may, for a copy of it elsewhere."""
    if field.key == "parts":
        return bool(connector.source.get("parts"))
    return field.key == "url" or bool(getattr(connector.asks, field.key, ""))


def _of_service(field: KindField, connector: Connector) -> KindField:
    """A field as it is for a service: what it asks for there."""
    if field.key == "url":
        has_own = bool(connector.source.get("url"))
        return structs.replace(field, needed=not has_own, more=has_own)
    asked = getattr(connector.asks, field.key, "")
    return structs.replace(field, help=asked, needed=True) if asked else field
