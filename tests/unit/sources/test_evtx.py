"""Event logs of Windows, which are read chunk by chunk."""

import gzip
import os
import time
from pathlib import Path

import pytest

from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import Collected
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.set_aside import set_aside_records
from desktop_app.trails.store.store import Store
from tests.evtx_file import evtx
from tests.stored import events_in

FIELDS = {
    "createdAt": "Event.System.TimeCreated.#attributes.SystemTime",
    "entityType": "Event.System.Channel",
    "entityName": "Event.EventData.TargetUserName",
    "actionType": "Event.System.EventID",
}


def gather(store: Store, folder: Path) -> Collected:
    return collect([FolderSource(name="s", path=str(folder), fields=FIELDS)], store, lambda _: None)


def names(store: Store) -> list[str]:
    return sorted(each["entityName"] for each in events_in(store))


def log(first: int, last: int, in_a_chunk: int = 4, in_use: bool = False) -> bytes:
    numbers = range(first, last)
    return evtx(
        [
            [(number, f"user {number:02}") for number in numbers[at : at + in_a_chunk]]
            for at in range(0, len(numbers), in_a_chunk)
        ],
        in_use,
    )


@pytest.mark.parametrize("name", ["Security.evtx", "archive", "Security.evtx.gz"])
def test_all_records_of_all_chunks(store: Store, folder: Path, name: str) -> None:
    content = log(1, 11)
    (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert gather(store, folder).appended.stored == 10
    assert gather(store, folder).appended == Appended(0, 0)
    assert names(store) == [f"user {number:02}" for number in range(1, 11)]
    assert set_aside_records(store, "s", 9) == []


def test_the_last_chunk_of_a_log_in_use_waits_until_nothing_is_written(store: Store, folder: Path) -> None:
    file, now = folder / "Security.evtx", int(time.time())
    for last, stored in ((6, 4), (8, 0), (8, 3)):
        file.write_bytes(log(1, last, in_use=True))
        os.utime(file, (now + last, now + last))
        assert gather(store, folder).appended.stored == stored
    assert names(store) == [f"user {number:02}" for number in range(1, 8)]


def test_a_log_that_goes_round_gives_each_record_once(store: Store, folder: Path) -> None:
    for first, last in ((1, 7), (1, 12), (6, 18), (18, 20)):
        (folder / "Security.evtx").write_bytes(log(first, last, in_a_chunk=3))
        for _ in range(2):
            gather(store, folder)
    assert names(store) == [f"user {number:02}" for number in range(1, 20)]


def test_a_damaged_chunk_costs_no_other(store: Store, folder: Path) -> None:
    content = log(1, 13)
    (folder / "a.evtx").write_bytes(content[: 4096 + 65536] + b"\xff" * 65536 + content[4096 + 2 * 65536 :])
    for _ in range(2):
        assert gather(store, folder).errors == []
    assert names(store) == [f"user {number:02}" for number in (1, 2, 3, 4, 9, 10, 11, 12)]
    assert [each.reason for each in set_aside_records(store, "s", 9)] == ["this part of the event log is damaged"]


def test_room_that_was_made_ahead_is_no_damage(store: Store, folder: Path) -> None:
    (folder / "a.evtx").write_bytes(log(1, 5) + bytes(65536) + b"\x07" * 65536)
    assert sum((gather(store, folder).appended for _ in range(3)), Appended(0, 0)).stored == 4
    assert set_aside_records(store, "s", 9) == []
