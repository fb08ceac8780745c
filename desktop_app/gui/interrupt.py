"""Ctrl+C in the terminal that the form was started from."""

import signal
import socket

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication


def end_on_interrupt(app: QApplication) -> None:
    """End the program with code 130. Qt's loop leaves Python no turn to see the signal, so a socket wakes it."""
    signal.signal(signal.SIGINT, lambda _number, _frame: app.exit(130))
    ours, theirs = socket.socketpair()
    for each in (ours, theirs):
        each.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno())
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read, app)

    def take() -> None:
        ours.recv(16)
        theirs.fileno()  # both ends live as long as this is connected

    notifier.activated.connect(take)
