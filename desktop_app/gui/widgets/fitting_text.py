"""A text in the lines that there are for it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout

_NEW_LINE = "\u2028"  # as a layout knows it


def fitting_text(text: str, font: QFont, width: int, lines: int) -> str:
    """The text where it has room in so many lines of a width; else its beginning, with an ellipsis."""
    starts = _starts_of_lines(text, font, width)
    if len(starts) <= lines:
        return text
    last = starts[lines - 1]
    return text[:last] + QFontMetrics(font).elidedText(text[last:], Qt.TextElideMode.ElideRight, width)


def fitting_height(text: str, font: QFont, width: int) -> int:
    """The height of all lines that the text has at a width."""
    return len(_starts_of_lines(text, font, width)) * QFontMetrics(font).lineSpacing()


def _starts_of_lines(text: str, font: QFont, width: int) -> list[int]:
    layout = QTextLayout(text.replace("\n", _NEW_LINE), font)
    layout.beginLayout()
    starts = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    return starts
