"""The page *Export*: the export form, how the export stands, and *Export now*."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import structs
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QFocusEvent
from PySide6.QtWidgets import QWidget

from desktop_app.errors import BadSetting, UserError
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.export import page_parts, result_strip
from desktop_app.gui.export.closing import Closing
from desktop_app.gui.export.export_flow import ExportFlow
from desktop_app.gui.export.export_form import ExportForm
from desktop_app.gui.export.helping import Deeds
from desktop_app.gui.export.mode import LOOKS, NOT_BESIDE_OTHER_WORK, Fields, Mode, show_look
from desktop_app.gui.export.overview_part import OverviewPart
from desktop_app.gui.export.page_widgets import PageWidgets
from desktop_app.gui.export.password_place import where_password_is
from desktop_app.gui.export.problem_strip import show_problem
from desktop_app.gui.export.status_watch import Saved, StatusWatch, read_saved
from desktop_app.gui.export.task_care import TaskCare
from desktop_app.gui.export.tested_save import TestedSave
from desktop_app.gui.export.unreadable import Unreadable
from desktop_app.gui.formats import zone_of
from desktop_app.gui.widgets.button_row import Choice
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said

if TYPE_CHECKING:
    from desktop_app.actions.probe_and_save import ProbedSave
    from desktop_app.actions.standing import Standing
    from desktop_app.actions.status import Status
    from desktop_app.gui.window import MainWindow
    from desktop_app.sftp.probe import ProbeReport

_HISTORY, _SOURCES = 1, 3  # their places in the sidebar


class ExportPage(PageWidgets):
    """Locked once it is configured; *Edit* unlocks."""

    def __init__(self, paths: Paths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths = paths
        self._saved = Saved(Settings(), frozenset())
        self._mode = self._tested_from = Mode.NEW
        self._facts: Status | None = None
        self._form = ExportForm(self)
        self._test = TestedSave(paths, self, self._form)
        self._export = ExportFlow(paths, self.run_progress, self.result, self)
        self._task = TaskCare(paths, self.result, self)
        self._overview = OverviewPart(self, self._deeds, self._form.has)
        self._tested_ms: int | None = None
        self._closing = Closing(self, self._export, self._discard)
        self._watch = StatusWatch(paths, self)
        self._unreadable = Unreadable(paths, self.problem, self)
        page_parts.finish(self)
        self._connect()
        try:  # here and now, so that the window comes up with them
            self._show_saved(read_saved(paths))
        except UserError as error:
            self._show_unreadable(error)

    def refresh(self) -> None:
        """Show what is so now; what is being typed stays."""
        QTimer.singleShot(0, self._watch.look)  # the window comes first

    def _connect(self) -> None:
        self.standing.putOff.connect(self._put_off)
        self.edit.clicked.connect(lambda: self._begin_editing())
        self.standing.details.connect(lambda: self._show_room(_HISTORY))
        self.cancel.clicked.connect(self._cancel)
        self.browse.clicked.connect(self._test.browse)
        self.test_connection.clicked.connect(self._test.test)
        self.summary.show_all.toggled.connect(self._update)
        self.test_and_save.clicked.connect(self._probe_and_save)
        self.export_now.clicked.connect(self._export.start)
        self.enabled.clicked.connect(self._switch)
        self._form.changed.connect(self._update)
        self._test.began.connect(self._on_test_began)
        self._test.saved.connect(self._on_saved)
        self._test.passed.connect(self._on_passed)
        self._test.ended.connect(self._on_test_ended)
        self._test.failed.connect(self._tell_error)
        self._test.wants.connect(self._cure)
        self._export.began.connect(self._update)
        self._export.failed.connect(self._tell_error)
        self._export.ended.connect(self._on_export_ended)
        self.task_runs.choose.connect(self._task.choose_when)
        self._task.began.connect(self._update)
        self._task.switched_off.connect(self._on_switched_off)
        self._task.failed.connect(self._tell_error)
        self._task.ended.connect(self._on_task_ended)
        self._watch.read.connect(self._on_read)
        self._watch.unreadable.connect(self._on_unreadable)
        self._watch.gathered.connect(self._on_facts)
        self._watch.failed.connect(lambda error: show_problem(self.problem, error))
        self._unreadable.again.connect(self.refresh)
        self._unreadable.kept.connect(self._on_kept)
        self._unreadable.failed.connect(self._tell_error)
        self._watch.read.connect(lambda _: self.tells_failures.look(self.paths))

    # What is shown when

    @property
    def _busy(self) -> bool:
        return self._mode is Mode.TESTING or self._task.running

    @property
    def _typing(self) -> bool:
        """Whether the fields may have what is not saved: after *Edit*, or in a first configuration."""
        return self._mode is Mode.EDITING or (self._mode is Mode.NEW and self._form.is_changed)

    @property
    def _is_locked(self) -> bool:
        """Whether the settings are shown as they are saved, also while they are being tested."""
        return (self._tested_from if self._mode is Mode.TESTING else self._mode) is Mode.SHOWN

    def _enter(self, mode: Mode) -> None:
        self._mode = mode
        self._update()

    def _update(self) -> None:
        """Bring what is seen and can be used in line with the mode, and with what else is under way."""
        look = LOOKS[self._mode]
        if look.fields is Fields.FROZEN:
            self._form.freeze()
        else:
            self._form.set_locked(look.fields is Fields.LOCKED)
        show_look(
            look,
            self,
            changed=self._form.is_changed,
            helps=self._overview.helps,
            exports=self._is_locked and self._overview.may_export,
            folded=self._is_locked and not self.summary.show_all.isChecked(),
            in_use=self._in_use(),
        )
        self.summary.setVisible(self._is_locked)
        is_new = self.enabled.isChecked() != self._saved.settings.enabled
        self.enabled_note.setVisible(is_new and not self._is_locked)

    def _in_use(self) -> frozenset[str]:
        """What can't be used now for other reasons than the mode."""
        if self._task.running:
            return NOT_BESIDE_OTHER_WORK
        exporting = self._export.running or (self._facts is not None and self._facts.overview.running)
        fixed = "enabled" in self._saved.fixed
        return frozenset(name for name, taken in (("export_now", exporting), ("enabled", fixed)) if taken)

    # Reading

    def _on_read(self, saved: Saved) -> None:
        if self._busy or (saved == self._saved and self._mode is not Mode.UNREADABLE):
            return
        if self._typing:
            self._show_beside_changes(saved)
        else:
            self._show_saved(saved)

    def _show_saved(self, saved: Saved) -> None:
        """Show the settings as they are saved."""
        self._saved = saved
        self._mode = Mode.SHOWN if saved.complete else Mode.NEW
        self._form.show(saved.settings, saved.fixed)
        self.summary.show_settings(saved.settings)
        self._task.zone = zone_of(saved.settings.export.timezone)
        self.enabled.setChecked(saved.settings.enabled)
        self._update()

    def _show_beside_changes(self, saved: Saved) -> None:
        """Show what was saved meanwhile; what was changed in the fields stays, and so does the switch."""
        was_on, self._saved = self._saved.settings.enabled, saved
        if self.enabled.isChecked() == was_on:
            self.enabled.setChecked(saved.settings.enabled)
        self._form.show_beside_changes(saved.settings)
        # Also where the first configuration was made elsewhere.
        self._enter(Mode.EDITING if saved.complete else Mode.NEW)

    def _on_unreadable(self, error: UserError) -> None:
        if not self._busy and not self._typing:
            self._show_unreadable(error)

    def _show_unreadable(self, error: UserError) -> None:
        self._show_saved(Saved(Settings(), frozenset()))
        self._enter(Mode.UNREADABLE)
        self._unreadable.tell(error)

    def _on_kept(self, file: Path) -> None:
        self.problem.hide()
        self._show_saved(Saved(Settings(), frozenset()))
        self.result.tell("ok", self.tr("The old settings are in {file}.").format(file=file))

    def _on_facts(self, facts: "Status") -> None:
        self._facts = facts
        if self._mode is not Mode.UNREADABLE:
            self._overview.show(facts, self._task.zone, self._tested_ms, busy=self._busy or self._export.running)
        self.task_runs.show_task(facts.task)
        by_another = facts.overview.enabled and facts.task.is_left_to_another
        self.summary.show_settings(self._saved.settings, by_another=by_another)
        elsewhere = (self.tr("Keep it elsewhere"), self._choose_keeper)
        self._form.set_password_kept(bool(where_password_is(facts)), where_password_is(facts), elsewhere)
        self._update()

    # What helps

    def _deeds(self) -> Deeds:
        from desktop_app.actions.standing import Act

        return {
            Act.CONFIGURE: lambda _: self._configure(),
            Act.ENTER_PASSWORD: lambda _: self._begin_editing("server.password"),
            Act.FIX_FIELD: self._fix_what_failed,
            Act.CHECK_HOST_KEY: lambda _: self._test.test(),
            Act.CHOOSE_SOURCE: lambda _: self._show_room(_SOURCES),
            Act.LOOK_AT_SOURCES: lambda _: self._show_room(_SOURCES),
            Act.SWITCH_ON: lambda _: self.enabled.click(),
            Act.FIX_TASK: lambda _: self._task.mend(),
            Act.TYPE_WINDOWS_PASSWORD: lambda _: self._task.choose_when(),
            Act.CHOOSE_KEEPER: lambda _: self._choose_keeper(),
        }

    def _configure(self) -> None:
        if self._mode is Mode.NEW:
            self._form.field("server.host").setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._begin_editing()

    def _put_off(self) -> None:
        self._overview.put_off()
        if self._facts:
            self._on_facts(self._facts)

    def _fix_what_failed(self, standing: "Standing") -> None:
        run = self._facts.overview.last_run if self._facts else None
        if run and run.message:
            self._fix(BadSetting(cast(Said, run.message), cast(Said, run.hint or ""), field=standing.field))

    def _show_room(self, place: int) -> None:
        cast("MainWindow", self.window()).show_page(place)

    # Editing

    def _begin_editing(self, key: str = "server.host") -> None:
        self._show_saved(self._saved)
        self._enter(Mode.EDITING)
        self.result.hide()
        self.steps.hide()
        self._form.field(key).setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancel(self) -> None:
        if self._mode is Mode.TESTING:
            self._test.stop()
            return
        self._form.password.clear()
        self.steps.hide()
        self._show_saved(self._saved)
        self._first().setFocus()

    def _first(self) -> QWidget:
        """Where the keyboard is when nothing was chosen yet."""
        if self._mode is Mode.UNREADABLE:
            return self.problem.first_button or self.problem
        return self._form.field("server.host") if self._mode is Mode.NEW else self.edit

    def _switch(self, on: bool) -> None:
        """OFF counts at once. ON is tested first; while other fields are being changed, together with them."""
        if not on and self._saved.settings.enabled:
            self._task.switch_off()
        elif on and self._mode is Mode.SHOWN:
            self._test.start({"enabled": True}, None)
        self._update()

    # Testing and saving

    def _probe_and_save(self) -> None:
        if self._busy:
            return
        on = self.enabled.isChecked()
        self._test.start_with_fields({"enabled": on} if on != self._saved.settings.enabled else {})

    def _on_test_began(self) -> None:
        if self._mode is not Mode.TESTING:  # a new host key was trusted, and the test goes on
            self._tested_from = self._mode
        self._enter(Mode.TESTING)
        self.cancel.setFocus()

    def _on_test_ended(self) -> None:
        self._enter(self._tested_from)
        if not self._typing:
            self._show_saved(self._saved)

    def _cure(self, key: str, names: tuple[str, ...]) -> None:
        if not key:
            self._probe_and_save()
            return
        if self._mode is Mode.SHOWN:
            self._enter(Mode.EDITING)
        self._form.tick(key, names)
        self.test_and_save.setFocus()

    def _on_saved(self, result: "ProbedSave", after: Settings) -> None:
        self._watch.forget()
        self._facts, self._tested_ms = None, int(time.time() * 1000)
        self._show_saved(Saved(after, self._saved.fixed))
        self._form.set_password_kept(True, "")
        task, warnings = (result.saved.task, result.saved.warnings) if result.saved else (None, ())
        result_strip.tell_saved(self.result, after, task, self._task, [*result.report.warnings, *warnings])
        self.edit.setFocus()

    def _on_passed(self, report: "ProbeReport") -> None:
        self._watch.forget()
        self._tested_ms = int(time.time() * 1000)
        self._on_test_ended()
        result_strip.tell_tested(self.result, report.warnings)
        self.test_connection.setFocus()

    # The daily task

    def _choose_keeper(self) -> None:
        if not self._busy:  # a test may be about to save another password
            self._task.choose_keeper()

    def _on_switched_off(self) -> None:
        self._watch.forget()
        self._saved = Saved(structs.replace(self._saved.settings, enabled=False), self._saved.fixed)

    def _on_export_ended(self) -> None:
        self._watch.forget()  # what it saw may be from before the end
        self._update()

    def _on_task_ended(self) -> None:
        self._watch.forget()
        if not self._typing:
            self.enabled.setChecked(self._saved.settings.enabled)
        self._update()

    def _tell_error(self, error: UserError) -> None:
        choices: list[Choice] = []
        if self._mode is Mode.SHOWN and self._form.has(error.field):
            choices.append((self.tr("Fix it in the form"), lambda: self._fix(error)))
        result_strip.tell_error(self.result, error, choices)

    def _fix(self, error: UserError) -> None:
        self._begin_editing()
        self._form.show_error(error)
        if message := self._form.message(error.field):
            self.reveal(message)

    # Focus and closing

    @called_by_qt
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to where one begins. (A focus proxy would have Tab pass over what comes before it.)"""
        self._first().setFocus(event.reason())

    @called_by_qt
    def closeEvent(self, event: QCloseEvent) -> None:
        typed = self._mode in (Mode.NEW, Mode.EDITING) and self._form.is_changed
        event.setAccepted(not self._closing.asks(typed=typed))

    def end(self) -> None:
        """End what is under way, and tell nothing more."""
        flows = (self._test, self._export, self._task, self._watch, self._unreadable, self.tells_failures)
        for flow in flows:
            flow.end()

    def _discard(self) -> None:
        self._cancel()
        self.window().close()
