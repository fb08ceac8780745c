"""What was read apart from the store is promised in it, in the transaction in which the source goes on: pieces,
and days that were packed of them. A promise is kept once the server has the archive of the day.

It is among the places that are remembered, under a label that no source has: `piece:DAY:NUMBER` and
`day:DAY:NUMBER`, where DAY is the millisecond in which the day begins.
"""

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from desktop_app.cluster.pack_task import DayPacked, PackWish
from desktop_app.cluster.read_task import PieceOfDay, ReadWish
from desktop_app.trails.store.places import StoredPlaces, remember
from desktop_app.trails.store.promises import DAY, PIECE, PROMISED
from desktop_app.trails.store.store import Store

_NUMBER = "number"


class PromisedPiece(Struct, frozen=True):
    """A piece of a source, by the number that the store has of it. `wish` makes it `again`, unless what the store
    knew of the source was needed for it."""

    source: int
    part: PieceOfDay
    wish: ReadWish
    again: bool


class PromisedDay(Struct, frozen=True):
    """A day that was packed of pieces, and how."""

    parts: tuple[PromisedPiece, ...]
    wish: PackWish
    packed: DayPacked


_encode = msgspec.json.Encoder().encode
_piece = msgspec.json.Decoder(PromisedPiece).decode
_day = msgspec.json.Decoder(PromisedDay).decode


def promised_pieces(store: Store, upto_ms: int | None = None) -> list[list[tuple[str, PromisedPiece]]]:
    """Pieces with their keys: those of a day, of one source and in one place, in the order in which they were
    read. Those of days that end up to an instant, or all."""
    found: dict[tuple[int, int, str], list[tuple[str, PromisedPiece]]] = {}
    for key, value in StoredPlaces(store, PROMISED).starting_with(PIECE):
        piece = _piece(value)
        if upto_ms is None or piece.part.end_ms <= upto_ms:
            of = piece.part.start_ms, piece.source, piece.wish.pieces
            found.setdefault(of, []).append((key, piece))
    return list(found.values())


def promised_days(store: Store) -> Iterator[tuple[str, PromisedDay]]:
    """Days that are packed, with their keys, in the order of time."""
    for key, value in StoredPlaces(store, PROMISED).starting_with(DAY):
        yield key, _day(value)


def promise_pieces(store: Store, pieces: Iterable[PromisedPiece]) -> None:
    """Promise pieces, in the transaction of what is remembered of their source."""
    number = _next_number(store)
    changes: dict[str, bytes | None] = {}
    for number, piece in enumerate(pieces, number):  # noqa: B020
        changes[f"{PIECE}{piece.part.start_ms:020}:{number:015}"] = _encode(piece)
    changes[_NUMBER] = str(number + 1).encode()
    remember(store, PROMISED, changes)


def promise_day(store: Store, keys: Iterable[str], day: PromisedDay) -> None:
    """Promise a day that was packed instead of its pieces, in the transaction in which its events are counted."""
    number = _next_number(store)
    changes: dict[str, bytes | None] = dict.fromkeys(keys)
    changes[f"{DAY}{day.wish.file.due.day.start_ms:020}:{number:015}"] = _encode(day)
    changes[_NUMBER] = str(number + 1).encode()
    remember(store, PROMISED, changes)


def set_promised_day(store: Store, key: str, day: PromisedDay | None) -> None:
    """Promise a day that was packed again; None: the promise is kept. Raises LocalDiskError."""
    with store.transaction():
        remember(store, PROMISED, {key: _encode(day) if day else None})


def _next_number(store: Store) -> int:
    return int(StoredPlaces(store, PROMISED).get(_NUMBER) or b"1")
