"""What store and ledger know of each other's archives, where no server is needed to find out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest
from msgspec import structs

from desktop_app.export.agreement import agree, note_of
from desktop_app.export.ledger import Archive, Ledger, StartedBy, open_ledger
from desktop_app.trails.store.archive_notes import archive_notes, note_archive
from desktop_app.trails.store.store import Store, open_store
from tests.unit.export.test_due import DAY, NEXT, archive, event, ms

NOBODY = Mock(side_effect=AssertionError("the server is asked"))


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Store, Ledger]]:
    with open_store(folder / "trails.db") as store, open_ledger(folder / "ledger.db") as ledger:
        yield store, ledger


def enter(ledger: Ledger, *archives: Archive) -> None:
    run = ledger.begin_run(StartedBy.HAND, 1, 1)
    for each in archives:
        ledger.set_built(run, each)
        ledger.mark_delivered(each.name, run, 2)


def test_what_an_older_version_delivered_is_noted_without_asking(tmp_path: Path) -> None:
    with opened(tmp_path) as (store, ledger):
        store.append([event(ms("2026-11-20T08:00"))])
        enter(ledger, archive(DAY, 1), structs.replace(archive(NEXT, 1), sha256="cd" * 32))
        ledger.db.execute("UPDATE archives SET noted = 0")
        agree(store, ledger, tmp_path, NOBODY)
        assert [note.name for note in archive_notes(store)] == [each.name for each in ledger.delivered()]
        assert ledger.never_noted() == set()
        before = archive_notes(store)
        agree(store, ledger, tmp_path, NOBODY)
        assert archive_notes(store) == before


@pytest.mark.parametrize("column", ["upto_seq", "start_ms", "end_ms", "events"])
def test_a_figure_of_the_ledger_that_changed_by_itself_is_set_right(tmp_path: Path, column: str) -> None:
    with opened(tmp_path) as (store, ledger):
        store.append([event(ms("2026-11-20T08:00"))])
        enter(ledger, archive(DAY, 1))
        note_archive(store, note_of(ledger.delivered()[0]))
        as_it_was = ledger.delivered()
        ledger.db.execute(f"UPDATE archives SET {column} = {column} + 1024")
        agree(store, ledger, tmp_path, NOBODY)
        assert ledger.delivered() == as_it_was


@pytest.mark.parametrize("delivered_ms", [None, 5])
def test_an_archive_that_the_ledger_lost_is_entered_again_if_it_was_delivered(
    tmp_path: Path, delivered_ms: int | None
) -> None:
    lost = structs.replace(archive(DAY, 1), delivered_ms=delivered_ms)
    with opened(tmp_path) as (store, ledger):
        store.append([event(ms("2026-11-20T08:00"))])
        note_archive(store, note_of(lost))
        agree(store, ledger, tmp_path, NOBODY)
        assert [each.name for each in ledger.delivered()] == ([lost.name] if delivered_ms else [])


@pytest.mark.parametrize("lost", range(4))
@pytest.mark.parametrize(
    "how",
    [
        "DELETE FROM archives",
        "UPDATE archives SET sha256 = 'ef'",
        "UPDATE archives SET name = 'audit-trails-xs.zip'",
        "UPDATE archives SET instance = 'xs'",
    ],
)
def test_what_is_entered_again_keeps_its_place_in_the_chain(tmp_path: Path, how: str, lost: int) -> None:
    """The chain goes on from the last archive, and what one holds is what those before it left."""
    archives = [
        structs.replace(
            archive(DAY, 2), name=f"audit-trails-ws-{n}.zip", number=n + 1, sha256=f"{n:064}", chain_number=n + 1
        )
        for n in range(4)
    ]
    with opened(tmp_path) as (store, ledger):
        store.append([event(ms("2026-11-20T08:00"), n) for n in range(2)])
        enter(ledger, *archives)
        for each in ledger.delivered():
            note_archive(store, note_of(each))
        ledger.db.execute(f"{how} WHERE number = {lost + 1}")
        agree(store, ledger, tmp_path, NOBODY)
        assert [each.chain_number for each in ledger.delivered()] == [1, 2, 3, 4]
        last = ledger.last_delivered()
        assert last and last.chain_number == 4


def test_what_the_store_never_heard_of_stays_before_and_what_it_forgot_behind(tmp_path: Path) -> None:
    names = ["never-noted", "lost", "noted", "forgotten"]
    archives = [
        structs.replace(archive(DAY, 0), name=name, number=n, sha256=f"{n:064}", chain_number=n)
        for n, name in enumerate(names, 1)
    ]
    with opened(tmp_path) as (store, ledger):
        enter(ledger, archives[0], *archives[2:])
        ledger.db.execute("UPDATE archives SET noted = 0 WHERE name = 'never-noted'")
        for each in archives[1:3]:
            note_archive(store, note_of(structs.replace(each, delivered_ms=2)))
        agree(store, ledger, tmp_path, lambda *_: False)
        assert [each.name for each in ledger.delivered()] == names


def test_numbers_that_were_given_are_not_given_again_by_a_new_store(tmp_path: Path) -> None:
    with opened(tmp_path) as (store, ledger):
        enter(ledger, archive(DAY, 700))
        agree(store, ledger, tmp_path, NOBODY)
        store.append([event(ms("2026-11-20T08:00"))])
        assert store.last_seq() == 701


def test_a_sequence_that_lost_a_bit_loses_no_event(tmp_path: Path) -> None:
    with open_store(tmp_path / "trails.db") as store:
        store.append(event(ms("2026-11-20T08:00"), n) for n in range(600))
        store.db.execute("UPDATE sqlite_sequence SET seq = seq - 512")
        assert store.last_seq() == 600
        assert store.append([event(ms("2026-11-20T09:00"))]).stored == 1
        assert store.last_seq() == 601
