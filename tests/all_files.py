"""What is in the files of a folder that a program is using."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def all_bytes(folder: Path) -> Iterator[bytes]:
    """What is in each file below a folder, but for those that go meanwhile, as SQLite's do."""
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if file.is_file():
                yield file.read_bytes()
