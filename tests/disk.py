"""Disks that fail, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def full_disk(most: int = 16) -> Iterator[None]:
    """No file of this process may grow beyond `most` bytes."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def damage_pages(database: Path, first: int = 8) -> None:
    """Overwrite the pages of a SQLite database from number `first` (from 0) on, behind its sound header."""
    content = database.read_bytes()
    start = first * int.from_bytes(content[16:18], "big")
    assert start < len(content)
    database.write_bytes(content[:start] + b"\xff" * (len(content) - start))
