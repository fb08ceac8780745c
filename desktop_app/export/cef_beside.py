"""Make a day's CEF by two processes: this one, and another that formats what the store has as blocks.

Each block is formatted by whichever of them has time, and the text goes on in order. So the bytes are those that
one process makes, and where the other can't be had, or is killed, this one does the rest.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from desktop_app import __version__
from desktop_app.export.archive import Chunk
from desktop_app.export.build import ChunksOf, DayFile, chunks_here
from desktop_app.export.cef_format import CefLines
from desktop_app.other_process import OtherProcess, processors, reply, start_other
from desktop_app.settings.model import CefSettings
from desktop_app.trails.store.single_lines import open_block
from desktop_app.trails.store.store import Store, StoreDamaged, open_store_to_read
from desktop_app.trails.store.timeline import Batch, PackedBatch, unpacked

# To start a process for it is worth while from about half a second of work on.
_LONG = 1 << 26
_ASKED_AHEAD = 4
_MOST_WAITING = 16
_VERSION = __version__.encode()


class _Task(Struct, frozen=True):
    """What the other process has to know first."""

    store: str
    cef: CefSettings


class _Piece(Struct):
    """A batch, and its text as CEF once that is there."""

    batch: PackedBatch | Batch
    text: bytes | None = None


_task = msgspec.json.Decoder(_Task).decode
_encode = msgspec.json.Encoder().encode


@contextmanager
def chunks_maker(store: Store, file: DayFile) -> Iterator[ChunksOf]:
    """What makes the chunks of a day: with another process where that makes them sooner, else this one alone."""
    is_long = file.export.format == "cef" and file.due.bytes >= _LONG and processors() > 1
    other = start_other("format") if is_long else None
    if other is None:
        yield chunks_here
        return
    with other:
        other.ask(_encode(_Task(str(store.path), file.cef)))
        yield lambda store, file, batches: map(Chunk, _Shared(store, file.cef, other).texts(batches))


def format_for_other(asked: Iterator[bytes], answers: IO[bytes]) -> None:
    """In the other process: format the blocks that are asked for, each by the number of its first event.

    What can't be read ends it: the one that asks reports that. Raises OSError where nobody takes the answers.
    """
    task = _task(next(asked))
    lines = CefLines(task.cef)
    with suppress(StoreDamaged), open_store_to_read(Path(task.store)) as store:
        reply(_VERSION, answers)
        for first_seq in map(int, asked):
            block = open_block(store, first_seq)
            if block is None or block.first_seq != first_seq:
                return
            reply(lines.of(block.text), answers)


class _Shared:
    """The work of formatting, shared with another process."""

    def __init__(self, store: Store, cef: CefSettings, other: OtherProcess) -> None:
        self._store, self._lines, self._other = store, CefLines(cef), other
        self._is_ready = self._is_gone = False
        self._waiting = deque[_Piece]()
        self._asked = deque[_Piece]()  # those of them that the other process has

    def texts(self, batches: Iterable[PackedBatch | Batch]) -> Iterator[bytes]:
        """The text of each batch, in order. Raises StoreDamaged."""
        for batch in batches:
            piece = _Piece(batch)
            self._waiting.append(piece)
            if not self._ask(piece):
                self._format(piece)
            while self._asked and (self._other.has_answered() or len(self._waiting) > _MOST_WAITING):
                self._take_answer()
                yield from self._done()
            yield from self._done()
        while self._asked:
            self._take_answer()
        yield from self._done()

    def _ask(self, piece: _Piece) -> bool:
        """Have the other process format it, if it has time and can."""
        if self._is_gone or not isinstance(piece.batch, PackedBatch) or len(self._asked) == _ASKED_AHEAD:
            return False
        if not self._is_ready:  # it may take a while to start, and may be of a version that was installed just now
            if not self._other.has_answered():
                return False
            self._is_ready = True
            self._is_gone = self._other.answer() != _VERSION
        first_seq = piece.batch.first[1]
        self._is_gone = self._is_gone or not self._other.ask(b"%d" % first_seq)
        if not self._is_gone:
            self._asked.append(piece)
        return not self._is_gone

    def _take_answer(self) -> None:
        """Wait for the other process; what it does not answer any more is formatted here."""
        piece = self._asked.popleft()
        piece.text = None if self._is_gone else self._other.answer()
        if piece.text is None:
            self._is_gone = True
            self._format(piece)

    def _format(self, piece: _Piece) -> None:
        batch = unpacked(self._store, piece.batch) if isinstance(piece.batch, PackedBatch) else piece.batch
        piece.text = self._lines.of(batch.text)

    def _done(self) -> Iterator[bytes]:
        """What is there by now, as far as nothing before it is missing."""
        while self._waiting and (text := self._waiting[0].text) is not None:
            self._waiting.popleft()
            yield text
