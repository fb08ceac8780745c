"""The files of a folder that are known, by their places, their beginnings, and their records.

What is remembered, where PLACE is the path of a file, `//` and its member in a .zip; of a file that is nowhere any
more, `//` and a name that no other has:

    read:PLACE                                        how far it was read: a ReadingPlace as JSON
    head:SIZE:SHA-256:FILESIZE.NANOSECONDS:PLACE      nothing, but that its first SIZE bytes have that SHA-256
    records:COUNT:SHA-256:FILESIZE.NANOSECONDS:PLACE  and that its first COUNT records have it
    digests:PLACE                                     of a document, 8 bytes for each record (`record_digests.py`)
    lines:NAME.EDITION:POSITION                       8 bytes for each line of a file (`known_lines.py`)
    before:NAME.EDITION:                              the same of the lines that it had before it was rewritten
    beyond:NAME.EDITION:                              and what was behind those of which there are digests
    forgotten                                         when the newest file was written that is known no more
    noted                                             nothing, but that of all files that are known, lines are
"""

import hashlib
from bisect import bisect_right, insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property, partial
from heapq import merge
from itertools import chain, islice, takewhile
from typing import BinaryIO

import msgspec
from msgspec import MsgspecError, Struct
from msgspec.structs import replace

from desktop_app.errors import LocalDiskError
from desktop_app.sources.kind import READ, Places
from desktop_app.sources.reading_place import HEAD, NOTHING_READ, ReadingPlace, tail_sha256
from desktop_app.wording import Said

_DIGITS = 5
_NEVER_NS = -(1 << 62)
_MEMBERS_COMPARED = 20
_FORGOTTEN, _NOTED = "forgotten", "noted"
_BEHIND_ALL = "\U0010ffff"
_LINES = ("lines", "before", "beyond")


class _Written(Struct):
    """Of a ReadingPlace, only the time."""

    modified_ns: int = 0


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ReadingPlace).decode
_decode_time = msgspec.json.Decoder(_Written).decode


class KnownFiles:
    """The files of a source, as far as they are known: from `places`, and from what was saved since."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._changes: dict[str, bytes | None] = {}

    def at(self, path: str, member: str) -> ReadingPlace | None:
        """The place in the file that was last seen at this path."""
        return self._place(_key(path, member))

    def files_continued(self, seen: ReadingPlace, content: BinaryIO) -> list[ReadingPlace]:
        """Those that `content` goes on with, the longest first: it begins with the same bytes, and has the same
        bytes before their place.

        What ends before that place may be a copy that is cut short, if it is long: it is to be read from 0 on.
        """
        content.seek(0)
        head = content.read(HEAD)
        found: list[ReadingPlace] = []
        tail_at = cache(partial(tail_sha256, content))
        for known in self._alike(self._known_beginnings(head), seen):
            tail = tail_at(known.position)
            if tail == known.tail_sha256:
                found.append(known)
            elif tail is None and known.head_size == HEAD:
                found.append(replace(known, position=0, tail_sha256=NOTHING_READ, key=""))
        return _longest_first(found)

    def documents_continued(self, seen: ReadingPlace, beginnings: Mapping[int, str]) -> list[ReadingPlace]:
        """The documents whose records are one of these `beginnings`, the longest first."""
        return _longest_first(self._alike([f"records:{count}:{sha}:" for count, sha in beginnings.items()], seen))

    def digests(self, path: str, member: str) -> bytes:
        """Those of the records that a document has had at this path."""
        return self._get(_digests_key(_key(path, member))) or b""

    def save_digests(self, place: ReadingPlace, digests: bytes) -> None:
        """Keep those of a document, whose place was saved."""
        self._changes[_digests_key(place.key)] = digests

    def save(self, place: ReadingPlace) -> ReadingPlace:
        """Keep a place, together with the records that were read up to it."""
        if self._is_new and self._get(_NOTED) is None:
            self.note_lines()
        key = _key(place.path, place.member)
        if place.key and (before := self._place(place.key)):
            if place == before:
                return place
            self._forget(before)
        # Another file may have had this path before: what was read of it is known by its content when it turns up
        # elsewhere.
        if key != place.key and (other := self._place(key)):
            self._forget(other)
            if other.position:
                nowhere = _key("", hashlib.sha256(key.encode() + _value(other)).hexdigest())
                kept = "" if lines_name(other) == lines_name(place) else other.lines
                self._put(replace(other, path="", member="", lines=kept, key=nowhere))
        return self._put(replace(place, key=key))

    def values(self, prefix: str) -> list[bytes]:
        """All that is remembered under keys that begin so, in their order."""
        return [self._get(key) or b"" for key in self._keys(prefix)]

    def remember(self, key: str, value: bytes | None) -> None:
        """Keep a value of another kind; None forgets it."""
        self._changes[key] = value

    def forget_lines(self, place: ReadingPlace) -> None:
        """Forget the lines of a file."""
        for kind in _LINES if place.lines else ():
            self._changes.update(dict.fromkeys(list(self._keys(f"{kind}:{lines_name(place)}:"))))

    @property
    def lack_lines(self) -> bool:
        """Whether files may be known of which an earlier version kept no lines."""
        return self._get(_NOTED) is None and not self._is_new

    @cached_property
    def _is_new(self) -> bool:
        """Whether no version has read any of them."""
        return not any(True for _ in self.places.starting_with(READ))

    def note_lines(self) -> None:
        """Of all files lines are kept now."""
        self._changes[_NOTED] = b""

    @property
    def has_changes(self) -> bool:
        """Whether anything was saved that is not taken."""
        return bool(self._changes)

    def taken(self) -> dict[str, bytes | None]:
        """What was saved since this was asked last, to be remembered."""
        taken, self._changes = self._changes, {}
        return taken

    def may_be_forgotten(self, seen: ReadingPlace) -> bool:
        """Whether a file may have been read long ago, which is no longer known."""
        return seen.modified_ns <= self._forgotten_ns

    def forget(self, there: Collection[str], before_ns: int) -> int:
        """Forget files that were last written before that instant (nanoseconds since 1970) and are not `there`:
        else what is known would grow for ever. Kept is from when they were, so that none of them is read again.
        Returns how many were forgotten."""
        gone = 0
        newest_ns = self._forgotten_ns
        for key, value in self.places.starting_with(READ):
            with _as_remembered():
                modified_ns = _decode_time(value).modified_ns
            if modified_ns < before_ns and (place := self._place(key)) and place.path not in there:
                self._forget(place)
                self.forget_lines(place)
                newest_ns = max(newest_ns, modified_ns)
                gone += 1
        if gone:
            self._changes[_FORGOTTEN] = str(newest_ns).encode()
            self.__dict__.pop("_forgotten_ns", None)
        return gone

    def _place(self, key: str) -> ReadingPlace | None:
        value = self._get(key)
        if value is None:
            return None
        path, member = _path_and_member(key)
        with _as_remembered():
            return replace(_decode(value), path=path, member=member, key=key)

    def _put(self, place: ReadingPlace) -> ReadingPlace:
        if place.head_size:
            sizes, maybe_known = self._heads
            if place.head_size not in sizes:
                insort(sizes, place.head_size)
            maybe_known[int(place.head_sha256[:_DIGITS], 16)] = 1
        if place.records:
            self.record_counts.add(place.records)
        self._changes[place.key] = _value(place)
        self._changes.update(dict.fromkeys(_marks(place), b""))
        return place

    def _forget(self, place: ReadingPlace) -> None:
        self._changes.update(dict.fromkeys((place.key, *_marks(place))))
        if place.records:
            self._changes[_digests_key(place.key)] = None

    def _get(self, key: str) -> bytes | None:
        return self._changes[key] if key in self._changes else self.places.get(key)

    def _keys(self, prefix: str, after: str = "") -> Iterator[str]:
        changes = self._changes
        stored = (key for key, _ in self.places.starting_with(prefix, after) if key not in changes)
        saved = (key for key in changes if key.startswith(prefix) and key > after)
        return merge(stored, sorted(key for key in saved if changes[key] is not None))

    @cached_property
    def _forgotten_ns(self) -> int:
        """When the newest of the files that were forgotten was written."""
        value = self._get(_FORGOTTEN)
        with _as_remembered():
            return int(value) if value else _NEVER_NS

    def _known_beginnings(self, head: bytes) -> list[str]:
        """Where those are remembered that may begin with the first so many bytes."""
        found: list[str] = []
        digest, at = hashlib.sha256(), 0
        sizes, maybe_known = self._heads
        for size in sizes[: bisect_right(sizes, len(head))]:
            digest.update(head[at:size])
            at = size
            beginning = digest.hexdigest()
            if maybe_known[int(beginning[:_DIGITS], 16)]:
                found.append(f"head:{size}:{beginning}:")
        return found

    @cached_property
    def _heads(self) -> tuple[list[int], bytearray]:
        """The sizes of the heads that are known; and by the first digits of its SHA-256, whether one may be: most
        are not. Asked once: the answer takes as long as there are files."""
        sizes: set[int] = set()
        maybe_known = bytearray(16**_DIGITS)
        with _as_remembered():
            for key, _ in self.places.starting_with("head:"):
                _, size, sha256, _ = key.split(":", 3)
                sizes.add(int(size))
                maybe_known[int(sha256[:_DIGITS], 16)] = 1
        return sorted(sizes), maybe_known

    @cached_property
    def record_counts(self) -> set[int]:
        """How many records documents are known to have begun with."""
        with _as_remembered():
            return {int(key.split(":", 2)[1]) for key, _ in self.places.starting_with("records:")}

    def _alike(self, marks: Sequence[str], seen: ReadingPlace) -> list[ReadingPlace]:
        """Those that are remembered so. Of the other members of the .zip that is read, a few will do: all of them
        are there."""
        here = f"{seen.size}.{seen.modified_ns}:{seen.path}//"
        found: list[str] = []
        for mark in marks:
            own = mark + here + seen.member
            members = (key for key in self._keys(mark + here) if key != own)
            found += chain(
                () if self._get(own) is None else (own,),
                takewhile((mark + here).__gt__, self._keys(mark)),
                self._keys(mark, after=mark + here + _BEHIND_ALL),
                islice(members, _MEMBERS_COMPARED),
            )
        places = (self._place(READ + key.split(":", 4)[4]) for key in found)
        return [place for place in places if place]


@contextmanager
def _as_remembered() -> Iterator[None]:
    """Raises LocalDiskError where what is remembered is not as it was written: nothing is read then, rather than
    twice."""
    try:
        yield
    except (MsgspecError, ValueError) as error:
        raise LocalDiskError(
            Said("What the store knows of the files of a source is damaged ({reason}).", reason=error),
            Said("Put back a copy of the store."),
        ) from error


def _key(path: str, member: str) -> str:
    return f"{READ}{path}//{member}"


def lines_name(place: ReadingPlace) -> str:
    """Under which name the lines of a file are kept, as it is written now."""
    return f"{place.lines}.{place.edition}"


def _digests_key(key: str) -> str:
    return f"digests:{key.removeprefix(READ)}"


def _path_and_member(key: str) -> tuple[str, str]:
    """A path has no `//` but at its beginning, and of a file that is nowhere, none."""
    name = key.removeprefix(READ)
    end = name.find("//", 1)
    return (name[:end], name[end + 2 :]) if end > 0 else ("", "")


def _marks(place: ReadingPlace) -> list[str]:
    """Under what a place is found."""
    name = f"{place.size}.{place.modified_ns}:{place.key.removeprefix(READ)}"
    marks = [f"head:{place.head_size}:{place.head_sha256}:{name}"] if place.head_size else []
    return [*marks, f"records:{place.records}:{place.records_sha256}:{name}"] if place.records else marks


def _value(place: ReadingPlace) -> bytes:
    return _encode(replace(place, path="", member="", key=""))


def _longest_first(places: list[ReadingPlace]) -> list[ReadingPlace]:
    return sorted(places, key=lambda known: known.position, reverse=True)
