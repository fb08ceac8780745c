"""The store's own notes of archives."""

import pytest

from desktop_app.trails.store.archive_notes import (
    Note,
    archive_notes,
    are_delivered_notes,
    is_delivered,
    note_archive,
)
from desktop_app.trails.store.store import Store

FIRST, SECOND = Note("a.zip", "00", b"facts", 5), Note("b.zip", "11", b"more")


def test_notes_come_in_the_order_in_which_they_were_made_and_the_latest_counts(store: Store) -> None:
    for note in (FIRST, SECOND, Note("a.zip", "00", b"others", 6)):
        note_archive(store, note)
    assert archive_notes(store) == [Note("a.zip", "00", b"others", 6), SECOND]


def test_an_archive_of_the_same_name_and_another_content_is_another(store: Store) -> None:
    note_archive(store, FIRST)
    note_archive(store, Note("a.zip", "22", b"facts"))
    assert len(archive_notes(store)) == 2
    assert is_delivered(store, "a.zip", "00") and not is_delivered(store, "a.zip", "22")
    assert not is_delivered(store, "b.zip", "00")


@pytest.mark.parametrize(
    "damage",
    ["name = 'c.zip'", "sha256 = '01'", "facts = x'00'", "delivered_ms = 7", "delivered_ms = NULL", "crc32 = 1"],
)
def test_a_damaged_note_is_none(store: Store, damage: str) -> None:
    note_archive(store, FIRST)
    store.db.execute(f"UPDATE archives SET {damage}")
    assert archive_notes(store) == []
    note_archive(store, SECOND)
    assert archive_notes(store) == [SECOND]


THIRD = Note("c.zip", "22", b"more", 6)
SAID = [FIRST, THIRD]


def note_some(store: Store) -> None:
    assert are_delivered_notes(store, [])
    for note in (FIRST, SECOND, THIRD):
        note_archive(store, note)


def test_another_record_that_says_the_same_of_the_delivered_ones_is_known(store: Store) -> None:
    note_some(store)
    assert are_delivered_notes(store, SAID)
    others = [Note("a.zip", "00", b"fact5", 5), Note("a.zip", "00", b"facts", 7), Note("a.zip", "01", b"facts", 5)]
    for other in (*others, Note("c.zip", "00", b"facts", 5)):
        assert not are_delivered_notes(store, [other, THIRD])
    for fewer_or_more in ([], [FIRST], [THIRD, FIRST], [*SAID, THIRD], [FIRST, SECOND, THIRD], [*SAID, SECOND]):
        assert not are_delivered_notes(store, fewer_or_more)


@pytest.mark.parametrize(
    "damage",
    [
        *("name = 'b'", "name = 7", "name = x'612e7a6970'", "sha256 = 'b'"),
        *("facts = 'facts'", "facts = x'ff'", "facts = 7", "delivered_ms = NULL", "delivered_ms = '5x'"),
    ],
)
def test_a_damaged_note_says_something_else(store: Store, damage: str) -> None:
    note_some(store)
    store.db.execute(f"UPDATE archives SET {damage} WHERE name = 'a.zip'")
    assert not are_delivered_notes(store, SAID)
