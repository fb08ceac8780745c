"""What was read apart from the store is entered: what is of later days as events, all else as pieces to come."""

import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop_app.actions.enter_reading import Entering
from desktop_app.cluster.promised import promised_pieces
from desktop_app.cluster.read_task import ReadWish, read_apart
from desktop_app.settings.model import FolderSource
from desktop_app.sources.folder_tree import FolderTree
from desktop_app.sources.kind import NothingRemembered
from desktop_app.sources.so_far import address_in_store
from desktop_app.trails.store.known_sources import enter_source
from desktop_app.trails.store.set_aside import set_aside_records
from desktop_app.trails.store.store import Store
from tests.installation import ms
from tests.stored import event, events_in


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


@pytest.mark.parametrize("become", [lambda _: None, Path.unlink, cut], ids=["there", "lost", "cut"])
def test_events_of_later_days_are_stored_whatever_became_of_their_piece(
    store: Store, folder: Path, tmp_path: Path, become: Callable[[Path], None]
) -> None:
    """A piece that is gone is read again: its files are remembered as read, so nobody else would."""
    days = ("2026-03-02", "2026-03-02", "2026-03-05")
    lines = [event(id=str(n), createdAt=f"{day}T08:00:00Z") for n, day in enumerate(days)]
    (folder / "a.jsonl").write_bytes(b"\n".join([*lines, b'{"no": "event"}']) + b"\n")
    (tmp_path / "pieces").mkdir()
    source = FolderSource(name="s", path=str(folder))
    known = enter_source(store, "s", address_in_store(source), {"s"})
    files = tuple(FolderTree(source).listed().files)
    begin, end = ms("2026-03-01T00:00:00"), ms("2026-03-04T00:00:00")
    wish = ReadWish(source, known.label, files, begin, end, "UTC", str(tmp_path / "pieces"), "ours")
    read = read_apart(wish, NothingRemembered())
    assert read.beyond
    become(tmp_path / "pieces" / read.beyond.name)
    taken = Entering(Mock(store=store), known, wish).enter(wish, read, again=True)
    assert (taken.appended.stored, taken.set_aside) == (1, 1)
    assert [each.content.strip() for each in set_aside_records(store, "s", 9)] == [b'{"no": "event"}']
    assert [each["id"] for each in events_in(store)] == ["2"]
    assert [piece.part.piece.events for day in promised_pieces(store, end) for _, piece in day] == [2]
    assert not (tmp_path / "pieces" / read.beyond.name).exists()
