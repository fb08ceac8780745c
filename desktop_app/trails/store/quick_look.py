"""A quick look at many lines at once: which of them may have some words, before any is decoded."""

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import chain, product, starmap

import msgspec

from desktop_app.trails.store.block import SEPARATOR
from desktop_app.trails.store.words import fold

_SAFE = re.compile(r"[!#-.0-\[\]-~]+")  # ASCII that JSON never writes with a backslash in front
_SIGNS_OF_LIKE = re.compile(r"[%_]")
_PIECE = 32 << 10  # bytes, and the rest of a line
_COMMON_FIRST = '"eatrinsocd12um-03pl.ybvfgh46985{}7w'  # how often they are in events
_LEAST_OF_A_RUN = 4
_ASCII = bytes(range(128))
_LONGEST = 200  # SQLite takes 50,000 bytes
_decode = msgspec.json.Decoder(list[tuple[int, int, int]]).decode
# Where the characters are that count as ASCII in a search: widths, ligatures, squares, signs of units …
_LIKE_ASCII = (
    (0x80, 0x400), (0x1D00, 0x2C80), (0x3200, 0x3400), (0xA700, 0xA800), (0xFB00, 0xFB30), (0xFE10, 0xFF60),
    (0x10780, 0x107C0), (0x1D400, 0x1D800), (0x1F100, 0x1F200), (0x1FBF0, 0x1FBFA),
)  # fmt: skip


class QuickLook:
    """Finds the lines that may have all words; several threads may look at once.

    Of each word, the longest run of ASCII that JSON writes as it is has to be there, in small letters or capitals,
    but where a character may be in disguise: by an escape, or by another one that counts as it in a search.
    SQLite says which pieces of a text have such runs at all: it is faster than Python, and leaves others Python's
    lock meanwhile. It is asked about all pieces at once, since to take that lock again takes as long as a piece.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._runs = sorted(filter(None, map(_longest_run, words)), key=len, reverse=True)
        self._beyond_ascii = not all(map(str.isascii, words))
        patterns = [_SIGNS_OF_LIKE.sub(r"\\\g<0>", _from_a_rare_letter(run)) for run in self._runs]
        self._values = [f"%{pattern}%" for pattern in patterns]
        likes = (f"text LIKE ?{number} ESCAPE '\\'" for number in range(3, 3 + len(patterns)))
        self._query = f"""
            SELECT json_group_array(json_array(place, has_escapes, has_runs)) FROM (
                SELECT place, text GLOB '*\\u*' AS has_escapes, {" AND ".join(likes) or "1"} AS has_runs FROM (
                    SELECT key AS place, CAST(substr(?1, 1 + (value >> 32), value & 0xffffffff) AS TEXT) AS text
                    FROM json_each(?2)
                )
            ) WHERE has_escapes OR has_runs"""
        self._encoded = [run.encode() for run in self._runs]
        self._own = threading.local()
        self._databases: list[sqlite3.Connection] = []

    def close(self) -> None:
        """To be called when no thread looks any more."""
        for database in self._databases:
            database.close()

    def lines(self, text: bytes) -> Iterator[tuple[int, bytes]]:
        """The lines, joined by SEPARATOR to `text`, that may have all words, with their numbers from 0 on."""
        only_ascii, pieces = text.isascii(), _pieces(text)
        looks = self._look_at(text, pieces)
        number = counted = 0
        for place, (begin, end) in enumerate(pieces):
            has_escapes, has_runs = looks.get(place, (False, False))
            if not only_ascii or has_escapes or (has_runs and not self._beyond_ascii):
                for nth, line in self._lines_of_piece(text[begin:end], has_escapes, has_runs):
                    if counted < begin:  # only where there is something to number
                        number += text.count(b"\n", counted, begin)
                        counted = begin
                    yield number + nth, line

    def _look_at(self, text: bytes, pieces: Sequence[tuple[int, int]]) -> dict[int, tuple[bool, bool]]:
        """Which pieces have escapes, and which have all runs, by their places; those that have neither are not in
        it."""
        begins_and_sizes = [begin << 32 | end - begin for begin, end in pieces]
        values = (text, str(begins_and_sizes), *self._values)
        (found,) = self._database().execute(self._query, values).fetchone()
        return {place: (bool(has_escapes), bool(has_runs)) for place, has_escapes, has_runs in _decode(found)}

    def _lines_of_piece(self, piece: bytes, has_escapes: bool, has_runs: bool) -> Iterable[tuple[int, bytes]]:
        if piece.isascii() and not has_escapes:
            if self._beyond_ascii or not has_runs:
                return ()
        elif not self._runs or self._may_be_in_disguise(piece):
            return [(nth, line) for nth, line in _numbered(piece) if self._may_be_in(line)]
        elif not has_runs:
            return ()
        return self._lines_with_runs(piece) if self._runs else _numbered(piece)

    def _database(self) -> sqlite3.Connection:
        """One for each thread: SQLite lets only one at a time work with it."""
        database: sqlite3.Connection | None = getattr(self._own, "database", None)
        if database is None:
            database = self._own.database = sqlite3.connect(":memory:", check_same_thread=False)
            self._databases.append(database)
        return database

    def _lines_with_runs(self, text: bytes) -> Iterator[tuple[int, bytes]]:
        longest, *others = self._encoded
        lower = text.lower()
        number = end = 0
        while (at := lower.find(longest, end)) >= 0:
            number += lower.count(b"\n", end, at)
            begin = lower.rfind(b"\n", 0, at) + 1
            end = lower.find(SEPARATOR, at)
            if end < 0:
                end = len(lower)
            if not others or all(lower.find(run, begin, end) >= 0 for run in others):
                yield number, text[begin:end]

    def _may_be_in(self, line: bytes) -> bool:
        if line.isascii() and b"\\u" not in line:
            if self._beyond_ascii:
                return False
        elif not self._runs or self._may_be_in_disguise(line):
            return True
        lower = line.lower()
        return all(run in lower for run in self._encoded)

    def _may_be_in_disguise(self, text: bytes) -> bool:
        """Whether something in a text may count as a letter of the runs, and is none."""
        if not self._escapes.isdisjoint([rest[:5] for rest in text.split(b"\\")]):
            return True
        return not text.isascii() and not self._disguises.isdisjoint(text.translate(None, _ASCII).decode())

    @cached_property
    def _disguises(self) -> set[str]:
        """The characters beyond ASCII that count as a letter of the runs, or as several with one of them."""
        letters = set("".join(self._runs))
        return {one for one, counts_as in _like_ascii().items() if not letters.isdisjoint(counts_as)}

    @cached_property
    def _escapes(self) -> set[bytes]:
        """What is behind a backslash that may mean a letter of the runs; of a pair of surrogates, the first."""
        letters = set("".join(self._runs))
        ascii_ones = (one for one in map(chr, range(128)) if one.lower() in letters)
        codes = {one.encode("utf-16-be")[:2].hex() for one in (*ascii_ones, *self._disguises)}
        return {f"u{way}".encode() for code in codes for way in _ways_to_write(code)}


@cache
def _like_ascii() -> dict[str, str]:
    """The characters that count as ASCII, and as what."""
    folded = {one: fold(one) for one in map(chr, chain.from_iterable(starmap(range, _LIKE_ASCII)))}
    return {one: counts_as for one, counts_as in folded.items() if any(map(str.isascii, counts_as))}


def _ways_to_write(code: str) -> Iterator[str]:
    """Four hexadecimal digits in small letters, capitals and mixed."""
    return map("".join, product(*[{digit, digit.upper()} for digit in code]))


def _pieces(text: bytes) -> list[tuple[int, int]]:
    """Where the pieces of a text begin and end, each with whole lines. Of a text that has the runs somewhere, only
    such a piece is looked at again; and it fits into caches."""
    pieces: list[tuple[int, int]] = []
    begin = 0
    while begin < len(text):
        end = text.find(b"\n", begin + _PIECE) + 1 or len(text)
        pieces.append((begin, end))
        begin = end
    return pieces


def _numbered(lines: bytes) -> Iterable[tuple[int, bytes]]:
    return enumerate(lines.removesuffix(SEPARATOR).split(SEPARATOR))


def _longest_run(word: str) -> str:
    return max(_SAFE.findall(word), key=len, default="")[:_LONGEST]


def _from_a_rare_letter(run: str) -> str:
    """The end of a run that begins with the letter that stops SQLite least often."""
    begins = range(max(1, len(run) - _LEAST_OF_A_RUN + 1))
    return run[max(begins, key=lambda n: _COMMON_FIRST.find(run[n]) % len(_COMMON_FIRST + " ")) :]
