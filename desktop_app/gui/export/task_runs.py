"""When the daily task runs, in one line of the form."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, INSIDE, set_role

if TYPE_CHECKING:
    from desktop_app.schedule.task_state import TaskState


class TaskRuns(QWidget):
    """Only while its user is signed in, or also while not; `choose`: its user, who may, wants to choose that."""

    choose = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel("…", self)
        self._text.setObjectName("task_runs_text")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._choose = QPushButton(self)
        self._choose.setObjectName("choose_when_task_runs")
        set_role(self._choose, "link")
        self._choose.clicked.connect(self.choose)
        self._choose.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(BETWEEN + INSIDE, 0, 0, 0)  # as far in as the fields' texts
        layout.setSpacing(BETWEEN)
        layout.addWidget(self._text)
        layout.addWidget(self._choose)
        layout.addStretch(1)

    def show_task(self, task: "TaskState") -> None:
        """Say it of a task."""
        self._text.setText(self._words(task))
        set_role(self._text, "" if task.installed else "muted")
        self._choose.setVisible(task.installed and task.may_run_signed_out)
        self._choose.setText(
            self.tr("Run also while I am signed out") if task.only_signed_in else self.tr("Change")
        )
        self._choose.setAccessibleName(self.tr("Choose whether the daily task runs also while you are signed out"))

    def _words(self, task: "TaskState") -> str:
        if not task.is_known:
            return self.tr("Not known now")
        if not task.installed:
            return self.tr("Set up once the export is on")
        if task.only_signed_in:
            return self.tr("Runs only while you are signed in")
        return self.tr("Runs also while you are signed out")
