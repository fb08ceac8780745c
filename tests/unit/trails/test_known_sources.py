"""Which source of the store one of the settings is, by name and address, and what is counted of it."""

import os

import pytest

from desktop_app.trails.store.identity import RECORDED
from desktop_app.trails.store.known_sources import (
    Counts,
    KnownSource,
    add_counts,
    enter_source,
    find_known,
    known_as,
    known_sources,
    set_mapping,
)
from desktop_app.trails.store.places import remember
from desktop_app.trails.store.set_aside import SetAside, set_aside
from desktop_app.trails.store.store import Store


def entered(store: Store, name: str, address: str, *in_use: str) -> KnownSource:
    """The source, as it is in the store as well."""
    source = enter_source(store, name, address, in_use or (name,))
    assert known_as(store, name) == source and source in known_sources(store)
    return source


def of_old(store: Store, name: str, *folders: str) -> None:
    """A source of before there were addresses, that read a file in each of these folders."""
    with store.transaction():
        store.db.execute("INSERT INTO sources (name, label, address) VALUES (?, ?, '')", (name, name))
        remember(store, name, {f"read:{folder}{os.sep}a.json": b"" for folder in folders})


def test_a_new_source_has_nothing_yet(store: Store) -> None:
    source = entered(store, "aws", "folder:/logs")
    assert source == KnownSource(
        number=source.number, name="aws", label="aws", address="folder:/logs", mapping="", read=0, stored=0,
        repeated=0, kept=0, kept_bytes=0, beyond=0,
    )  # fmt: skip
    assert source.number != RECORDED
    assert known_as(store, "other") is None


def test_a_source_is_found_again(store: Store) -> None:
    first = entered(store, "aws", "folder:/logs")
    other = entered(store, "okta", "folder:/okta", "aws", "okta")
    changes = store.db.total_changes
    assert entered(store, "aws", "folder:/logs", "aws", "okta") == first
    assert store.db.total_changes == changes
    assert entered(store, "okta", "folder:/okta", "aws", "okta") == other
    assert [each.number for each in known_sources(store)] == [RECORDED, first.number, other.number]


def test_two_that_read_one_folder_are_two(store: Store) -> None:
    """Also when one of them is removed."""
    first = entered(store, "dates", "folder:/logs", "dates", "names")
    second = entered(store, "names", "folder:/logs", "dates", "names")
    assert first.number != second.number
    assert find_known(store, "names", "folder:/logs", ["names"]) == second
    assert find_known(store, "dates", "folder:/logs", ["dates"]) == first


def test_one_that_was_renamed_goes_on(store: Store) -> None:
    first = entered(store, "aws", "folder:/logs")
    renamed = entered(store, "amazon", "folder:/logs")
    assert (renamed.number, renamed.label) == (first.number, "aws")
    assert known_as(store, "aws") is None


def test_one_whose_folder_moved_goes_on(store: Store) -> None:
    first = entered(store, "aws", "folder:/logs")
    moved = entered(store, "aws", "folder:/new")
    assert (moved.number, moved.address) == (first.number, "folder:/new")


def test_two_that_change_names_keep_what_they_read(store: Store) -> None:
    """With `both` in the settings, an address that another name has is that one's."""
    aws, okta = entered(store, "aws", "folder:/aws"), entered(store, "okta", "folder:/okta")
    both = ("aws", "okta")
    assert find_known(store, "aws", "folder:/okta", both) == aws
    assert find_known(store, "aws", "folder:/okta", ("aws",)) == okta


def test_the_name_of_one_that_was_removed_may_be_another(store: Store) -> None:
    first = entered(store, "aws", "folder:/one")
    second = entered(store, "gcp", "folder:/two")
    now = entered(store, "aws", "folder:/two")
    assert now.number == second.number and now.label == "gcp"
    assert [each.name for each in known_sources(store) if each.number == first.number] == [None]


def test_no_two_have_one_label(store: Store) -> None:
    labels = []
    for address in ("folder:/1", "folder:/2", "folder:/3"):
        labels.append(entered(store, "aws", address).label)
        entered(store, address, address)
    assert labels == ["aws", "aws (2)", "aws (3)"]


def test_one_without_an_address_is_the_one_of_its_name(store: Store) -> None:
    of_old(store, "aws", "/logs")
    entered(store, "gcp", "folder:/elsewhere")
    source = entered(store, "aws", "folder:/elsewhere")
    assert (source.label, source.address) == ("aws", "folder:/elsewhere")


@pytest.mark.parametrize(
    ("folder", "label"),
    [("/logs", "aws"), ("/logs/more", "aws"), ("/log", "new"), ("/logs2", "new"), ("/", "new")],
)
def test_one_without_an_address_is_known_by_the_files_that_it_read(store: Store, folder: str, label: str) -> None:
    of_old(store, "aws", "/logs", "/logs/more")
    assert entered(store, "new", f"folder:{folder}").label == label


def test_what_record_stored_is_no_source_of_the_settings(store: Store) -> None:
    assert known_as(store, "") == known_sources(store)[0]
    assert find_known(store, "aws", "", ("aws",)) is None


def test_counts_add_up(store: Store) -> None:
    number = entered(store, "aws", "folder:/logs").number
    with store.transaction():
        add_counts(store, number, Counts(read=7, stored=4, repeated=2))
        add_counts(store, number, Counts(read=3, stored=3, repeated=0))
        add_counts(store, RECORDED, Counts(read=1, stored=1, repeated=0))
        set_aside(store, number, SetAside("a.json", "line 1", "bad", b"x", events=5))
        store.db.execute("UPDATE sources SET beyond = 4 WHERE number = ?", (number,))
    set_mapping(store, number, "m")
    source = known_as(store, "aws")
    assert source and (source.read, source.stored, source.repeated, source.mapping) == (10, 7, 2, "m")
    assert (source.kept, source.beyond, source.set_aside) == (5, 4, 9)
