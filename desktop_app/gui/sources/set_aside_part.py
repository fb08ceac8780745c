"""Below the list of sources: what was set aside of one, each record as it was read beside the reason."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop_app.gui.language import spoken
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.one_line import on_one_line
from desktop_app.trails.store.set_aside import SetAside

SHOWN_RECORDS = 200
SHOWN_BYTES = 1 << 16
_LINES = 9
_REASON = 2
_RAW = Qt.ItemDataRole.UserRole


class SetAsidePart(QWidget):
    """Hidden while nothing is set aside. `asked_to_try` says that the button was pressed."""

    asked_to_try = Signal()

    part_title: QLabel
    try_again: QPushButton
    records: QTreeWidget
    reason: QLabel
    raw: QPlainTextEdit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui("set_aside_part", self)
        self.records.setHeaderLabels([self.tr("Where"), self.tr("Place"), self.tr("Why it is no event")])
        self.records.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.records.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # of a path, the file's name matters most
        self.records.currentItemChanged.connect(self._show_raw)
        self.try_again.clicked.connect(self.asked_to_try)
        height = self.raw.fontMetrics().lineSpacing() * _LINES
        for widget in (self.records, self.raw):
            widget.setMinimumHeight(height)
        self.show_records([])

    def show_records(self, records: list[SetAside]) -> None:
        """Show records, the first of them as it was read."""
        self.setVisible(bool(records))
        self.records.clear()
        for record in records:
            self.records.addTopLevelItem(_item(record))
        for column in range(2):
            self.records.resizeColumnToContents(column)
            self.records.setColumnWidth(column, min(self.records.columnWidth(column), self.records.width() // 3))
        if first := self.records.topLevelItem(0):
            self.records.setCurrentItem(first)

    def _show_raw(self, item: QTreeWidgetItem | None) -> None:
        content = item.data(0, _RAW) if item else b""
        self.reason.setText(item.text(_REASON) if item else "")
        text = (
            self.tr("Its content is not kept.") if content is None else content.decode("utf-8", "backslashreplace")
        )
        self.raw.setPlainText(text)


def _item(record: SetAside) -> QTreeWidgetItem:
    reason = on_one_line(spoken(record.reason))
    item = QTreeWidgetItem([on_one_line(record.path), spoken(record.place), reason])
    item.setToolTip(0, tool_tip(record.path))
    item.setToolTip(_REASON, tool_tip(reason))
    item.setData(0, _RAW, record.content)
    return item
