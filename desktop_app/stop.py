"""End what another thread does: at its next step, and at once where it waits for a server; and Ctrl-C."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

_T = TypeVar("_T")


class Stopped(Exception):
    """Somebody asked for the end of what was being done. What was half done was undone."""


class Stop:
    """Held by the side that may ask for the end; handed down to the side that works."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._wake: list[Callable[[], object]] = []

    def ask(self) -> None:
        """Ask for the end, from any thread."""
        with self._lock:
            self._asked.set()
            waiting, self._wake = self._wake, []
        for wake in waiting:
            wake()

    @property
    def asked(self) -> bool:
        """Whether the end was asked for."""
        return self._asked.is_set()

    def check(self) -> None:
        """Raises Stopped once the end was asked for."""
        if self.asked:
            raise Stopped

    def wakes(self, wake: Callable[[], object]) -> None:
        """Have `wake` called by whoever asks for the end; it frees a wait, as closing a socket does."""
        with self._lock:
            if not self.asked:
                self._wake.append(wake)
                return
        wake()

    def sleep(self, seconds: float) -> None:
        """Wait, unless the end is asked for. Raises Stopped."""
        if self._asked.wait(seconds):
            raise Stopped


@contextmanager
def uninterrupted() -> Iterator[None]:
    """A short context that Ctrl-C does not cut: it counts at the end. Only the main thread is ever interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        if asked:
            signal.raise_signal(signal.SIGINT)


def done_uninterrupted(do: Callable[[], _T]) -> tuple[_T, bool]:
    """Do something short that Ctrl-C does not cut: what it returns, and whether Ctrl-C came meanwhile.

    Raises what `do` raises, and KeyboardInterrupt where it came as well.
    """
    results: list[_T] = []
    try:
        with uninterrupted():
            results.append(do())
    except KeyboardInterrupt:
        if not results:
            raise
        return results[0], True
    return results[0], False
