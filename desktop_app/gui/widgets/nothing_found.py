"""In the middle of a list in which nothing matches: that, and a button that shows everything."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QPushButton, QVBoxLayout, QWidget

from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.theme import set_role


class NothingFound(QWidget):
    """Lies on `view`, hidden at first."""

    all_wanted = Signal()

    def __init__(self, view: QAbstractScrollArea, text: str, button_text: str) -> None:
        super().__init__(view.viewport())
        self._text = PlainLabel(text, self)
        set_role(self._text, "muted")
        self.show_all = QPushButton(button_text, self)
        self.show_all.setObjectName("show_everything")
        set_role(self.show_all, "link")
        self.show_all.clicked.connect(self.all_wanted)
        QWidget.setTabOrder(view, self.show_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for each in (self._text, self.show_all):
            column.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)
        QVBoxLayout(view.viewport()).addWidget(self, 0, Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def show_if(self, nothing: bool) -> None:
        """Say it, also to screen readers, if there is nothing."""
        is_news = nothing and self.isHidden()
        self.setVisible(nothing)
        if is_news:
            announce(self, self._text.text())
