"""How large a dialog is at least: all that it says has room, also on a small screen, and as it says more."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QBoxLayout, QDialog

from desktop_app.gui.called_by_qt import called_by_qt

_CHANGES = (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show)


def grow_with_content(dialog: QDialog, body: QBoxLayout, characters: int) -> None:
    """From now on, `dialog` is as wide as so many characters, or as its parts need, and as high as its texts are
    where they wrap, for which a layout asks by itself only once."""
    body.addStrut(dialog.fontMetrics().averageCharWidth() * characters)  # a minimum width would count instead
    dialog.installEventFilter(_Follower(dialog, body))


class _Follower(QObject):
    def __init__(self, dialog: QDialog, body: QBoxLayout) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._body = body

    @called_by_qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            width = max(self._dialog.width(), self._body.totalMinimumSize().width())
            self._dialog.setMinimumHeight(self._body.totalMinimumHeightForWidth(width))
        return False
