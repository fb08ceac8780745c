"""Records of well-known systems: recognised by their keys, mapped without the admin's doing."""

from collections.abc import Iterable
from functools import cache
from itertools import islice

import msgspec
from msgspec import Raw, Struct, structs

from desktop_app.resources import load_toml
from desktop_app.settings.model import FieldPlaces, SourceSettings
from desktop_app.sources.key_path import Part, compile_path, part_of
from desktop_app.sources.kind import Record, Secrets
from desktop_app.sources.kinds import no_secrets, open_source
from desktop_app.trails.values import text_of

_FEW = 5
_LOOKED_AT = 20
_DEEPEST = 5
_SAMPLE = 200


class RecordShape(Struct, frozen=True):
    """How the records of a system look (`known_by`: the key paths that all have), and how they become events.

    `lists` are where they may be in a document: key paths of a list, or nothing for records that are in no list.
    """

    id: str
    name: str
    known_by: tuple[str, ...]
    fields: dict[str, FieldPlaces]
    lists: tuple[str, ...] = ("",)
    split: str = ""
    time: str = ""
    zone: str = ""


@cache
def record_shapes() -> tuple[RecordShape, ...]:
    """All that are known."""
    return msgspec.convert(load_toml("record_shapes")["shape"], tuple[RecordShape, ...])


def mapped_as(source: SourceSettings, shape: RecordShape) -> SourceSettings:
    """`source` with the mapping of a shape; where its kind asks for the list in a document, with the first one."""
    mapped = structs.replace(
        source,
        fields=dict(shape.fields),
        split=shape.split,
        time=shape.time or source.time,
        zone=source.zone or shape.zone,
    )
    return structs.replace(mapped, records=shape.lists[0]) if _has_list(source) else mapped


def is_mapped_as(source: SourceSettings, shape: RecordShape) -> bool:
    """Whether a source has the mapping of a shape, with any of its lists."""
    return any(mapped_as(source, structs.replace(shape, lists=(each,))) == source for each in shape.lists)


def recognise(source: SourceSettings, secrets: Secrets = no_secrets) -> RecordShape | None:
    """The shape of the first records of a source, whatever its mapping is; its one list is where they are.

    Raises UserError where the source can't be read.
    """
    first: dict[str, list[bytes]] = {}
    return next(filter(None, (_found(source, shape, first, secrets) for shape in record_shapes())), None)


def as_found(source: SourceSettings, shape: RecordShape, secrets: Secrets = no_secrets) -> RecordShape:
    """A shape with the one of its lists where the source has such records; as it is where it has none.

    Raises UserError where the source can't be read.
    """
    return _found(source, shape, {}, secrets) or shape


def keys_in(records: Iterable[Record]) -> dict[str, str]:
    """The key paths that lead to something in the first records, in the order of their coming; what is there."""
    found: dict[str, str] = {}
    for content in _fit(records):
        _collect(part_of(Raw(content)), "", 1, found)
    return found


def _found(
    source: SourceSettings, shape: RecordShape, first: dict[str, list[bytes]], secrets: Secrets
) -> RecordShape | None:
    for each in shape.lists if _has_list(source) else ("",):
        if each not in first:
            looked_at = structs.replace(source, records=each) if _has_list(source) else source
            with open_source(looked_at, secrets) as reader:
                first[each] = _fit(islice(reader.sample(), _LOOKED_AT))
        if any(_has_all(record, shape.known_by) for record in first[each]):
            return structs.replace(shape, lists=(each,))
    return None


def _has_list(source: SourceSettings) -> bool:
    return "records" in source.__struct_fields__


def _fit(records: Iterable[Record]) -> list[bytes]:
    """A few of those that may be events."""
    return list(islice((record.content for record in records if not record.unfit), _FEW))


def _collect(part: Part, before: str, depth: int, found: dict[str, str]) -> None:
    inside: Iterable[tuple[str, str | int]] = ((f".{key}" if before else key, key) for key in part.values)
    if part.items:
        inside = (("[0]", 0),)
    for step, key in inside:
        path = f"{before}{step}"
        value = part.at(key)
        if value is not None and (path not in found or found[path] in ("null", "")):
            found[path] = text_of(value)[:_SAMPLE]
        below = part.below(key)
        if depth < _DEEPEST and below is not None and (below.values or below.items):
            _collect(below, path, depth + 1, found)


def _has_all(record: bytes, paths: tuple[str, ...]) -> bool:
    try:
        part = part_of(Raw(record))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False
    return all(compile_path(path)(part) is not None for path in paths)
