"""The event logs of Windows since Vista (.evtx), by the library `evtx`: a record is `{"Event": {"System": …}}`.

A file is a header of 4,096 bytes and chunks of 65,536, each whole in itself
(https://github.com/libyal/libevtx, "Windows XML Event Log (EVTX) format").
"""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import BinaryIO, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from desktop_app.sources.forms.form import OWN_NUMBER, Piece
from desktop_app.wording import Said

MAGIC = b"ElfFile\0"
HEADER = 4096
_CHUNK = 65_536
_MOST_RECORDS = _CHUNK // 24  # the header of one is that long
_CHUNK_MAGIC = b"ElfChnk\0"
_CHUNKS_USED = slice(42, 44)  # in the header; Windows makes room for more ahead
_FLAGS = slice(120, 124)  # likewise
_IN_USE = 1  # of the flags: Windows writes into it, or was ended while it did


class EvtxLog(Struct, frozen=True):
    """`header` is the file's own: the library wants one before each chunk."""

    numbered: ClassVar[bool] = True

    header: bytes

    def pieces(self, content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[Piece]:
        """The chunks. Into the last one of a log in use, Windows may still write."""
        in_use = int.from_bytes(self.header[_FLAGS], "little") & _IN_USE
        position = max(position, HEADER)
        used = HEADER + _CHUNK * int.from_bytes(self.header[_CHUNKS_USED], "little")
        content.seek(position)
        chunk = content.read(_CHUNK)
        while chunk:
            content.seek(position + _CHUNK)
            following = content.read(_CHUNK)
            is_last = not following.startswith(_CHUNK_MAGIC)
            if is_last and in_use and not takes_last(chunk):
                return
            end = position + len(chunk)
            if chunk.startswith(_CHUNK_MAGIC):
                yield Piece(chunk, position, end)
            elif position < used and chunk.strip(b"\0"):
                yield Piece(chunk, position, end, Said("this part of the event log is damaged"))
            position, chunk = end, following

    def is_whole(self, piece: bytes) -> bool:
        """That can't be seen."""
        return True

    def records(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """The records of each chunk, by the numbers that Windows gave them."""
        from evtx import PyEvtxParser

        for piece in pieces:
            if piece.unfit:
                yield piece
                continue
            records = iter(PyEvtxParser(BytesIO(self.header + piece.content), number_of_threads=1).records_json())
            for _ in range(_MOST_RECORDS):
                try:
                    record = next(records, None)
                except (RuntimeError, ValueError, OSError) as error:
                    why = Said("a record of the event log is damaged ({reason})", reason=error)
                    yield replace(piece, content=b"", unfit=why)
                    continue
                if record is None:
                    break
                yield Piece(record["data"].encode(), OWN_NUMBER, piece.end, number=record["event_record_id"])
