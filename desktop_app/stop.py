"""End what another thread does: at its next step, and at once where it waits for a server."""

import threading
from collections.abc import Callable


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
