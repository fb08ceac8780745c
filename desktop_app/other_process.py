"""Another process of this program, which answers what it is asked, a line each, in the order of asking.

It ends with this one: nobody asks any more, or nobody takes its answers. Where it stands still, it is killed. Each
answer goes after its size in four bytes. Questions are short, since a pipe may hold no more than 4 KiB on Windows.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import IO, Self

from desktop_app.own_program import running_program

_LOG = logging.getLogger(__name__)
_PIPE_BYTES = 1 << 20
_PATIENCE = 10  # seconds, for it to end
_LONGEST = 60  # seconds, for an answer, which takes a small part of one


def processors() -> int:
    """How many processors this process may use."""
    if sys.platform == "win32":
        return os.cpu_count() or 1
    return len(os.sched_getaffinity(0))


def start_process(command: str, asked: IO[bytes] | int = subprocess.PIPE) -> "subprocess.Popen[bytes] | None":
    """Start the exporter's `command`, which reads `asked` or a pipe, and answers by a pipe; None where no process
    can be had."""
    program = running_program()
    try:
        return subprocess.Popen(
            [*program.argv, command],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=_PIPE_BYTES,  # on Linux; or each would wait for the other all the time
            cwd=program.folder,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        _LOG.warning("no other process can be had: %s", error)
        return None


def start_other(command: str) -> "OtherProcess | None":
    """Start the exporter's `command`, to be asked; None where no process can be had."""
    process = start_process(command)
    return OtherProcess(process) if process else None


class OtherProcess:
    """One that was started. It is killed at the end of the context, whatever it does by then."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin and process.stdout
        self._process, self._questions, self._answers = process, process.stdin, process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        for pipe in (self._questions, self._answers):
            with suppress(OSError):
                pipe.close()

    def ask(self, question: bytes) -> bool:
        """Ask something, a line without its end; False where the process is gone."""
        try:
            self._questions.write(question + b"\n")
            self._questions.flush()
        except OSError:
            return False
        return True

    def has_answered(self) -> bool:
        """Whether `answer` need not wait for long."""
        return _is_readable(self._answers)

    def answer(self) -> bytes | None:
        """Wait for the next answer; None where the process has ended without it, or stands still."""
        with self._killed_after(_LONGEST), suppress(OSError):
            size = int.from_bytes(self._answers.read(4), "big")
            answer = self._answers.read(size)
            if size and len(answer) == size:
                return answer
        return None

    @contextmanager
    def _killed_after(self, seconds: float) -> Iterator[None]:
        """Whoever reads from a killed process reads its end."""
        timer = Timer(seconds, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def questions() -> Iterator[bytes]:
    """In the other process: what it is asked, until nothing more is."""
    with open(0, "rb", closefd=False) as asked:
        for line in asked:
            yield line.removesuffix(b"\n")


def reply(answer: bytes, output: IO[bytes]) -> None:
    """In the other process: answer the next question. Raises OSError where nobody takes it."""
    output.write(len(answer).to_bytes(4, "big"))
    output.write(answer)
    output.flush()


def _is_readable(pipe: IO[bytes]) -> bool:
    """Whether a pipe has something, or its end."""
    if sys.platform == "win32":
        import msvcrt

        import pywintypes
        import win32pipe

        try:
            return bool(win32pipe.PeekNamedPipe(msvcrt.get_osfhandle(pipe.fileno()), 0)[1])
        except pywintypes.error:  # nobody writes any more
            return True
    from select import select

    return bool(select([pipe], [], [], 0)[0])
