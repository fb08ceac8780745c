"""What is set aside of a source is kept once, up to a limit, and can be shown and taken back."""

import zlib
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec import structs

from desktop_app.settings.limits import limits
from desktop_app.trails.store import set_aside as module
from desktop_app.trails.store.known_sources import enter_source, known_as
from desktop_app.trails.store.set_aside import (
    Kept,
    SetAside,
    last_set_aside,
    next_set_aside,
    other_content,
    set_aside,
    set_aside_records,
    take_back,
    take_back_what_is_read_again,
    without_content,
)
from desktop_app.trails.store.store import Store, StoreDamaged
from desktop_app.wording import Said

WHY = Said("it has no time")


@dataclass
class Source:
    """A source of a store, by the name and the number of which the tests ask."""

    store: Store
    name: str = "aws"

    def __post_init__(self) -> None:
        self.number = enter_source(self.store, self.name, f"folder:/{self.name}", (self.name,)).number

    def keep(self, record: SetAside) -> Kept:
        with self.store.transaction():
            return set_aside(self.store, self.number, record)

    def shown(self, limit: int = 100, most_bytes: int = 0) -> list[SetAside]:
        return set_aside_records(self.store, self.name, limit, most_bytes)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Records kept, bytes of them, records of which the number alone is kept."""
        known = known_as(self.store, self.name)
        assert known is not None and known.set_aside == known.kept + known.beyond
        return known.kept, known.kept_bytes, known.beyond


@pytest.fixture
def aws(store: Store) -> Source:
    return Source(store)


def record(content: bytes | None = b'{"a": 1}', **more: Any) -> SetAside:
    return SetAside(**{"path": "/logs/a.json", "place": "line 3", "reason": WHY, "content": content, **more})


def packed(content: bytes) -> int:
    return len(zlib.compress(content, 1))


def test_it_comes_out_as_it_was_read(aws: Source) -> None:
    kept = record(place=Said("line {n}", n=3), seed="abc", again="read:/logs/a.json", events=2)
    assert aws.keep(kept) is Kept.NEW
    (shown,) = aws.shown()
    assert structs.replace(shown, number=0) == kept
    assert shown.number == last_set_aside(aws.store, aws.number) > 0
    assert isinstance(shown.reason, Said) and isinstance(shown.place, Said)
    assert aws.counts == (2, packed(b'{"a": 1}'), 0)


def test_without_content_it_counts_as_one_of_no_bytes(aws: Source) -> None:
    for content in (None, b""):
        aws.keep(record(content, place=f"{content!r}"))
    assert aws.counts == (2, 0, 0)
    assert [each.content for each in aws.shown()] == [None, None]
    assert {(each.seed, each.again, each.events) for each in aws.shown()} == {("", "", 1)}


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        # What has content is known by that, wherever it is now.
        ({"path": "/elsewhere", "place": "line 9", "reason": "another"}, Kept.THERE),
        ({"content": b'{"a": 2}'}, Kept.NEW),
        ({"seed": "another"}, Kept.NEW),
        ({"content": None}, Kept.NEW),
    ],
)
def test_a_record_with_content_is_kept_once(aws: Source, other: dict[str, Any], kept: Kept) -> None:
    aws.keep(record())
    assert aws.keep(record(**other)) is kept
    assert len(aws.shown()) == (1 if kept is Kept.THERE else 2)


@pytest.mark.parametrize(
    ("other", "kept"),
    [({"reason": "another"}, Kept.THERE), ({"path": "/elsewhere"}, Kept.NEW), ({"place": "line 9"}, Kept.NEW)],
)
def test_one_without_by_where_it_is(aws: Source, other: dict[str, Any], kept: Kept) -> None:
    aws.keep(record(None))
    assert aws.keep(record(None, **other)) is kept


def test_what_two_parts_say_together_is_not_what_others_say_together(aws: Source) -> None:
    assert aws.keep(record(b"bc", seed="a")) is Kept.NEW
    assert aws.keep(record(b"c", seed="ab")) is Kept.NEW


def test_sources_are_apart(aws: Source) -> None:
    okta = Source(aws.store, "okta")
    assert (aws.keep(record()), okta.keep(record())) == (Kept.NEW, Kept.NEW)
    okta.keep(record(b"more"))
    assert (len(aws.shown()), len(okta.shown())) == (1, 2)
    assert aws.counts[0] == 1 and okta.counts[0] == 2
    assert set_aside_records(aws.store, "unknown", 10) == []


def limit(monkeypatch: pytest.MonkeyPatch, **changes: int) -> None:
    limited = structs.replace(limits(), **changes)
    monkeypatch.setattr(module, "limits", lambda: limited)


def test_of_what_is_beyond_the_limit_of_records_the_number_is_kept(
    aws: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, set_aside_records=2)
    kept = [aws.keep(record(b"%d" % number, events=1 + number)) for number in range(4)]
    assert kept == [Kept.NEW, Kept.NEW, Kept.BEYOND, Kept.BEYOND]
    assert (aws.counts[0], aws.counts[2]) == (1 + 2, 3 + 4)
    first, *rest = aws.shown()
    assert first == SetAside(
        "", "", Said("{count} more were set aside, of which only the number is kept", count=7)
    )
    assert [each.content for each in rest] == [b"1", b"0"]


def test_and_beyond_that_of_bytes(aws: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    size = packed(b"x" * 100)
    limit(monkeypatch, set_aside_bytes=2 * size)
    kept = [aws.keep(record(bytes([letter]) * 100)) for letter in b"abc"]
    assert kept == [Kept.NEW, Kept.NEW, Kept.BEYOND]
    assert aws.counts == (2, 2 * size, 1)
    assert aws.keep(record(None)) is Kept.NEW  # it needs none


def test_the_newest_come_first_and_no_more_than_asked_for(aws: Source) -> None:
    for number in range(5):
        aws.keep(record(b"%d" % number * 10))
    assert [each.content for each in aws.shown(limit=2)] == [b"4" * 10, b"3" * 10]
    assert [each.content for each in aws.shown(limit=2, most_bytes=3)] == [b"444", b"333"]


def test_one_after_another_in_the_order_of_arrival(aws: Source) -> None:
    other = Source(aws.store, "okta")
    assert next_set_aside(aws.store, aws.number, 0) is None and last_set_aside(aws.store, aws.number) == 0
    for number in range(3):
        aws.keep(record(b"%d" % number))
        other.keep(record(b"%d" % number))
    found, after = [], 0
    while (each := next_set_aside(aws.store, aws.number, after)) is not None:
        found.append(each.content)
        after = each.number
    assert found == [b"0", b"1", b"2"]
    assert after == last_set_aside(aws.store, aws.number) < last_set_aside(aws.store, other.number)


def test_what_is_taken_back_makes_room(aws: Source) -> None:
    aws.keep(record(b"1", events=3))
    aws.keep(record(b"2"))
    with aws.store.transaction():
        take_back(aws.store, aws.number, aws.shown()[1])
    assert [each.content for each in aws.shown()] == [b"2"]
    assert aws.counts == (1, packed(b"2"), 0)
    assert aws.keep(record(b"1")) is Kept.NEW


def test_what_is_read_again_is_taken_back_as_a_whole(aws: Source) -> None:
    other = Source(aws.store, "okta")
    other.keep(record(again="read:/a"))
    with aws.store.transaction():
        assert take_back_what_is_read_again(aws.store, aws.number, ["read:/a", ""]) == 0
    aws.keep(record(None, place="1", again="read:/a", events=2))
    aws.keep(record(None, place="2", again="read:/a"))
    aws.keep(record(None, place="3", again="read:/b"))
    aws.keep(record(b"own"))
    with aws.store.transaction():
        assert take_back_what_is_read_again(aws.store, aws.number, ["read:/a", "read:/none", ""]) == 3
    assert [each.place for each in aws.shown()] == ["line 3", "3"]
    assert aws.counts == (2, packed(b"own"), 0) and len(other.shown()) == 1


def test_what_an_earlier_version_kept_without_content_is_found(aws: Source) -> None:
    aws.keep(record(None, place="theirs"))
    aws.keep(record(b"with"))
    aws.keep(record(None, place="a file", again="read:/a"))
    aws.keep(record(None, place="made", seed="abc"))
    assert [each.place for each in without_content(aws.store, aws.number)] == ["theirs"]
    assert without_content(aws.store, aws.number + 1) == []


@pytest.mark.parametrize("damaged", ["x'ff'", "substr(content, 1, length(content) - 1)", "substr(content, 2)"])
def test_damaged_content_is_told(aws: Source, damaged: str) -> None:
    aws.keep(record())
    aws.store.db.execute(f"UPDATE set_aside SET content = {damaged}")
    with pytest.raises(StoreDamaged):
        aws.shown()


def test_damage_at_the_beginning_is_told_also_where_only_that_is_shown(aws: Source) -> None:
    aws.keep(record())
    assert [each.content for each in aws.shown(most_bytes=3)] == [b'{"a']
    aws.store.db.execute("UPDATE set_aside SET content = substr(content, 2)")
    with pytest.raises(StoreDamaged):
        aws.shown(most_bytes=3)


def test_a_long_id_is_shown_in_part() -> None:
    told = other_content("x" * 61)
    assert told == f"an event with the id {'x' * 60} and other content is there already"
