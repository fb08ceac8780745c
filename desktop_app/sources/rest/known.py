"""What a part of a service remembers, as JSON under `read:PART`."""

import hashlib

import msgspec
from msgspec import Struct, structs

from desktop_app.settings.rest_source import RestSource
from desktop_app.sources.kind import READ, Places


class Known(Struct, frozen=True, omit_defaults=True):
    """How far a part was read, in milliseconds since 1970.

    `asks` is a digest of what was asked: of another question, nothing is known. All before `upto_ms` was read when
    that was; `token` is the service's cursor, or what leads to the next page of the window from `begun_ms` to
    `ends_ms`, which is amid being read: at its end, all before `safe_ms` is. `latest_ms` is the time of the newest
    record, `swept_ms` when it was looked further back than usual.
    """

    asks: str = ""
    upto_ms: int = 0
    token: str = ""
    begun_ms: int = 0
    ends_ms: int = 0
    safe_ms: int = 0
    latest_ms: int = 0
    swept_ms: int = 0


def known_of(source: RestSource, part: str, places: Places) -> Known:
    """What is known of a part."""
    value = places.get(READ + part)
    asks = _digest(source)
    known = msgspec.json.decode(value, type=Known) if value else Known()
    return known if known.asks == asks else Known(asks)


def remembered(part: str, known: Known) -> dict[str, bytes | None]:
    """As a step remembers it."""
    return {READ + part: msgspec.json.encode(known)}


def without_window(known: Known) -> Known:
    """With no window begun."""
    return structs.replace(known, token="", begun_ms=0, ends_ms=0, safe_ms=0)


def _digest(source: RestSource) -> str:
    """Of what says which records there are; how they are mapped and paged does not."""
    asked = (
        source.url,
        source.request,
        source.window.from_,
        source.window.to,
        source.pages.next,
        source.resume.by,
    )
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]
