"""Garbage is collected on the window's thread only.

Python collects on whatever thread allocates. Where a worker's thread frees what a signal was connected to, Qt
holds a lock and waits for Python's, while the window's thread holds Python's and waits for Qt's: both stand still.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EACH_MS = 500


def collect_on_this_thread(owner: QObject) -> None:
    """From now on, while `owner` is there and the events of this thread are handled."""
    gc.disable()
    timer = QTimer(owner, interval=_EACH_MS)
    timer.timeout.connect(_collect)
    timer.start()


def _collect() -> None:
    """The oldest generation that is due, as Python would choose it; it has those that are younger in it."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    if due := [generation for generation in range(3) if counts[generation] > thresholds[generation]]:
        gc.collect(max(due))
