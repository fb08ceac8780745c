"""Records of well-known systems: recognised by their keys, mapped without the admin's doing."""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice

import msgspec
from msgspec import Raw, Struct, structs

from desktop_app.resources import load_toml
from desktop_app.settings.model import FieldPlaces, SourceSettings
from desktop_app.sources.kind import Record, Secrets
from desktop_app.sources.kinds import no_secrets, open_source
from desktop_app.trails.values import values_of

_FEW = 5
_LOOKED_AT = 20
_DEEPEST = 4


class RecordShape(Struct, frozen=True):
    """How the records of a system look (`known_by`: the key paths that all have), and how they become events."""

    id: str
    name: str
    records: str
    known_by: tuple[str, ...]
    fields: dict[str, FieldPlaces]
    split: str = ""
    time: str = ""
    zone: str = ""


@cache
def record_shapes() -> tuple[RecordShape, ...]:
    """All that are known."""
    return msgspec.convert(load_toml("record_shapes")["shape"], tuple[RecordShape, ...])


def mapped_as(source: SourceSettings, shape: RecordShape) -> SourceSettings:
    """`source` with the mapping of a shape; where its kind asks for the list in a document, with that as well."""
    mapped = structs.replace(
        source,
        fields=dict(shape.fields),
        split=shape.split,
        time=shape.time or source.time,
        zone=shape.zone or source.zone,
    )
    return structs.replace(mapped, records=shape.records) if _has_list(source) else mapped


def is_mapped_as(source: SourceSettings, shape: RecordShape) -> bool:
    """Whether a source has the mapping of a shape."""
    return mapped_as(source, shape) == source


def recognise(source: SourceSettings, secrets: Secrets = no_secrets) -> RecordShape | None:
    """The shape of the first records of a source, whatever its mapping is.

    Raises UserError where the source can't be read.
    """
    first: dict[str, list[bytes]] = {}
    for shape in record_shapes():
        lies = shape.records if _has_list(source) else ""
        if lies not in first:
            with open_source(mapped_as(source, shape), secrets) as reader:
                first[lies] = _fit(islice(reader.sample(), _LOOKED_AT))
        if any(_has_all(record, shape.known_by) for record in first[lies]):
            return shape
    return None


def key_paths(records: Iterable[Record]) -> list[str]:
    """The key paths that lead to something in the first records, in the order of their coming."""
    found: dict[str, None] = {}
    for record in _fit(records):
        value = _object(record)
        if value is not None:
            _collect(value, "", 1, found)
    return list(found)


def _has_list(source: SourceSettings) -> bool:
    return "records" in source.__struct_fields__


def _fit(records: Iterable[Record]) -> list[bytes]:
    """A few of those that may be events."""
    return list(islice((record.content for record in records if not record.unfit), _FEW))


def _collect(value: Mapping[str, Raw], before: str, depth: int, found: dict[str, None]) -> None:
    for key, inner in value.items():
        found.setdefault(f"{before}{key}")
        if depth < _DEEPEST and (below := _object(inner)) is not None:
            _collect(below, f"{before}{key}.", depth + 1, found)


def _has_all(record: bytes, paths: tuple[str, ...]) -> bool:
    return all(_has(record, path) for path in paths)


def _has(record: bytes, path: str) -> bool:
    value: bytes | Raw = record
    for key in path.split("."):
        if (below := _object(value)) is None or key not in below:
            return False
        value = below[key]
    return True


def _object(value: bytes | Raw) -> dict[str, Raw] | None:
    try:
        return values_of(value)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
