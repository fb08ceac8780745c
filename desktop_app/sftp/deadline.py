"""An end to whatever is asked of a server, also of one that answers now and then."""

import threading
import time

from desktop_app.sftp.connection import Connection


class Deadline:
    """Cuts the connection when a deed takes longer than its limits allow, from `start` until `cancel`.

    That is `limits.deed` seconds, and those in which the bytes of files that it moves go at `limits.pace`.
    """

    def __init__(self, connection: Connection) -> None:
        self.passed = False
        self._connection = connection
        self._limits = connection.limits
        self._over = threading.Event()

    def start(self) -> None:
        self._began, self._moved = time.monotonic(), self._connection.transport.moved
        threading.Thread(target=self._watch, daemon=True).start()

    def cancel(self) -> None:
        self._over.set()

    @property
    def seconds(self) -> float:
        """How long the deed may take, by what it has moved so far."""
        moved = self._connection.transport.moved - self._moved
        return self._limits.deed + moved / self._limits.pace

    def _watch(self) -> None:
        while (left := self._began + self.seconds - time.monotonic()) > 0:
            if self._over.wait(left):
                return
        self.passed = True
        self._connection.close()
