"""One event of the page Events: where it was delivered, its states before and after, all of it as JSON."""

from PySide6.QtCore import QSize, QTimeZone, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QTabWidget,
    QWidget,
)

from desktop_app.export.ledger import Archive
from desktop_app.gui import formats
from desktop_app.gui.trails.difference_model import DifferenceModel
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.icon_label import IconLabel
from desktop_app.gui.widgets.table_look import dress
from desktop_app.gui.widgets.theme import icon
from desktop_app.one_line import on_one_line
from desktop_app.trails.differences import Change, differences_of
from desktop_app.trails.store.browse import EventRow
from desktop_app.trails.values import NONE, event_values, text_of, whole_text


class EventDetails(QWidget):
    """Hidden while no event is chosen. `asked_to_close` says that the button was pressed."""

    asked_to_close = Signal()

    event_title: QLabel
    close_details: QPushButton
    event_facts: QLabel
    delivery_sign: IconLabel
    delivery_text: QLabel
    copy_sha256: QPushButton
    tabs: QTabWidget
    changes: QLabel
    only_changes: QCheckBox
    differences: QTableView
    json: QPlainTextEdit
    copy_json: QPushButton
    copy_line: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui("event_details", self, IconLabel)
        self._line = b""
        self._archive: Archive | None = None
        self._zone = formats.zone_of("local")
        self._differences = DifferenceModel(self)
        self.differences.setModel(self._differences)
        samples = {DifferenceModel.SIGN: "≠", DifferenceModel.PATH: "distribution[0].name.and.more"}
        dress(self.differences, samples, [DifferenceModel.BEFORE, DifferenceModel.AFTER])
        self.close_details.setIcon(icon("cross"))
        self.close_details.setIconSize(QSize(16, 16))
        self.close_details.clicked.connect(self.asked_to_close)
        self.only_changes.toggled.connect(self._differences.show_only_changes)
        self.copy_json.clicked.connect(lambda: QApplication.clipboard().setText(self.json.toPlainText()))
        self.copy_line.clicked.connect(lambda: QApplication.clipboard().setText(self._line.decode()))
        self.copy_sha256.clicked.connect(self._copy_sha256)

    def show_event(self, event: EventRow, line: bytes, archive: Archive | None, zone: QTimeZone) -> None:
        """Show an event, whose whole `line` is JSON, and the archive that was delivered with it."""
        self._line, self._zone = line, zone
        self.event_title.setText(on_one_line(f"{event.action} · {event.entity_name}"))
        self.event_facts.setText(self._facts_of(event, line))
        self._show_delivery(archive)
        self._differences.show(differences_of(line))
        self._tell_changes()
        self.json.setPlainText(whole_text(line))
        self.show()

    def _facts_of(self, event: EventRow, line: bytes) -> str:
        values = event_values(line)
        entity, severity = values.entityId, values.severity
        texts = [
            formats.exact_moment(event.created_ms, self._zone),
            event.actor,
            event.entity_type,
            "" if entity == NONE else self.tr("entity {id}").format(id=text_of(entity)),
            "" if severity == NONE else self.tr("severity {severity}").format(severity=text_of(severity)),
        ]
        return on_one_line(" · ".join(filter(None, texts)))

    def _show_delivery(self, archive: Archive | None) -> None:
        self._archive = archive
        self.copy_sha256.setVisible(archive is not None)
        self.delivery_sign.show_icon(*(("check", "ok") if archive else ("waiting", "wait")))
        if archive is None:
            self.delivery_text.setText(self.tr("Waiting: no delivered archive has this event yet."))
        elif archive.delivered_ms is None:
            self.delivery_text.setText(self.tr("Delivered in {archive}").format(archive=archive.name))
        else:
            self.delivery_text.setText(
                self.tr("Delivered in {archive}, {when}").format(
                    archive=archive.name, when=formats.moment(archive.delivered_ms, self._zone)
                )
            )

    def _copy_sha256(self) -> None:
        if self._archive:
            QApplication.clipboard().setText(self._archive.sha256)

    def _tell_changes(self) -> None:
        counts = self._differences.counts()
        told = [
            text
            for change, text in (
                (Change.CHANGED, self.tr("%Ln changed", "", counts[Change.CHANGED])),
                (Change.ADDED, self.tr("%Ln added", "", counts[Change.ADDED])),
                (Change.REMOVED, self.tr("%Ln removed", "", counts[Change.REMOVED])),
                (Change.SAME, self.tr("%Ln the same", "", counts[Change.SAME])),
            )
            if counts[change]
        ]
        self.changes.setText(" · ".join(told) or self.tr("This event has no state before or after it."))
        self.only_changes.setVisible(counts[Change.SAME] > 0)
        self.differences.setVisible(bool(told))
