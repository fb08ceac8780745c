"""A look into the folder of a source before it is one."""

from dataclasses import dataclass

from desktop_app.settings.model import FolderSource
from desktop_app.sources.folder import Preview, preview
from desktop_app.sources.record_shapes import RecordShape, key_paths, recognise


@dataclass(frozen=True)
class FirstLook:
    """How the first records map, the key paths in them, and the well-known system that they are of."""

    preview: Preview
    key_paths: list[str]
    shape: RecordShape | None


def look_into(source: FolderSource, limit: int) -> FirstLook:
    """Look at the first `limit` records. Stores nothing. Raises LocalDiskError where the folder can't be read."""
    return FirstLook(preview(source, limit), key_paths(source), recognise(source))
