"""One window a user: a second start brings the first to the front."""

import hashlib
import os
import sys

from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QMainWindow

from desktop_app.settings.paths import Paths

_PATIENCE_MS = 500
_TOKEN = "XDG_ACTIVATION_TOKEN"  # what Wayland wants to see before a window may come to the front


class SingleInstance:
    """Whoever is first listens on a name that belongs to this user and this configuration."""

    def __init__(self, paths: Paths) -> None:
        self._name = "audit-trails-" + hashlib.sha256(str(paths.config).encode()).hexdigest()[:24]
        self._server: QLocalServer | None = None

    def bring_first_to_front(self) -> bool:
        """Ask the first to show itself; False where there is none."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE_MS):
            return False
        _allow_others_to_the_front()
        socket.write(os.environ.get(_TOKEN, "").encode() + b"\n")
        socket.waitForBytesWritten(_PATIENCE_MS)
        socket.disconnectFromServer()
        return True

    def be_first(self, window: QMainWindow) -> None:
        """Show `window` whenever another start asks for it."""
        server = QLocalServer(window)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._name)  # of one that was killed
        server.listen(self._name)
        server.newConnection.connect(lambda: self._answer(server, window))
        self._server = server

    def _answer(self, server: QLocalServer, window: QMainWindow) -> None:
        socket = server.nextPendingConnection()

        def come() -> None:
            if token := bytes(socket.readAll().data()).decode(errors="replace").strip():
                os.environ[_TOKEN] = token
            window.setWindowState(window.windowState() & ~window.windowState().WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

        # Whoever connects asks for the window. Windows holds back what it writes until this reads: where this was
        # busy meanwhile, there is nothing to read.
        socket.disconnected.connect(come)
        socket.disconnected.connect(socket.deleteLater)


def _allow_others_to_the_front() -> None:
    """Windows lets only the program that has the user's attention hand it on."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
