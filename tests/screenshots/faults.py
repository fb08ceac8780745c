"""What is wrong with how a window looks, by its widgets' own geometry and colours: texts that are cut off, widgets
that overlap, and texts that can hardly be told from their ground."""

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFontDatabase, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from desktop_app.gui.widgets.colors import LEAST_CONTRAST, contrast
from tests.windows_gaps import is_missing

_WITH_TEXT = (QLabel, QPushButton, QComboBox)
_LEAVES = (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractScrollArea)
_HOLDERS = (QLineEdit, QComboBox, QAbstractSpinBox, QAbstractScrollArea)
_FRAME = 5  # pixels that belong to the frame of a button or field
_MERE_TOUCH = 2
_FIRST_OF_EAST_ASIA = "\u2e80"


def faults(top: QWidget) -> list[str]:
    """All that is wrong with what is seen of `top`, a sentence each."""
    return [*cut_off(top), *overlapping(top), *faint(top)]


def cut_off(top: QWidget) -> list[str]:
    """The texts that have less room than they need."""
    found = []
    for each in _visible(top, *_WITH_TEXT):
        needs = _needs(each)
        if each.property("text") != "" and (each.width() < needs[0] or each.height() < needs[1]):
            found.append(f"cut off: {_name(each)}, {each.size().toTuple()} < {needs}")
    return found


def overlapping(top: QWidget) -> list[str]:
    """Widgets that are seen, and partly behind another one."""
    leaves = [each for each in _visible(top, *_LEAVES) if not isinstance(each, QScrollArea) and not _is_held(each)]
    places = [(each, QRect(each.mapTo(top, each.visibleRegion().boundingRect().topLeft()),
                           each.visibleRegion().boundingRect().size())) for each in leaves]  # fmt: skip
    found = []
    for (one, here), (other, there) in combinations(places, 2):
        common = here & there
        if min(common.width(), common.height()) > _MERE_TOUCH and not (
            one.isAncestorOf(other) or other.isAncestorOf(one)
        ):
            found.append(f"overlap: {_name(one)} and {_name(other)}")
    return found


def faint(top: QWidget) -> list[str]:
    """The texts whose contrast to their ground, as it is drawn, is below 4.5:1; none where that does not tell."""
    if sys.platform == "win32" and is_missing("letters of full colour"):
        return []
    picture = top.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    found = []
    for each in _visible(top, QLabel, QPushButton, QLineEdit):
        text = each.property("text") or each.property("placeholderText")
        seen = each.visibleRegion().boundingRect()
        has_frame = not isinstance(each, QLabel) and not isinstance(each.parentWidget(), QComboBox)
        inside = seen.adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME) if has_frame else seen
        if not text or not _can_be_drawn(text) or not each.isEnabled() or min(inside.width(), inside.height()) < 8:
            continue
        most = _contrast_in(picture, QRect(each.mapTo(top, inside.topLeft()), inside.size()))
        if most < LEAST_CONTRAST:
            found.append(f"faint: {_name(each)}, {most:.1f}:1")
    return found


def _can_be_drawn(text: str) -> bool:
    """Whether more than empty boxes is seen of a text: a system may have no font for Japanese."""
    return max(text) < _FIRST_OF_EAST_ASIA or bool(QFontDatabase.families(QFontDatabase.WritingSystem.Japanese))


def _contrast_in(picture: QImage, place: QRect) -> float:
    """The contrast between the ground and what differs most from it."""
    scale = picture.devicePixelRatio()
    part = picture.copy(
        round(place.x() * scale),
        round(place.y() * scale),
        round(place.width() * scale),
        round(place.height() * scale),
    )
    colors = Counter(memoryview(part.constBits()).cast("I"))
    ground = QColor(colors.most_common(1)[0][0])
    return max(contrast(ground, QColor(value)) for value in colors)


def _needs(widget: QWidget) -> tuple[int, int]:
    """The width and height that a text needs where it is."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.minimumSizeHint().width(), widget.heightForWidth(widget.width())
    hint = widget.sizeHint() if not isinstance(widget, QComboBox) else widget.minimumSizeHint()
    return hint.width(), hint.height()


def _visible(top: QWidget, *kinds: type[QWidget]) -> Iterator[QWidget]:
    """What is seen of these kinds, but for what is in other windows."""
    for each in top.findChildren(QWidget):
        is_here = isinstance(each, kinds) and each.isVisible() and each.window() is top.window()
        if is_here and not each.visibleRegion().isEmpty():
            yield each


def _is_held(widget: QWidget) -> bool:
    """Whether this is a part of another widget: a header of a table, the line of a box."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, _HOLDERS) and not isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _name(widget: QWidget) -> str:
    text = str(widget.property("text") or widget.property("placeholderText") or "")[:60]
    return f"{type(widget).__name__} {widget.objectName()} {text!r}"
