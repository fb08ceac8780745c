"""The buttons below a page that scrolls."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.theme import GROUPS


def end_with_fields(bar: QLayout, area: QScrollArea) -> None:
    """From now on, what is in `bar` ends where the fields of `area` end: with and without a scroll bar, and where
    the window is wider than they are."""
    content = area.widget()
    assert content is not None
    follower = _Follower(bar, area, content)
    for each in (area, content):
        each.installEventFilter(follower)


class _Follower(QObject):
    def __init__(self, bar: QLayout, area: QScrollArea, content: QWidget) -> None:
        super().__init__(area)
        self._bar = bar
        self._area = area
        self._content = content

    @called_by_qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            margins = self._bar.contentsMargins()
            margins.setRight(GROUPS + max(self._area.width() - self._content.width(), 0))
            self._bar.setContentsMargins(margins)
        return False
