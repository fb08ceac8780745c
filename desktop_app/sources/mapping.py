"""A foreign record as an audit event, by the `fields` of its source."""

from collections.abc import Callable, Mapping

import msgspec
from msgspec import Raw

from desktop_app.trails.event import AuditEvent, NotAnEvent, compact_json, fits_event, parse_event
from desktop_app.trails.values import values_of
from desktop_app.wording import Said

_TEXTS = ("id", "entityType", "entityName", "actionType", "entityId", "productVersion")
_OPTIONAL = ("id", "entityId", "productVersion", "severity")


def map_record(
    record: bytes,
    fields: Mapping[str, str | tuple[str, ...]],
    source: str,
    new_id: Callable[[], str],
) -> AuditEvent:
    """The event that a JSON object means.

    A key path's value is taken where it is present and not null, of several the first. A number becomes a
    text where an event has text. What is not mapped stays as it is, under its own key; as `<source>.<key>` only
    where the event has something else under that key, or it is an id, entityId, productVersion or severity
    that can't be an event's. Raises NotAnEvent.
    """
    compact = compact_json(record)
    try:
        rest = values_of(compact)
    except msgspec.ValidationError as error:
        raise NotAnEvent(Said("it is no JSON object")) from error
    mapped: dict[str, Raw] = {}
    used: set[str] = set()
    for key, places in fields.items():
        for place in (places,) if isinstance(places, str) else places:
            value = _value_at(rest, place)
            if value is not None:
                mapped[key] = _as_text(value) if key in _TEXTS else value
                used.add(place)
                break
    kept = {key: value for key, value in rest.items() if key not in used}
    taken = [key for key in mapped if key in kept]
    unfit = [key for key in _OPTIONAL if key in kept and not fits_event(key, bytes(kept[key]))]
    for key in dict.fromkeys(taken + unfit):
        name = f"{source}.{key}"
        while name in kept or name in mapped:
            name = f"{source}.{name}"
        kept[name] = kept.pop(key)
    return parse_event(msgspec.json.encode({**kept, **mapped}), new_id)


def _value_at(record: Mapping[str, Raw], place: str) -> Raw | None:
    """The value at a key path such as `requestParameters.bucketName`; a key may have dots itself."""
    if place in record:
        value = record[place]
        return None if bytes(value) == b"null" else value
    head, dot, tail = place.partition(".")
    if not dot or head not in record:
        return None
    try:
        return _value_at(values_of(record[head]), tail)
    except msgspec.ValidationError:
        return None


def _as_text(value: Raw) -> Raw:
    text = bytes(value)
    return Raw(b'"%b"' % text) if text[:1] in b"-0123456789" else value
