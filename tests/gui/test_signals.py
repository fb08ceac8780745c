"""What Qt's bindings must not do."""

import sys

from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    sent = Signal(object)


def test_a_signal_takes_no_reference_with_it() -> None:
    """PySide6 6.12.0 lost one to True with each signal, until the process ended for the want of it."""
    sender = Sender()
    before = sys.getrefcount(True)
    for _ in range(100):
        sender.sent.emit(1)
    assert sys.getrefcount(True) > before - 50
