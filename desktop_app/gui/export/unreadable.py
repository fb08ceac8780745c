"""Settings that can't be read, and the ways out that keep their file."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desktop_app.errors import UserError
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.button_row import Choice
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.worker import Worker
from desktop_app.settings.file import put_aside
from desktop_app.settings.paths import Paths


def _tr(text: str) -> str:
    return QCoreApplication.translate("ProblemStrip", text)


class Unreadable(QObject):
    """Told in `strip`. The choices are to have them read `again`, to open the file, and to begin anew: then the
    file is `kept` under another name, or that `failed`.
    """

    again = Signal()
    kept = Signal(object)  # Path
    failed = Signal(UserError)

    def __init__(self, paths: Paths, strip: Notice, parent: QObject) -> None:
        super().__init__(parent)
        self._paths = paths
        self._strip = strip
        self._worker = Worker(self)
        self._worker.failed.connect(self.failed)

    def tell(self, error: UserError) -> None:
        """Say why they can't be read."""
        file = QUrl.fromLocalFile(str(self._file_with(error)))
        choices: list[Choice] = [
            (_tr("Read it again"), self.again.emit),
            (_tr("Open the file"), lambda: QDesktopServices.openUrl(file)),
        ]
        if str(self._paths.config_file) in error.message:
            choices.append((_tr("Keep the file and start over"), self.begin_anew))
        self._strip.tell("bad", spoken(error.message), spoken(error.hint), choices, stays=True)

    def begin_anew(self) -> None:
        """Give the file another name, so that there are no settings."""
        self._worker.start(lambda _stop, _tell: put_aside(self._paths.config_file), self.kept.emit)

    def end(self) -> None:
        """Tell nothing more: the window closes."""
        self._worker.end()

    def _file_with(self, error: UserError) -> Path:
        """The file that can't be read: the organisation's, or the user's own."""
        policy = self._paths.policy_file
        return policy if str(policy.parent) in error.message else self._paths.config_file
