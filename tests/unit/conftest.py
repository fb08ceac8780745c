"""A store and a folder of a source for the tests that want them empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.trails.store.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"
