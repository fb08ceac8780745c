"""What a source remembers is found by its key, and by how the key begins."""

import pytest

from desktop_app.trails.store.places import StoredPlaces, count_places, remember
from desktop_app.trails.store.store import Store


def keep(store: Store, source: str, *keys: str) -> None:
    with store.transaction():
        remember(store, source, {key: key.encode() for key in keys})


@pytest.fixture
def places(store: Store) -> StoredPlaces:
    """Of two sources, what each read, and of one of them something else."""
    keep(store, "a", "read:/x/2", "read:/x/1", "read:/y/1", "mark", "marl", "read;", "ready")
    keep(store, "b", "read:/x/1", "read:/x/9")
    return StoredPlaces(store, "a")


def test_a_value_is_remembered_until_another_is_or_it_is_forgotten(store: Store, places: StoredPlaces) -> None:
    assert places.get("mark") == b"mark" and places.get("nothing") is None
    with store.transaction():
        remember(store, "a", {"mark": b"", "read:/x/1": None, "nothing": None})
    assert places.get("mark") == b"" and places.get("read:/x/1") is None
    assert StoredPlaces(store, "b").get("read:/x/1") == b"read:/x/1"


@pytest.mark.parametrize(
    ("prefix", "after", "found"),
    [
        ("read:", "", ["read:/x/1", "read:/x/2", "read:/y/1"]),
        ("read:/x/", "", ["read:/x/1", "read:/x/2"]),
        ("read:", "read:/x/1", ["read:/x/2", "read:/y/1"]),
        ("read:", "read:/x/1!", ["read:/x/2", "read:/y/1"]),
        ("read:", "a", ["read:/x/1", "read:/x/2", "read:/y/1"]),
        ("read:", "read:/y/1", []),
        ("mark", "", ["mark"]),
        ("mark", "mark", []),
        ("other", "", []),
    ],
)
def test_keys_are_found_by_their_beginning(
    places: StoredPlaces, prefix: str, after: str, found: list[str]
) -> None:
    assert list(places.starting_with(prefix, after)) == [(key, key.encode()) for key in found]


@pytest.mark.parametrize("count", [499, 500, 501, 1000, 1001])
def test_many_keys_come_each_once(store: Store, count: int) -> None:
    keys = [f"read:{number:04}" for number in range(count)]
    keep(store, "a", *keys, "s")
    assert [key for key, _ in StoredPlaces(store, "a").starting_with("read:")] == keys


def test_the_store_may_be_written_between_two_answers(store: Store) -> None:
    keep(store, "a", *(f"{number:04}" for number in range(600)))
    seen = []
    for key, _ in StoredPlaces(store, "a").starting_with("0"):
        seen.append(key)
        with store.transaction():
            remember(store, "a", {key: None})
    assert len(seen) == 600 and count_places(store, "a", "0") == 0


@pytest.mark.parametrize(
    ("source", "prefix", "count"),
    [
        ("a", "read:", 3),
        ("a", "read:/x/", 2),
        ("a", "mark", 1),
        ("a", "z", 0),
        ("b", "read:", 2),
        ("c", "read:", 0),
    ],
)
def test_keys_are_counted_by_their_beginning(
    store: Store, places: StoredPlaces, source: str, prefix: str, count: int
) -> None:
    assert count_places(store, source, prefix) == count
