"""Labels that show a text as it is: what looks like HTML, Qt would else take for it, and load its pictures."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label for a text that may quote others."""

    def __init__(self, text: str | QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, parent) if isinstance(text, str) else super().__init__(text or parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


def plain_labels(widget: QWidget) -> None:
    """Make those of a form or of a message box likewise, but for any that are said to be rich text."""
    for label in widget.findChildren(QLabel):
        if label.textFormat() is Qt.TextFormat.AutoText:
            label.setTextFormat(Qt.TextFormat.PlainText)
