"""Records of well-known systems: recognised by their keys, mapped without the admin's doing."""

from collections.abc import Mapping
from functools import cache
from itertools import islice

import msgspec
from msgspec import Raw, Struct, structs

from desktop_app.resources import load_toml
from desktop_app.settings.model import FolderSource
from desktop_app.sources.folder import first_records
from desktop_app.trails.values import values_of

_FEW = 5
_DEEPEST = 4


class RecordShape(Struct, frozen=True):
    """How the records of a system look (`known_by`: the key paths that all have), and how they become events."""

    id: str
    name: str
    records: str
    known_by: tuple[str, ...]
    fields: dict[str, str | tuple[str, ...]]


@cache
def record_shapes() -> tuple[RecordShape, ...]:
    """All that are known."""
    return msgspec.convert(load_toml("record_shapes")["shape"], tuple[RecordShape, ...])


def recognise(source: FolderSource) -> RecordShape | None:
    """The shape of the first records in a source's folder, whatever its mapping is.

    Raises LocalDiskError where the folder can't be read.
    """
    for shape in record_shapes():
        for record in islice(first_records(structs.replace(source, records=shape.records)), _FEW):
            if _has_all(record, shape.known_by):
                return shape
    return None


def key_paths(source: FolderSource) -> list[str]:
    """The key paths that lead to something in the first records, in the order of their coming.

    Raises LocalDiskError where the folder can't be read.
    """
    found: dict[str, None] = {}
    for record in islice(first_records(source), _FEW):
        value = _object(record)
        if value is not None:
            _collect(value, "", 1, found)
    return list(found)


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
