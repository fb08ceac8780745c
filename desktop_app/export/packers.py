"""Pack the days of archives in processes of their own, ahead of the one that gives archives their place.

Each is asked by a line of JSON on its standard input, and answers with one: a PackedDay, or null where it could
not. What goes wrong there is told by whoever packs that day again.
"""

import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Self

import msgspec
from msgspec import MsgspecError, Struct

from desktop_app.errors import UserError
from desktop_app.export.build import DayFile, PackedDay, pack_day
from desktop_app.other_process import start_process
from desktop_app.trails.store.store import open_store_to_read

_PATIENCE = 10  # seconds, for a process to end


class _Wish(Struct, frozen=True):
    store: str
    outbox: str
    file: DayFile


_wish = msgspec.json.Decoder(_Wish).decode
_packed = msgspec.json.Decoder(PackedDay | None).decode
_encode = msgspec.json.Encoder().encode


def pack_for_others(wishes: Iterable[bytes], answers: IO[bytes]) -> None:
    """Pack what is asked for, until nothing more is. Raises OSError where nobody takes the answers."""
    for line in wishes:
        wish = _wish(line)
        packed: PackedDay | None = None
        with suppress(UserError), open_store_to_read(Path(wish.store)) as store:
            packed = pack_day(store, wish.file, Path(wish.outbox))
        answers.write(_encode(packed) + b"\n")
        answers.flush()


class Packers:
    """So many processes. They end with the context; one that was killed packs nothing more."""

    def __init__(self, count: int, store: Path, outbox: Path) -> None:
        self._store, self._outbox = store, outbox
        self._threads = ThreadPoolExecutor(count, "packer")
        self._idle: SimpleQueue[subprocess.Popen[bytes] | None] = SimpleQueue()
        self._started: list[subprocess.Popen[bytes]] = []
        for _ in range(count):
            self._idle.put(self._start())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._started:
            process.kill()
        for process in self._started:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
        self._threads.shutdown()
        for process in self._started:
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    pipe and pipe.close()

    def pack(self, file: DayFile) -> Future[PackedDay | None]:
        """Begin to pack a day; None where that can't be done by another process."""
        return self._threads.submit(self._ask, file)

    def _start(self) -> "subprocess.Popen[bytes] | None":
        process = start_process("pack")
        if process:
            self._started.append(process)
        return process

    def _ask(self, file: DayFile) -> PackedDay | None:
        process = self._idle.get()
        answer = b""
        if process and process.stdin and process.stdout:
            with suppress(OSError, ValueError):  # it is gone, or its pipes are closed
                process.stdin.write(_encode(_Wish(str(self._store), str(self._outbox), file)) + b"\n")
                process.stdin.flush()
                answer = process.stdout.readline()
        self._idle.put(process if answer else None)
        try:
            return _packed(answer) if answer else None
        except MsgspecError:
            return None


def ahead(
    files: Iterable[DayFile], packers: Packers, count: int, check: Callable[[], None]
) -> "Iterable[tuple[DayFile, PackedDay | None]]":
    """The days in their order, each once it is packed; meanwhile `count` more are begun."""
    begun: list[tuple[DayFile, Future[PackedDay | None]]] = []
    for file in files:
        begun.append((file, packers.pack(file)))
        if len(begun) > count:
            first, packed = begun.pop(0)
            check()
            yield first, packed.result()
    for first, packed in begun:
        check()
        yield first, packed.result()
