"""*Test Connection and Save* as the page shows it: its steps, and at which field it failed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import UserError
from desktop_app.gui.export.connection_flow import ConnectionFlow
from desktop_app.gui.export.cures import cures_of
from desktop_app.gui.export.export_form import ExportForm
from desktop_app.gui.export.page_widgets import PageWidgets
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.speak import announce
from desktop_app.settings.algorithms import LIST_NAMES
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths

if TYPE_CHECKING:
    from desktop_app.actions.probe_and_save import ProbedSave
    from desktop_app.sftp.probe import ProbeReport


_NEEDED_TO_LOG_IN = (
    *("server.host", "server.user", "server.auth", "server.key_file", "server.password"),
    *(f"server.{name}" for name in LIST_NAMES),
)


class TestedSave(QObject):
    """One test at a time. After `began`, which comes again when a host key was trusted, comes `saved`, or `passed`
    where nothing was to be saved, or `ended` and what is to be said: at a field, or by `failed`, without one.
    `wants` is a cure that somebody chose: the key of a list and what is to be ticked there, or nothing for another
    test.
    """

    __test__ = False  # for pytest

    began = Signal()
    saved = Signal(object, Settings)  # ProbedSave
    passed = Signal(object)  # ProbeReport
    ended = Signal()
    failed = Signal(UserError)
    wants = Signal(str, tuple)

    def __init__(self, paths: Paths, page: PageWidgets, form: ExportForm) -> None:
        super().__init__(page)
        self._paths = paths
        self._page = page
        self._form = form
        self._connection = ConnectionFlow(paths, page)
        self._connection.began.connect(self._on_began)
        self._connection.stepped.connect(page.steps.add)
        self._connection.saved.connect(self._on_saved)
        self._connection.passed.connect(self._on_passed)
        self._connection.failed.connect(self._on_failed)
        self._connection.stopped.connect(self._on_stopped)
        self._connection.broke.connect(self._end)

    def start(self, values: Mapping[str, Any], password: str | None) -> None:
        """Test the saved settings with `values` in place of theirs, and save them if all steps pass."""
        self._form.clear_errors()
        self._connection.start(values, password)

    def start_with_fields(self, values: Mapping[str, Any]) -> None:
        """The same with what the fields have, unless that can't be right: then say so at the fields."""
        self._form.clear_errors()
        if problems := self._form.problems():
            self._tell_wrong_fields(problems)
        else:
            self._connection.start({**self._form.changed_values(), **values}, self._form.password.typed())

    def test(self) -> None:
        """Test what is saved, and save nothing."""
        self._form.clear_errors()
        self._connection.test()

    def browse(self) -> None:
        """Choose the path among the folders of the server that the fields name, unless that can't be right."""
        from desktop_app.gui.export.browse_dialog import BrowseDialog

        self._form.clear_errors()
        if problems := [each for each in self._form.problems() if each.field in _NEEDED_TO_LOG_IN]:
            self._tell_wrong_fields(problems)
            return
        server = self._form.read().server
        dialog = BrowseDialog(server, self._paths, self._form.password.typed(), self._page.window())
        dialog.accepted.connect(lambda: self._form.set_path(dialog.chosen))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def stop(self) -> None:
        """End the test; `ended` follows."""
        self._connection.stop()

    def end(self) -> None:
        """End the test and tell nothing more: the window closes."""
        self._connection.end()

    def _tell_wrong_fields(self, problems: Sequence[UserError]) -> None:
        for problem in reversed(problems):  # the first gets the focus
            if not self._form.show_error(problem):
                self.failed.emit(problem)
        self._reveal(problems[0])
        labels = [self._form.field(each.field).accessibleName() for each in problems if each.field]
        told = self.tr("Not tested yet. To be fixed: {fields}").format(fields=", ".join(labels))
        announce(self._page, told, urgent=True)

    def _on_began(self) -> None:
        self._page.result.hide()
        self._page.steps.begin()
        self.began.emit()

    def _on_saved(self, result: "ProbedSave", after: Settings) -> None:
        self._page.steps.end()
        self.saved.emit(result, after)
        self._form.show_offers(result.report.server_offers)

    def _on_passed(self, report: "ProbeReport") -> None:
        self._page.steps.end()
        self.passed.emit(report)
        self._form.show_offers(report.server_offers)

    def _on_stopped(self) -> None:
        self._end()
        self._page.result.tell("muted", self.tr("The test was stopped. Nothing was saved."))

    def _on_failed(self, error: UserError, report: "ProbeReport | None") -> None:
        self._end()
        self._form.show_offers(report.server_offers if report else None)
        cures = cures_of(error, self.wants.emit, lambda: self.wants.emit("", ()))
        if self._form.show_error(error, *cures):
            self._reveal(error)
            announce(self._page, f"{spoken(error.message)} {spoken(error.hint)}", urgent=True)
        else:
            self.failed.emit(error)

    def _end(self) -> None:
        self._page.steps.end()
        self.ended.emit()

    def _reveal(self, error: UserError) -> None:
        if message := self._form.message(error.field):
            self._page.reveal(message)
