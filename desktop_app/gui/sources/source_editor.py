"""One source as a form, with a preview of what it would collect."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from msgspec import structs
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop_app.errors import UserError
from desktop_app.gui.language import spoken
from desktop_app.gui.sources.kind_rows import KindRows
from desktop_app.gui.sources.mapping_model import KEY, PLACES, KeyPathEditor, MappingModel
from desktop_app.gui.sources.time_rows import TimeRows, TimeWidgets
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.bar_end import end_with_fields
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.theme import color, icon, show_locked
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.gui.worker import Worker
from desktop_app.one_line import on_one_line
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import address_of, empty_source, entry_of, source_kinds
from desktop_app.sftp.errors import HostKeyChanged, HostKeyUnknown
from desktop_app.sources.kind import Secrets
from desktop_app.sources.kinds import no_secrets
from desktop_app.sources.record_shapes import RecordShape, is_mapped_as, mapped_as, record_shapes
from desktop_app.sources.sample import FirstLook, look_into
from desktop_app.trails.values import event_values, values_of, whole_text
from desktop_app.wording import Said

_RECORDS_SHOWN = 20
_PAUSE_MS = 250  # after the last key stroke, before the first records are looked at


KnownBefore = Callable[[SourceSettings], Said | None]


class SourceEditor(QWidget):
    """Edits a source. `submitted` brings it, `left` says that nothing is to be done; `host_key_met`, that its
    server is not trusted, or not any more. `known_before` tells what a new source goes on with.
    """

    submitted = Signal(SourceSettings)
    host_key_met = Signal(SourceSettings)
    left = Signal()

    title: QLabel
    form: QFormLayout
    name: QLineEdit
    name_problem: FieldMessage
    kind: ChoiceBox
    kind_label: QLabel
    shape: ChoiceBox
    shape_label: QLabel
    time: ChoiceBox
    time_problem: FieldMessage
    zone: QLineEdit
    zone_problem: FieldMessage
    split: QLineEdit
    split_problem: FieldMessage
    fields: QTableView
    fields_problem: FieldMessage
    summary: QLabel
    look: QPushButton
    preview: QTreeWidget
    details: QPlainTextEdit
    state: QLabel
    cancel: QPushButton
    save: QPushButton
    bar_layout: QHBoxLayout
    form_area: QScrollArea

    def __init__(self, parent: QWidget | None = None, secrets: Secrets = no_secrets) -> None:
        super().__init__(parent)
        self._secrets = secrets
        load_ui("source_editor", self, ChoiceBox, FieldMessage)
        end_with_fields(self.bar_layout, self.form_area)
        self.known_before: KnownBefore = lambda _: None
        self._before = empty_source(source_kinds()[0].name)
        self.rows = KindRows(self.form, self.shape_label, self)
        self.times = TimeRows(
            TimeWidgets(
                self.time, self.time_problem, self.zone, self.zone_problem, self.split, self.split_problem
            ),
            self,
        )
        self._looking = Worker(self)
        self._looking.failed.connect(self._show_failure)
        self._asking = Worker(self)
        self._proposed_for = ""
        self._key_paths = KeyPathEditor(self)
        self.mapping = MappingModel(self)
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._look)
        self._set_up_tables()
        self.shape.addItem(self.tr("Another system: map them below"))
        for shape in record_shapes():
            self.shape.addItem(shape.name, shape)
        for kind in source_kinds():
            self.kind.addItem(spoken(kind.title), kind)
        self.kind.activated.connect(self._take_kind)
        self.name.textEdited.connect(self._edited)
        self.name.returnPressed.connect(self._submit)
        self.times.edited.connect(self._edited)
        self.times.entered.connect(self._submit)
        self.rows.edited.connect(self._edited)
        self.rows.entered.connect(self._submit)
        self.rows.folder_chosen.connect(self._take_folder)
        self.shape.activated.connect(self._take_shape)
        self.mapping.changed.connect(self._edited)
        self.look.clicked.connect(self.look_now)
        self.save.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.left)
        self.preview.currentItemChanged.connect(self._show_details)

    def edit(self, source: SourceSettings | None) -> None:
        """Show a source, or the form for a new one."""
        self._begin_from(source)
        self._show_kind()
        self.times.show_values(self._before)
        self.mapping.set_fields(self._before.fields)
        self._show_shape()
        self.tell(None)
        self.show_problems([])
        self._proposed_for = ""
        self._look()
        self.form_area.verticalScrollBar().setValue(0)
        (self.rows.edit(entry_of(source.kind).address) if source else self.name).setFocus()

    def go_on(self, saved: SourceSettings) -> None:
        """Keep what was typed while the source was being saved, as a change to it; its name is fixed now."""
        self._begin_from(saved)
        self.tell(None)

    def source(self) -> SourceSettings:
        """The source as it is in the form."""
        name, fields = self.name.text().strip(), self.mapping.fields()
        values: dict[str, Any] = {**self.times.values(), **self.rows.values()}
        return structs.replace(self._before, name=name, fields=fields, **values)

    def secret(self) -> str | None:
        """The password or token that is typed; None where nothing is."""
        return self.rows.typed_secret()

    def is_new(self) -> bool:
        """Whether the source is not among the saved ones yet."""
        return not self._before.name

    def has_changes(self) -> bool:
        """Whether the form has something that is not saved."""
        now = self.source()
        if self.secret():
            return True
        if self.is_new():
            return bool(now.name or address_of(now) or now.fields)
        return now != self._before

    def show_problems(self, problems: Iterable[UserError]) -> None:
        """Show each problem beside its field, and go to the first."""
        by_field: dict[str, UserError] = {}
        for problem in problems:
            by_field.setdefault(problem.field or "", problem)
        edits: dict[str, tuple[QWidget, FieldMessage]] = {
            "name": (self.name, self.name_problem),
            **self.rows.edits(),
            **self.times.edits(),
            "fields": (self.fields, self.fields_problem),
        }
        for field, (edit, message) in edits.items():
            if field in by_field:
                message.show_error(by_field[field])
            else:
                message.clear()
            edit.setAccessibleDescription(message.text)
        if first := next((edit for field, (edit, _) in edits.items() if field in by_field), None):
            first.setFocus()

    def tell(self, error: UserError | None) -> None:
        """Show what kept the source from being saved, beside the buttons."""
        self.state.setText(_sentence(error) if error else "")

    def look_now(self) -> None:
        """Look at the first records; what an earlier look finds is of no interest any more."""
        self._pause.stop()
        source, typed = self.source(), self.secret()
        secrets: Secrets = (lambda _: typed) if typed else self._secrets
        self.summary.setText(self.tr("Looking at the first records…"))
        known_before = self.known_before if self.is_new() else lambda _: None
        self._looking.replace(
            lambda _stop, _tell: (look_into(source, _RECORDS_SHOWN, secrets), known_before(source)),
            self._show_found,
        )

    def end(self) -> None:
        """Hear no more of a look at the records, before the window closes."""
        self._pause.stop()
        self._looking.end()
        self._asking.end()

    def _begin_from(self, source: SourceSettings | None) -> None:
        self._before = source or empty_source(self.kind.currentData().name)
        self.title.setText(self.tr("Source {name}").format(name=source.name) if source else self.tr("New source"))
        self.name.setText(self._before.name)
        self.name.setReadOnly(source is not None)
        show_locked(self.name, source is not None)
        for widget in (self.kind, self.kind_label):
            widget.setVisible(source is None and self.kind.count() > 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _set_up_tables(self) -> None:
        self.fields.setModel(self.mapping)
        self.fields.setItemDelegateForColumn(PLACES, self._key_paths)
        self.fields.verticalHeader().hide()
        self.fields.horizontalHeader().setHighlightSections(False)
        self.fields.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.fields.setEditTriggers(QTableView.EditTrigger.AllEditTriggers)
        self.preview.setHeaderLabels(
            [self.tr("When"), self.tr("Entity type"), self.tr("Entity"), self.tr("Action")]
        )
        self.mapping.modelReset.connect(self._fit_columns)

    def _fit_columns(self) -> None:
        header = self.fields.horizontalHeader()
        header.setSectionResizeMode(KEY, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(PLACES, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        rows = self.fields.verticalHeader().length() or 1
        self.fields.setFixedHeight(header.sizeHint().height() + rows + 2 * self.fields.frameWidth())
        line = self.fontMetrics().height() + 8
        self.preview.setFixedHeight(line * 8)
        self.details.setFixedHeight(line * 8)

    def _submit(self) -> None:
        if self.save.isEnabled():
            self.submitted.emit(self.source())

    def _edited(self) -> None:
        self._show_shape()
        self._pause.start()

    def _show_kind(self) -> None:
        """Have the rows of the source's kind, with its values."""
        between = [self.shape, *self.times.stops()]
        self.rows.show_kind(entry_of(self._before.kind), self.kind, between, self.fields)
        self.rows.show_values(self._before)
        self.look.setVisible(entry_of(self._before.kind).remote)
        source = self._before
        if self.is_new() or entry_of(source.kind).secret is None:
            self._asking.forget()
        else:
            self._asking.replace(lambda _stop, _tell: self._secrets(source) is not None, self.rows.show_kept)

    def _take_kind(self) -> None:
        """Go on with a source of another kind."""
        self._before = empty_source(self.kind.currentData().name)
        self._show_kind()
        self._look()

    def _take_folder(self, folder: str) -> None:
        if not self.name.text():
            self.name.setText(Path(folder).name)
        self._look()

    def _take_shape(self, index: int) -> None:
        shape = self.shape.itemData(index)
        if shape:
            self._map_as(shape)
            self._look()

    def _map_as(self, shape: RecordShape) -> None:
        mapped = mapped_as(self.source(), shape)
        self.rows.show_values(mapped)
        self.times.show_values(mapped)
        self.mapping.set_fields(mapped.fields)

    def _show_shape(self) -> None:
        """Choose the system whose mapping this is, if any."""
        source = self.source()
        index = next((i for i, each in enumerate(record_shapes()) if is_mapped_as(source, each)), -1)
        self.shape.setCurrentIndex(index + 1)

    def _look(self) -> None:
        """Look at the first records, but at remote ones only when somebody asks for that."""
        self._pause.stop()
        if not address_of(self.source()):
            self._show_nothing(self.tr("Fill in where the records are to see how they become events."))
        elif entry_of(self._before.kind).remote:
            self._show_nothing(self.tr("When all is filled in, look at the first records."))
        else:
            self.look_now()
            return
        self._looking.forget()

    def _show_found(self, found: tuple[FirstLook, Said | None]) -> None:
        look, known = found
        self._show(look)
        if known:
            self.summary.setText(f"{self.summary.text()}\n{spoken(known)}")

    def _show_failure(self, error: UserError) -> None:
        self._show_nothing(_sentence(error))
        if isinstance(error, (HostKeyUnknown, HostKeyChanged)):
            self.host_key_met.emit(self.source())

    def _show_nothing(self, why: str) -> None:
        self.preview.clear()
        self.details.clear()
        self.mapping.set_example({})
        self.times.show_times([])
        self.summary.setText(why)

    def _show(self, look: FirstLook) -> None:
        address = address_of(self.source())
        if look.shape and not self.mapping.fields() and self._proposed_for != address:
            self._proposed_for = address
            self._map_as(look.shape)
            self._show_shape()
            self.look_now()  # once more, with this mapping
            return
        self._key_paths.offered = look.key_paths
        self.times.show_times(look.preview.times)
        found = look.preview
        self.preview.clear()
        for line in found.events:
            self.preview.addTopLevelItem(self._event_item(line))
        for place, reason in found.set_aside:
            item = QTreeWidgetItem([f"{spoken(place)}: {spoken(reason)}"])
            item.setForeground(0, color("wait"))
            item.setIcon(0, icon("alert", "wait"))
            item.setToolTip(0, tool_tip(item.text(0)))
            self.preview.addTopLevelItem(item)
            item.setFirstColumnSpanned(True)
        for column in range(3):
            self.preview.resizeColumnToContents(column)
            self.preview.setColumnWidth(column, min(self.preview.columnWidth(column), self.preview.width() // 3))
        self.mapping.set_example(values_of(found.events[0]) if found.events else {})
        self.summary.setText(self._summary(len(found.events), len(found.set_aside), found.parts))
        if first := self.preview.topLevelItem(0):
            self.preview.setCurrentItem(first)

    def _summary(self, events: int, set_aside: int, parts: int) -> str:
        things = spoken(entry_of(self._before.kind).things_read)
        if events + set_aside == 0:
            return self.tr("No records were found there. {things}: {count}").format(things=things, count=parts)
        return self.tr(
            "Of the first {records} records, events: {events}, set aside: {set_aside}. {things}: {count}"
        ).format(records=events + set_aside, events=events, set_aside=set_aside, things=things, count=parts)

    def _event_item(self, line: bytes) -> QTreeWidgetItem:
        event = event_values(line)
        texts = (event.createdAt, event.entityType, event.entityName, event.actionType)
        item = QTreeWidgetItem(list(map(on_one_line, texts)))
        item.setData(0, Qt.ItemDataRole.UserRole, whole_text(line))
        return item

    def _show_details(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            self.details.clear()
        else:
            self.details.setPlainText(item.data(0, Qt.ItemDataRole.UserRole) or item.text(0))


def _sentence(error: UserError) -> str:
    return f"{spoken(error.message)} {spoken(error.hint)}".strip()
