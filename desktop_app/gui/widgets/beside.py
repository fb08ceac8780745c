"""Where the details of a list are: below it, or beside it where the window is wide."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from desktop_app.gui.called_by_qt import called_by_qt

# Pixels at 100 %: a longer line is hard to follow from its beginning to its end.
WIDEST_LIST = 1200
_BESIDE_FROM = 1400
_NO_LIMIT = 16_777_215


def show_beside(page: QWidget, filled: QWidget, split: QSplitter) -> None:
    """From now on, the second part of `split` stands beside the first in a wide window, else below it; what is
    `filled` is no wider than a list may be, unless details stand beside it."""
    first, second = split.widget(0), split.widget(1)
    assert first is not None and second is not None
    first.setMaximumWidth(WIDEST_LIST)
    follower = _Follower(page, filled, split, second)
    for each in (page, second):
        each.installEventFilter(follower)


class _Follower(QObject):
    def __init__(self, page: QWidget, filled: QWidget, split: QSplitter, details: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._filled = filled
        self._split = split
        self._details = details
        self._shared = False

    @called_by_qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._arrange()
        return False

    def _arrange(self) -> None:
        wide = self._page.window().width() >= _BESIDE_FROM
        way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        beside = wide and not self._details.isHidden()
        if self._split.orientation() != way:
            self._split.setOrientation(way)
            for part, share in enumerate((3, 2) if wide else (1, 0)):
                self._split.setStretchFactor(part, share)
            self._shared = False
        if beside and not self._shared:  # what is hidden gets no share
            self._shared = True
            QTimer.singleShot(0, self._split, lambda: self._split.setSizes([300, 200]))
        self._filled.setMaximumWidth(_NO_LIMIT if beside else WIDEST_LIST)
