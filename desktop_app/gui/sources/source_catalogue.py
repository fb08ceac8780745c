"""The catalogue: where events can be collected from, to choose what a new source is."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.language import spoken
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.theme import color, icon
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.sources.catalogue import Offer, offers

_OFFER = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class SourceCatalogue(QWidget):
    """`chosen` brings an Offer, `left` says that nothing is to be added. Typing searches, and the keys that go up
    and down do so in the list meanwhile."""

    chosen = Signal(object)
    left = Signal()

    search: QLineEdit
    list: QTreeWidget
    nothing: QLabel
    cancel: QPushButton
    choose: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui("source_catalogue", self)
        self._offers: Sequence[Offer] = ()
        header = self.list.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.search.textChanged.connect(self._show)
        self.search.returnPressed.connect(self._choose)
        self.search.installEventFilter(self)
        self.list.itemActivated.connect(lambda *_: self._choose())
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self.choose.clicked.connect(self._choose)
        self.cancel.clicked.connect(self.left)

    def begin(self) -> None:
        """Show all that there is, and take what is typed as a search."""
        self._offers = offers()
        self.search.clear()
        self._show()
        self.search.setFocus()

    @called_by_qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        """Show what is searched for, in its groups; what is not listed can always be described."""
        words = self.search.text().lower().split()
        found = [offer for offer in self._offers if all(word in _searched(offer) for word in words)]
        self.nothing.setVisible(not found)
        if not found:
            found = [self._offers[-1], self._offers[0]] if self._offers else []
        self.list.clear()
        group = ""
        for offer in found:
            if offer.where != group:
                group = offer.where
                heading = self._heading(group)
                self.list.addTopLevelItem(heading)
                heading.setFirstColumnSpanned(True)
            self.list.addTopLevelItem(_item(offer))
        self._choose_first()
        self._enable()

    def _heading(self, group: str) -> QTreeWidgetItem:
        texts = {
            "computer": self.tr("On this computer"),
            "server": self.tr("On a server"),
            "service": self.tr("At a service"),
        }
        item = QTreeWidgetItem([texts[group]])
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setForeground(0, QBrush(color("muted")))
        return item

    def _choose_first(self) -> None:
        items = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        first = next((item for item in items if item and item.data(0, _OFFER)), None)
        if first:
            self.list.setCurrentItem(first)
            self.list.scrollToTop()

    def _enable(self) -> None:
        self.choose.setEnabled(self._current() is not None)

    def _current(self) -> Offer | None:
        item = self.list.currentItem()
        return item.data(0, _OFFER) if item else None

    def _choose(self) -> None:
        if offer := self._current():
            self.chosen.emit(offer)


def _searched(offer: Offer) -> str:
    """All by which an offer is found, in the reader's language and in English."""
    return " ".join((offer.title, offer.about, spoken(offer.title), spoken(offer.about), offer.words)).lower()


def _item(offer: Offer) -> QTreeWidgetItem:
    item = QTreeWidgetItem([spoken(offer.title), spoken(offer.about)])
    item.setIcon(0, icon(offer.icon))
    item.setForeground(1, QBrush(color("muted")))
    item.setToolTip(1, tool_tip(item.text(1)))
    item.setData(0, _OFFER, offer)
    return item
