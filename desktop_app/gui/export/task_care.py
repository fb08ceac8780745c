"""What can be done about the daily task, and about where its password is kept, with how that ended in a strip."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.errors import UserError
from desktop_app.gui.export import result_strip
from desktop_app.gui.export.keeper_flow import KeeperFlow
from desktop_app.gui.export.task_flow import TaskFlow
from desktop_app.gui.formats import zone_of
from desktop_app.gui.widgets.notice import Notice
from desktop_app.settings.paths import Paths

if TYPE_CHECKING:
    from desktop_app.actions.save_settings import Saved
    from desktop_app.schedule.task_state import TaskState


class TaskCare(QObject):
    """All of it on threads of its own. The signals are for what depends on the task beyond the strip."""

    began = Signal()
    switched_off = Signal()
    failed = Signal(UserError)
    ended = Signal()

    def __init__(self, paths: Paths, strip: Notice, window: QWidget) -> None:
        super().__init__(window)
        self._paths, self._strip, self._window = paths, strip, window
        self.zone = zone_of("local")  # of the times that are shown
        self._task = TaskFlow(paths, self)
        self._task.began.connect(self.began)
        self._task.mended.connect(self._tell_mended)
        self._task.tested.connect(lambda run: result_strip.tell_task_tested(strip, run))
        self._task.switched_off.connect(self._tell_switched_off)
        self._task.failed.connect(self.failed)
        self._task.stopped.connect(lambda: result_strip.tell_task_left(strip))
        self._task.broke.connect(strip.hide)
        self._task.ended.connect(self.ended)
        self._keepers = KeeperFlow(paths, window)
        self._keepers.began.connect(lambda: result_strip.tell_trying_keepers(strip))
        self._keepers.began.connect(self.began)
        self._keepers.asked.connect(strip.hide)
        self._keepers.kept.connect(lambda protection: result_strip.tell_kept(strip, protection))
        self._keepers.failed.connect(self.failed)
        self._keepers.broke.connect(strip.hide)
        self._keepers.ended.connect(self.ended)

    @property
    def running(self) -> bool:
        """Whether the task is being set up, tested or switched off, or the password may be moved."""
        return self._task.running or self._keepers.running

    def mend(self) -> None:
        """Bring the task to what the settings want."""
        if not self.running:
            self._task.mend()

    def test(self) -> None:
        """Have the scheduler start the task now."""
        if not self.running:
            result_strip.tell_testing_task(self._strip, self._task.stop)
            self._task.test()

    def switch_off(self) -> None:
        """Save that the export is off, and remove the task."""
        if not self.running:
            self._task.switch_off()

    def choose_keeper(self) -> None:
        """Ask where the password is to be kept, and move it there."""
        if not self.running:
            self._keepers.start()

    def choose_when(self) -> None:
        """Ask whether the task is to run also while its user is signed out, and register it so."""
        from desktop_app.gui.export.signed_out_dialog import SignedOutDialog

        if not self.running:
            dialog = SignedOutDialog(self._paths, self._window)
            dialog.registered.connect(self._tell_mended)
            dialog.open()

    def end(self) -> None:
        """Tell nothing more: the window closes."""
        self._task.end()
        self._keepers.end()

    def _tell_mended(self, task: "TaskState") -> None:
        result_strip.tell_mended(self._strip, task, self.zone, self.test)

    def _tell_switched_off(self, saved: "Saved") -> None:
        result_strip.tell_switched_off(self._strip, saved.warnings)
        self.switched_off.emit()
