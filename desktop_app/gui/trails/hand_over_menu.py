"""The menu by which events are handed over: as CSV, JSON or one HTML page, each with what proves it."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QLocale, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton

from desktop_app.actions.find_events import Question
from desktop_app.actions.hand_over import Form, hand_over
from desktop_app.actions.whole_history import settings_of_the_past
from desktop_app.errors import UserError
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.worker import Worker
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop
from desktop_app.trails.store.browse import Key


class Chosen(Struct, frozen=True):
    """Some events by their places, or all that a question asks for; `number` of them are shown."""

    events: Question | Sequence[Key]
    number: int


class HandOverMenu(QObject):
    """The menu of a button. `chosen` gives the events; `notice` tells what became of it."""

    def __init__(self, paths: Paths, button: QPushButton, notice: Notice, chosen: Callable[[], Chosen]) -> None:
        super().__init__(button)
        self._paths, self._button, self._notice, self._chosen = paths, button, notice, chosen
        self.worker = Worker(self)
        self.worker.failed.connect(self._tell_error)
        self.worker.stopped.connect(notice.hide)
        self.menu = QMenu(button)
        self._forms: dict[Form, QAction] = {}
        self._add("csv")
        self._add("json")
        self._add("html")
        self._stop = self.menu.addAction(self.tr("Stop"), self.worker.stop)
        self.menu.aboutToShow.connect(self._name_entries)
        button.setMenu(self.menu)

    def end(self) -> None:
        """End what is under way, and tell nothing more."""
        self.worker.end()

    def write(self, file: Path, form: Form) -> None:
        """Write the events that are chosen to a file."""
        events = self._chosen().events

        def work(stop: Stop) -> int:
            settings = settings_of_the_past(self._paths)
            language = QLocale().name().partition("_")[0]
            return hand_over(settings, self._paths, events, file, form, stop, spoken, language)

        if self.worker.start(lambda stop, _: work(stop), lambda number: self._tell(number, file)):
            self._notice.tell("muted", self.tr("Writing {path} …").format(path=file))

    def _add(self, form: Form) -> None:
        self._forms[form] = self.menu.addAction("", lambda: self._ask(form))

    def _name_entries(self) -> None:
        chosen = self._chosen()
        number = chosen.number
        if isinstance(chosen.events, Question):
            texts = {
                "csv": self.tr("All %Ln event(s) shown as CSV…", "", number),
                "json": self.tr("All %Ln event(s) shown as JSON…", "", number),
                "html": self.tr("All %Ln event(s) shown as one HTML page…", "", number),
            }
        else:
            texts = {
                "csv": self.tr("%Ln chosen event(s) as CSV…", "", number),
                "json": self.tr("%Ln chosen event(s) as JSON…", "", number),
                "html": self.tr("%Ln chosen event(s) as one HTML page…", "", number),
            }
        for form, action in self._forms.items():
            action.setText(texts[form])
            action.setEnabled(number > 0 and not self.worker.running)
        self._stop.setVisible(self.worker.running)

    def _ask(self, form: Form) -> None:
        suggested = self.tr("Audit events {day}").format(day=date.today()) + f".{form}"
        file, _ = QFileDialog.getSaveFileName(
            self._button, self.tr("Hand over events"), suggested, f"{form.upper()} (*.{form})"
        )
        if file:
            self.write(Path(file), form)

    def _tell(self, number: int, file: Path) -> None:
        self._notice.tell("ok", self.tr("%Ln event(s) handed over.", "", number), str(file))

    def _tell_error(self, error: UserError) -> None:
        self._notice.tell("bad", spoken(error.message), spoken(error.hint))
