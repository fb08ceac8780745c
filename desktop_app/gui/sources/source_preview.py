"""The first records of a source: what they become, and each as it was read beside what is exported."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from desktop_app.gui.language import spoken
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.theme import color, icon
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.one_line import on_one_line
from desktop_app.sources.sample import Preview, Previewed
from desktop_app.trails.values import event_values, whole_text

_RAW = Qt.ItemDataRole.UserRole
_MAPPED = _RAW + 1
_LINES = 8
_PANE_LINES = 10


class SourcePreview(QWidget):
    """`asked` says that the button was pressed."""

    asked = Signal()

    summary: QLabel
    look: QPushButton
    records: QTreeWidget
    raw: QPlainTextEdit
    raw_title: QLabel
    mapped: QPlainTextEdit
    mapped_title: QLabel

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui("source_preview", self)
        headings = (self.tr("When"), self.tr("Entity type"), self.tr("Entity"), self.tr("Action"))
        self.records.setHeaderLabels(headings)
        self.records.currentItemChanged.connect(self._show_record)
        self.look.clicked.connect(self.asked)
        line = self.fontMetrics().height() + 8
        self.records.setFixedHeight(line * _LINES)
        for pane in (self.raw, self.mapped):
            pane.setFixedHeight(line * _PANE_LINES)
        self._show_parts(False)

    def tell(self, text: str) -> None:
        """Say something above the records that are shown."""
        self.summary.setText(text)

    def show_nothing(self, why: str) -> None:
        """Show no records, and why."""
        self.records.clear()
        self._show_parts(False)
        self._show_record(None)
        self.tell(why)

    def show_found(self, found: Preview, things: str) -> None:
        """Show records, the first of them whole; `things` is of what they are the first, as in Files."""
        self.records.clear()
        self._show_parts(bool(found.records))
        for record in found.records:
            for item in self._items(record):
                self.records.addTopLevelItem(item)
                item.setFirstColumnSpanned(bool(record.reason))
        for column in range(3):
            self.records.resizeColumnToContents(column)
            self.records.setColumnWidth(column, min(self.records.columnWidth(column), self.records.width() // 3))
        self.tell(self._summary(found, things))
        if first := self.records.topLevelItem(0):
            self.records.setCurrentItem(first)
        else:
            self._show_record(None)

    def _show_parts(self, shown: bool) -> None:
        for part in (self.records, self.raw_title, self.raw, self.mapped_title, self.mapped):
            part.setVisible(shown)

    def _summary(self, found: Preview, things: str) -> str:
        if not found.records:
            return self.tr("No records were found there. {things}: {count}").format(
                things=things, count=found.parts
            )
        return self.tr(
            "Of the first {records} records, events: {events}, set aside: {set_aside}. {things}: {count}"
        ).format(
            records=len(found.events) + len(found.set_aside),
            events=len(found.events),
            set_aside=len(found.set_aside),
            things=things,
            count=found.parts,
        )

    def _items(self, record: Previewed) -> list[QTreeWidgetItem]:
        """A row for each event of a record, or one for why it is none."""
        raw = record.readable
        if record.reason:
            item = QTreeWidgetItem([f"{spoken(record.place)}: {spoken(record.reason)}"])
            item.setForeground(0, color("wait"))
            item.setIcon(0, icon("alert", "wait"))
            item.setToolTip(0, tool_tip(item.text(0)))
            items = [(item, self.tr("It is set aside: {reason}").format(reason=spoken(record.reason)))]
        else:
            items = [(_event_item(line), whole_text(line)) for line in record.events]
        for item, mapped in items:
            item.setData(0, _RAW, raw)
            item.setData(0, _MAPPED, mapped)
        return [item for item, _ in items]

    def _show_record(self, item: QTreeWidgetItem | None) -> None:
        for pane, role in ((self.raw, _RAW), (self.mapped, _MAPPED)):
            pane.setPlainText(item.data(0, role) if item else "")


def _event_item(line: bytes) -> QTreeWidgetItem:
    event = event_values(line)
    texts = (event.createdAt, event.entityType, event.entityName, event.actionType)
    return QTreeWidgetItem(list(map(on_one_line, texts)))
