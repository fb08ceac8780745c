"""One source as a form: what its kind or its service asks for, its mapping, and what it would collect."""

from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)

from desktop_app.errors import UserError
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.language import spoken
from desktop_app.gui.sources.kind_rows import KindRows
from desktop_app.gui.sources.mapping_model import KeyPathEditor, MappingModel
from desktop_app.gui.sources.mapping_table import fit_columns, set_up_mapping
from desktop_app.gui.sources.source_preview import SourcePreview
from desktop_app.gui.sources.time_rows import TimeRows, TimeWidgets
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.bar_end import end_with_fields
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.theme import show_locked
from desktop_app.gui.worker import Worker
from desktop_app.settings.field_values import with_values
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import address_of, entry_of
from desktop_app.sftp.errors import HostKeyChanged, HostKeyUnknown
from desktop_app.sources.catalogue import Guide, Offer, fields_of, guide_of, offers, secret_of, service_of
from desktop_app.sources.kind import Secrets
from desktop_app.sources.kinds import no_secrets
from desktop_app.sources.record_shapes import RecordShape, as_found, is_mapped_as, mapped_as, record_shapes
from desktop_app.sources.sample import FirstLook, look_into
from desktop_app.trails.values import values_of
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
    asked_back = Signal()

    title: QLabel
    form: QFormLayout
    name: QLineEdit
    name_problem: FieldMessage
    guide: QLabel
    more: QPushButton
    shape: ChoiceBox
    shape_label: QLabel
    time_label: QLabel
    zone_label: QLabel
    split_label: QLabel
    time: ChoiceBox
    time_problem: FieldMessage
    zone: QLineEdit
    zone_problem: FieldMessage
    split: QLineEdit
    split_problem: FieldMessage
    fields: QTableView
    fields_title: QLabel
    fields_hint: QLabel
    fields_problem: FieldMessage
    first_look: SourcePreview
    state: QLabel
    back: QPushButton
    cancel: QPushButton
    save: QPushButton
    bar_layout: QHBoxLayout
    form_area: QScrollArea

    def __init__(self, parent: QWidget | None = None, secrets: Secrets = no_secrets) -> None:
        super().__init__(parent)
        self._secrets = secrets
        load_ui("source_editor", self, ChoiceBox, FieldMessage, SourcePreview)
        end_with_fields(self.bar_layout, self.form_area)
        self.known_before: KnownBefore = lambda _: None
        self._before, self._is_new = offers()[0].source, True
        self.rows = KindRows(self.form, self.more, self.shape_label, self)
        self.times = TimeRows(
            TimeWidgets(
                self.time, self.time_problem, self.zone, self.zone_problem, self.split, self.split_problem
            ),
            self,
        )
        self._looking = Worker(self)
        self._looking.failed.connect(self._show_failure)
        self._asking = Worker(self)
        self._finding = Worker(self)  # a list that can't be read is told by the look
        self._proposed_for = ""
        self._key_paths = KeyPathEditor(self)
        self.mapping = MappingModel(self)
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._look)
        self.name_problem.set_field(self.name)
        self.fields_problem.set_field(self.fields)
        set_up_mapping(self.fields, self.mapping, self._key_paths)
        self.shape.addItem(self.tr("Another system: map them below"))
        for shape in record_shapes():
            self.shape.addItem(shape.name, shape)
        self.name.textEdited.connect(self._edited)
        self.name.returnPressed.connect(self._submit)
        self.times.edited.connect(self._edited)
        self.times.entered.connect(self._submit)
        self.rows.edited.connect(self._edited)
        self.rows.entered.connect(self._submit)
        self.rows.folder_chosen.connect(self._take_folder)
        self.shape.activated.connect(self._take_shape)
        self.mapping.changed.connect(self._edited)
        self.first_look.asked.connect(self.look_now)
        self.save.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.left)
        self.back.clicked.connect(self.asked_back)

    def add(self, offer: Offer) -> None:
        """Show the form for a new source of what is offered, with a good name for it."""
        self._is_new = True
        self._begin_from(structs.replace(offer.source, name=offer.name))
        self.title.setText(self.tr("New source: {title}").format(title=spoken(offer.title)))
        self._show_whole()
        self._go_to_first_field()

    def edit(self, source: SourceSettings) -> None:
        """Show a source that there is."""
        self._is_new = False
        self._begin_from(source)
        self._show_whole()
        self._go_to_first_field()

    def go_on(self, saved: SourceSettings) -> None:
        """Keep what was typed while the source was being saved, as a change to it; its name is fixed now."""
        self._is_new = False
        self._begin_from(saved)
        self.tell(None)

    def source(self) -> SourceSettings:
        """The source as it is in the form."""
        name, fields = self.name.text().strip(), self.mapping.fields()
        edited = structs.replace(self._before, name=name, fields=fields, **self.times.values())
        return with_values(edited, self.rows.fields(), self.rows.values())

    def secret(self) -> str | None:
        """The password or token that is typed; None where nothing is."""
        return self.rows.typed_secret()

    def is_new(self) -> bool:
        """Whether the source is not among the saved ones yet."""
        return self._is_new

    def has_changes(self) -> bool:
        """Whether the form has something that is not saved."""
        now = self.source()
        if self.secret():
            return True
        return now != self._before

    def show_problems(self, problems: Iterable[UserError]) -> None:
        """Show each problem beside its field, and go to the first."""
        by_field: dict[str, UserError] = {}
        for problem in problems:
            key = problem.field or ""
            by_field.setdefault("fields" if key.startswith("fields.") else key, problem)
        edits: dict[str, tuple[QWidget, FieldMessage]] = {
            "name": (self.name, self.name_problem),
            **self.rows.edits(),
            **self.times.edits(),
            "fields": (self.fields, self.fields_problem),
        }
        for field, (_, message) in edits.items():
            if field in by_field:
                self.rows.reveal(field)
                message.show_error(by_field[field])
            else:
                message.clear()
        self.tell(next((each for field, each in by_field.items() if field not in edits), None))
        if first := next((edit for field, (edit, _) in edits.items() if field in by_field), None):
            first.setFocus()
            self.form_area.ensureWidgetVisible(first)

    def tell(self, error: UserError | None) -> None:
        """Show what kept the source from being saved, beside the buttons."""
        self.state.setText(_sentence(error) if error else "")

    def look_now(self) -> None:
        """Look at the first records; what an earlier look finds is of no interest any more."""
        self._pause.stop()
        source, secrets = self.source(), self._found_secrets()
        self.first_look.tell(self.tr("Looking at the first records…"))
        known_before = self.known_before if self.is_new() else lambda _: None
        self._looking.replace(
            lambda _stop, _tell: (look_into(source, _RECORDS_SHOWN, secrets), known_before(source)),
            self._show_found,
        )

    def _found_secrets(self) -> Secrets:
        """The secret that is typed, or else the one that is kept."""
        typed = self.secret()
        return (lambda _: typed) if typed else self._secrets

    def end(self) -> None:
        """Hear no more of a look at the records, before the window closes."""
        self._pause.stop()
        self._looking.end()
        self._asking.end()
        self._finding.end()

    def _begin_from(self, source: SourceSettings) -> None:
        self._before = source
        self.title.setText(self.tr("Source {name}").format(name=source.name))
        self.name.setText(source.name)
        self.name.setReadOnly(not self._is_new)
        show_locked(self.name, not self._is_new)
        self.back.setVisible(self._is_new)

    def _show_whole(self) -> None:
        """Show all that the source has, and nothing of the one before."""
        self.more.setChecked(False)
        self._show_guide(guide_of(self._before))
        self._show_fields()
        self.times.show_values(self._before)
        self.mapping.set_fields(self._before.fields)
        self._show_shape()
        self._show_mapping(service_of(self._before) is None or bool(self._before.fields))
        self.tell(None)
        self.show_problems([])
        self._proposed_for = ""
        self._look()
        self.form_area.verticalScrollBar().setValue(0)

    def _go_to_first_field(self) -> None:
        first = self.rows.first_edit()
        (first if first and self.name.text() else self.name).setFocus()

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fit_columns(self.fields)

    def _submit(self) -> None:
        if self.save.isEnabled():
            self.submitted.emit(self.source())

    def _edited(self) -> None:
        self._show_shape()
        self._pause.start()

    def _show_fields(self) -> None:
        """Have the rows of what the source is, with its values."""
        source, secret = self._before, secret_of(self._before)
        between = [self.shape, *self.times.stops()]
        self.rows.show_fields(fields_of(source), secret, self.name, between, self.fields)
        self.rows.show_values(source)
        self.first_look.look.setVisible(entry_of(source.kind).remote)
        if self._is_new or secret is None:
            self._asking.forget()
        else:
            self._asking.replace(lambda _stop, _tell: self._secrets(source) is not None, self.rows.show_kept)

    def _show_guide(self, guide: Guide | None) -> None:
        """What to do at a service before it can be collected from."""
        self.guide.setVisible(guide is not None)
        if guide:
            lines = [
                self.tr("Create there: {what}").format(what=spoken(guide.create)),
                self.tr("The right it needs: {right}").format(right=spoken(guide.right)),
            ]
            if guide.days:
                lines.append(self.tr("Keeps its events for {days} days.").format(days=guide.days))
            self.guide.setText("\n".join(lines))

    def _show_mapping(self, shown: bool) -> None:
        """Whether the mapping is to be seen: a service that is known brings its own."""
        for row in range(self.form.rowCount()):
            item = self.form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            if item and item.widget() in (self.shape_label, self.time_label, self.zone_label, self.split_label):
                self.form.setRowVisible(row, shown)
        for widget in (self.fields_title, self.fields_hint, self.fields):
            widget.setVisible(shown)

    def _take_folder(self, folder: str) -> None:
        if not self.name.text():
            self.name.setText(Path(folder).name)
        self._look()

    def _take_shape(self, index: int) -> None:
        shape = self.shape.itemData(index)
        if shape is None:
            return
        self._map_as(shape)
        self._look()
        if len(shape.lists) > 1 and self.rows.is_filled_in() and not entry_of(self._before.kind).remote:
            source, secrets = self.source(), self._found_secrets()
            self._finding.replace(
                lambda _stop, _tell: as_found(source, shape, secrets),
                lambda found: self._take_found(source, found),
            )

    def _take_found(self, looked_at: SourceSettings, shape: RecordShape) -> None:
        """Go on with the list in which such records are, unless something was changed meanwhile."""
        if self.source() == looked_at and mapped_as(looked_at, shape) != looked_at:
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
        if entry_of(self._before.kind).remote:
            told = self.tr("When all is filled in, test it and see how the first records become events.")
            self._show_nothing(told)
        elif not self.rows.is_filled_in():
            self._show_nothing(self.tr("Fill in where the records are to see how they become events."))
        else:
            self.look_now()
            return
        self._looking.forget()

    def _show_found(self, found: tuple[FirstLook, Said | None]) -> None:
        look, known = found
        self._show(look)
        if known:
            self.first_look.tell(f"{self.first_look.summary.text()}\n{spoken(known)}")

    def _show_failure(self, error: UserError) -> None:
        self._show_nothing(_sentence(error))
        if isinstance(error, (HostKeyUnknown, HostKeyChanged)):
            self.host_key_met.emit(self.source())

    def _show_nothing(self, why: str) -> None:
        self.first_look.show_nothing(why)
        self.mapping.set_example({})
        self.times.show_times([])

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
        events = look.preview.events
        self.first_look.show_found(look.preview, spoken(entry_of(self._before.kind).things_read))
        self.mapping.set_example(values_of(events[0]) if events else {})


def _sentence(error: UserError) -> str:
    return f"{spoken(error.message)} {spoken(error.hint)}".strip()
