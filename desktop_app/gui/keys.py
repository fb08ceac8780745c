"""The keys of the window, beside those that Qt and the pages have."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

QUIT = QKeySequence("Ctrl+Q")
CLOSE = QKeySequence("Ctrl+W")
FIND = QKeySequence("Ctrl+F")
REFRESH = QKeySequence("F5")
HELP = QKeySequence("F1")


def key_of_page(index: int) -> QKeySequence:
    """The key that shows a page, by its place in the sidebar."""
    return QKeySequence(f"Ctrl+{index + 1}")


def add_keys(window: QWidget, deeds: Sequence[tuple[QKeySequence, Callable[[], object]]]) -> None:
    """Have keys do something while the window is in front."""
    for key, deed in deeds:
        QShortcut(key, window, deed)


def with_key(text: str, key: QKeySequence) -> str:
    """A tool tip: what is done, and the key that does it."""
    return f"{text} ({key.toString(QKeySequence.SequenceFormat.NativeText)})"
