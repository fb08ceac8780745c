"""The page *Audit Trails*: the export form, how the export stands, and *Export now*."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from desktop_app.errors import UserError
from desktop_app.gui.export.algorithm_list import AlgorithmList
from desktop_app.gui.export.connection_flow import ConnectionFlow
from desktop_app.gui.export.export_flow import ExportFlow
from desktop_app.gui.export.export_form import ExportForm
from desktop_app.gui.export.failure_address import FailureAddress
from desktop_app.gui.export.run_progress import RunProgress
from desktop_app.gui.export.setting_texts import setting_help, setting_label
from desktop_app.gui.export.status_tiles import show_facts
from desktop_app.gui.export.status_watch import FactsWatch
from desktop_app.gui.export.task_care import TaskCare
from desktop_app.gui.language import spoken
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets import result_strip
from desktop_app.gui.widgets.bar_end import end_with_fields
from desktop_app.gui.widgets.button_row import Choice
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.columns import Columns
from desktop_app.gui.widgets.discard_question import ask_to_discard
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.gui.widgets.problem_strip import show_problem, show_problems, show_unreadable
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.steps_strip import StepsStrip
from desktop_app.gui.widgets.switch import Switch
from desktop_app.gui.widgets.theme import icon, set_role
from desktop_app.gui.widgets.tile import Tile
from desktop_app.settings.effective import load_settings
from desktop_app.settings.file import put_aside
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.policy import policy_keys
from desktop_app.settings.validation import missing

if TYPE_CHECKING:
    from desktop_app.actions.facts import Facts
    from desktop_app.actions.test_and_save import TestedSave
    from desktop_app.export.exporter import RunResult
    from desktop_app.sftp.probe import TestReport

_WIDEST = 130  # characters
_LABELLED = ("format", "version", "device_vendor", "device_product", "host", "path", "instance", "failure_address")
_CUSTOM = (
    *(AlgorithmList, ChoiceBox, Columns, FailureAddress, FieldMessage, Notice, PasswordEdit),
    *(RunProgress, StepsStrip, Switch, Tile),
)


class ExportPage(QWidget):
    """Locked once it is configured; *Edit* unlocks. `saved` tells other pages that the settings are others now."""

    saved = Signal()

    scroll_area: QScrollArea
    content: QWidget
    title: QLabel
    enabled_label: QLabel
    enabled: Switch
    problem: Notice
    result: Notice
    last_export: Tile
    next_export: Tile
    waiting: Tile
    run_progress: RunProgress
    export_now: QPushButton
    form: QWidget
    fields: QGridLayout
    more_grid: QGridLayout
    bar_items: QHBoxLayout
    algorithms: Columns
    key_exchange_column: QWidget
    ciphers_column: QWidget
    hmac_column: QWidget
    key_exchange_message: FieldMessage
    ciphers_message: FieldMessage
    hmac_message: FieldMessage
    offered_legend: QLabel
    more: QPushButton
    tells_failures: FailureAddress
    steps: StepsStrip
    bar: QWidget
    tiles: QWidget
    cancel: QPushButton
    edit: QPushButton
    test_and_save: QPushButton

    def __init__(self, paths: Paths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths = paths
        load_ui("export_page", self, *_CUSTOM)
        self._settings = Settings()
        self._fixed: frozenset[str] = frozenset()
        self._readable = True
        self._editing = False
        self._facts: Facts | None = None
        self._form = ExportForm(self)
        self._connection = ConnectionFlow(paths, self)
        self._export = ExportFlow(paths, self)
        self._task = TaskCare(paths, self.result, self)
        self._watch = FactsWatch(paths, self)
        self._dress()
        self._connect()
        self._read()

    def refresh(self) -> None:
        """Show what is so now; what is being typed stays."""
        if not self._busy:
            self._read_unless_typing()
        QTimer.singleShot(0, self._look)  # the window comes first

    # What is shown when

    def _dress(self) -> None:
        self.algorithms.set_columns(
            (self.key_exchange_column, self.key_exchange_message),
            (self.ciphers_column, self.ciphers_message),
            (self.hmac_column, self.hmac_message),
        )
        self.offered_legend.hide()
        self.last_export.set_caption(self.tr("Last export"))
        self.next_export.set_caption(self.tr("Next export"))
        self.waiting.set_caption(self.tr("Waiting"))
        self.waiting.add_below(self.export_now)
        self.tiles.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.more.setIcon(icon("chevron-right", "accent"))
        self.more.toggled.connect(
            lambda shown: self.more.setIcon(icon("chevron-down" if shown else "chevron-right", "accent"))
        )
        label = setting_label("enabled")
        self.enabled_label.setText(label)
        self.enabled.setAccessibleName(label.replace("&", ""))
        self.enabled.setAccessibleDescription(setting_help("enabled"))
        self.content.setMaximumWidth(self.fontMetrics().averageCharWidth() * _WIDEST)
        self._align_labels()
        end_with_fields(self.bar_items, self.scroll_area)
        self.offered_legend.setText(self.tr("A tick in a circle: this server offers it."))

    def _align_labels(self) -> None:
        """One column of labels, also below *More*."""
        labels = [self.findChild(QLabel, f"{name}_label") for name in _LABELLED]
        widest = max(label.sizeHint().width() for label in labels if label)
        for grid in (self.fields, self.more_grid):
            grid.setColumnMinimumWidth(0, widest)

    def _connect(self) -> None:
        self.edit.clicked.connect(self._begin_editing)
        self.cancel.clicked.connect(self._cancel)
        self.test_and_save.clicked.connect(self._test_and_save)
        self.export_now.clicked.connect(self._export.start)
        self.enabled.clicked.connect(self._switch)
        self._form.changed.connect(self._update)
        self._connection.began.connect(self._on_test_began)
        self._connection.stepped.connect(self.steps.add)
        self._connection.saved.connect(self._on_saved)
        self._connection.failed.connect(self._on_test_failed)
        self._connection.stopped.connect(self._on_test_stopped)
        self._connection.broke.connect(self._end_test)
        self._export.began.connect(self._on_export_began)
        self._export.progressed.connect(self.run_progress.show_progress)
        self._export.ended.connect(self._on_export_ended)
        self._export.failed.connect(self._on_export_failed)
        self._export.broke.connect(self._end_export)
        self._task.began.connect(self._update)
        self._task.switched_off.connect(self.saved)
        self._task.failed.connect(self._tell_error)
        self._task.ended.connect(self._on_task_ended)
        self._watch.gathered.connect(self._on_facts)
        self._watch.failed.connect(lambda error: show_problem(self.problem, error))
        self.more.clicked.connect(lambda: self.tells_failures.look(self.paths))
        self.run_progress.stopAsked.connect(self._export.stop)

    @property
    def _busy(self) -> bool:
        return self._connection.running or self._task.running

    @property
    def _configured(self) -> bool:
        return not missing(self._settings)

    @property
    def _typing(self) -> bool:
        """Whether the fields may have what is not saved: after *Edit*, or in a first configuration."""
        return self._editing or (self._readable and not self._configured and self._form.is_changed)

    def _update(self) -> None:
        """Bring buttons and locks in line with what is going on."""
        testing = self._connection.running
        locked = self._configured and not self._editing
        if testing:
            self._form.freeze()
        else:
            self._form.set_locked(locked)
        for widget in (self.tiles, self.form, self.bar):
            widget.setVisible(self._readable)
        self.edit.setVisible(locked and not testing)
        changed = self._form.is_changed
        self.cancel.setVisible(testing or (not locked and (self._configured or changed)))
        self.test_and_save.setVisible(not locked and not testing)
        self.test_and_save.setEnabled(not self._busy)
        self.enabled.setEnabled(self._readable and not self._busy and "enabled" not in self._fixed)
        elsewhere = self._facts is not None and self._facts.overview.running and not self._export.running
        running = elsewhere or self._export.running
        self.export_now.setEnabled(locked and not self._busy and not running)
        set_role(self.test_and_save, "" if locked else "primary")
        set_role(self.export_now, "primary" if locked else "")

    # Reading

    def _read(self) -> None:
        """Show the settings as they are saved."""
        try:
            self._settings, self._fixed = load_settings(self.paths), policy_keys(self.paths)
            self._readable = True
        except UserError as error:
            self._settings, self._readable = Settings(), False
            show_unreadable(self.problem, error, self.paths, self.refresh, self._begin_anew)
        self._form.show(self._settings, self._fixed)
        self.enabled.setChecked(self._settings.enabled)
        self._update()

    def _read_unless_typing(self) -> None:
        if self._typing:
            self._take_saved()
        else:
            self._read()

    def _take_saved(self) -> None:
        """Show what was saved meanwhile; what was changed in the fields stays, and so does the switch."""
        with suppress(UserError):
            was_on, self._settings = self._settings.enabled, load_settings(self.paths)
            if self.enabled.isChecked() == was_on:
                self.enabled.setChecked(self._settings.enabled)
            self._form.show_beside_changes(self._settings)
            self._editing = self._configured  # also where the first configuration was made elsewhere
        self._update()

    def _begin_anew(self) -> None:
        try:
            kept = put_aside(self.paths.config_file)
        except UserError as error:
            self._tell_error(error)
            return
        self.problem.hide()
        self.refresh()
        self.result.tell("ok", self.tr("The old settings are in {file}.").format(file=kept))

    def _look(self) -> None:
        """Have the facts gathered."""
        self._watch.look(self._settings if self._readable else None)

    def _on_facts(self, facts: "Facts") -> None:
        self._facts = facts
        show_facts(facts, self.last_export, self.next_export, self.waiting)
        elsewhere = (self.tr("Keep it elsewhere"), self._choose_keeper)
        self._form.set_password_kept(facts.password is not None, self._where_password_is(facts), elsewhere)
        if self._readable:
            show_problems(self.problem, facts, self._task.mend, self._choose_keeper)
        self._update()

    def _where_password_is(self, facts: "Facts") -> str:
        if not facts.password:
            return ""
        where = self.tr("It is in {place}: {protection}").format(
            place=spoken(facts.password.name), protection=spoken(facts.password.explains)
        )
        if facts.night and facts.night.readable:
            return f"{where}\n" + self.tr("The daily export can read it while you are logged out.")
        return where

    # Editing

    def _begin_editing(self) -> None:
        self._read()
        self._editing = True
        self.result.hide()
        self.steps.hide()
        self._update()
        self._form.field("server.host").setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancel(self) -> None:
        if self._connection.running:
            self._connection.stop()
            return
        self._editing = False
        self._form.password.clear()
        self.steps.hide()
        self._read()
        self._first().setFocus()

    def _first(self) -> QWidget:
        """Where the keyboard is when nothing was chosen yet."""
        if not self._readable:
            return self.problem.first_button or self.problem
        return self.edit if self._configured else self._form.field("server.host")

    def _switch(self, on: bool) -> None:
        """OFF counts at once. ON is tested first; while other fields are being changed, together with them."""
        if not on and self._settings.enabled:
            self._task.switch_off()
        elif on and self._configured and not self._editing:
            self._form.clear_errors()
            self._connection.start(lambda saved: structs.replace(saved, enabled=True), None)
        self._update()

    # Testing and saving

    def _test_and_save(self) -> None:
        if self._busy:
            return
        self._form.clear_errors()
        problems = self._form.problems()
        for problem in reversed(problems):  # the first gets the focus
            if not self._form.show_error(problem):
                self._tell_error(problem)
        if problems:
            self._tell_wrong_fields(problems)
            return
        on = self.enabled.isChecked()
        turned = on != self._settings.enabled

        def change(saved: Settings) -> Settings:
            return structs.replace(self._form.read(saved), enabled=on if turned else saved.enabled)

        self._connection.start(change, self._form.password.typed())

    def _tell_wrong_fields(self, problems: Sequence[UserError]) -> None:
        self._reveal(problems[0])
        labels = [self._form.field(each.field).accessibleName() for each in problems if each.field]
        announce(
            self, self.tr("Not tested yet. To be mended: {fields}").format(fields=", ".join(labels)), urgent=True
        )

    def _reveal(self, error: UserError) -> None:
        """Scroll to what is said of an error, once it has its place."""
        if message := self._form.message(error.field):
            QTimer.singleShot(0, message, lambda: self.scroll_area.ensureWidgetVisible(message))

    def _on_test_began(self) -> None:
        self.result.hide()
        self.steps.begin()
        self._update()
        self.cancel.setFocus()

    def _on_test_stopped(self) -> None:
        self._end_test()
        self.result.tell("muted", self.tr("The test was stopped. Nothing was saved."))

    def _on_test_failed(self, error: UserError, report: "TestReport | None") -> None:
        self._end_test()
        self._form.show_offers(report.server_offers if report else None)
        if self._form.show_error(error, *self._cures(error)):
            self._reveal(error)
            announce(self, f"{spoken(error.message)} {spoken(error.hint)}", urgent=True)
        else:
            self._tell_error(error)

    def _end_test(self) -> None:
        self.steps.end()
        self._read_unless_typing()

    def _cures(self, error: UserError) -> list[Choice]:
        from desktop_app.sftp.errors import HostKeyChanged, HostKeyUnknown, NoCommonAlgorithm

        if isinstance(error, NoCommonAlgorithm) and error.matching and error.field:
            key, names = error.field, error.matching
            return [(self.tr("Select what the server offers"), lambda: self._select(key, names))]
        if isinstance(error, HostKeyUnknown | HostKeyChanged):
            return [(self.tr("Compare the fingerprint"), self._test_and_save)]
        return []

    def _select(self, key: str, names: tuple[str, ...]) -> None:
        if not self._editing and self._configured:
            self._editing = True
        self._update()
        self._form.tick(key, names)
        self.test_and_save.setFocus()

    def _on_saved(self, result: "TestedSave", after: Settings) -> None:
        self._editing = False
        self.steps.end()
        self._facts = None
        self._read()
        self._form.set_password_kept(True, "")
        self._form.show_offers(result.report.server_offers)
        result_strip.tell_saved(
            self.result, after, result.task, self.enabled.click, self._task.test, result.report.warnings
        )
        self.edit.setFocus()
        self._look()
        self.saved.emit()

    # The daily task

    def _choose_keeper(self) -> None:
        if not self._busy:  # a test may be about to save another password
            self._task.choose_keeper()

    def _on_task_ended(self) -> None:
        self._read_unless_typing()
        self._look()

    def _tell_error(self, error: UserError) -> None:
        choices: list[Choice] = []
        if self._configured and not self._editing and self._form.has(error.field):
            choices.append((self.tr("Mend it in the form"), lambda: self._mend(error)))
        result_strip.tell_error(self.result, error, choices)

    def _mend(self, error: UserError) -> None:
        self._begin_editing()
        self._form.show_error(error)
        self._reveal(error)

    # Exporting

    def _on_export_began(self) -> None:
        self.result.hide()
        self.run_progress.begin()
        self._update()

    def _on_export_ended(self, result: "RunResult") -> None:
        self._end_export()
        if result.error:
            self._tell_error(result.error)
        else:
            result_strip.tell_exported(self.result, result)

    def _on_export_failed(self, error: UserError) -> None:
        self._end_export()
        self._tell_error(error)

    def _end_export(self) -> None:
        self.run_progress.end()
        self._update()
        self._look()

    # Keys and closing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.cancel.isVisible():
            self.cancel.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            if isinstance(focused, QAbstractButton):
                focused.click()
            elif self.test_and_save.isVisible():
                self.test_and_save.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to where one begins. (A focus proxy would have Tab pass over what comes before it.)"""
        self._first().setFocus(event.reason())

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._editing_unsaved():
            event.ignore()
            ask_to_discard(self.window(), self._discard)
        else:
            event.accept()

    def leave(self) -> None:
        """End what is under way, and tell nothing more."""
        for flow in (self._connection, self._export, self._task, self._watch, self.tells_failures):
            flow.leave()

    def _editing_unsaved(self) -> bool:
        return self._readable and not self._connection.running and self._form.is_changed

    def _discard(self) -> None:
        self._cancel()
        self.window().close()
