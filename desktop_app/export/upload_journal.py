"""The names of this installation's own uploads that may be on the server, for a run that was interrupted."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from desktop_app.files import write_atomically

_MOST = 1000


class UploadJournal:
    """A file with the names. One that is gone or can't be read has none: such uploads stay there for days."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._on_disk = _read(file)
        self.names = list(self._on_disk)

    def add(self, names: Iterable[str]) -> None:
        """Note names, on disk, before there is anything of that name. Raises LocalDiskError."""
        self.names += [name for name in names if name not in self.names]
        self.save()

    def forget(self, names: Iterable[str]) -> None:
        """These are not on the server any more. What is on disk says so after the next `add` or `save`."""
        gone = set(names)
        self.names = [name for name in self.names if name not in gone]

    def save(self) -> None:
        """Write what has changed. Raises LocalDiskError."""
        self.names = self.names[-_MOST:]
        if self.names != self._on_disk:
            write_atomically(self._file, msgspec.json.encode(self.names))
            self._on_disk = list(self.names)


def _read(file: Path) -> list[str]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[str])
    except (OSError, ValueError):
        return []
