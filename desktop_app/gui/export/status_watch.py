"""How the export stands: read and gathered on a thread of its own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import UserError
from desktop_app.gui.worker import Tell, Worker
from desktop_app.settings.effective import read_configuration
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import missing
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.actions.status import Status


@dataclass(frozen=True)
class Saved:
    """The settings that count now, and the keys of those that the organisation has set."""

    settings: Settings
    fixed: frozenset[str]

    @property
    def complete(self) -> bool:
        """Whether all is there that a connection needs."""
        return not missing(self.settings)


def read_saved(paths: Paths) -> Saved:
    """Read them from their files. Raises BadSetting and LocalDiskError."""
    now = read_configuration(paths)
    return Saved(now.settings, now.policy.keys)


class StatusWatch(QObject):
    """Each look tells the settings, `read` (Saved) or `unreadable`, and then the facts of the export with those
    settings, `gathered` (Status) or `failed`.
    """

    read = Signal(Saved)
    unreadable = Signal(UserError)
    gathered = Signal(object)
    failed = Signal(UserError)

    def __init__(self, paths: Paths, parent: QObject) -> None:
        super().__init__(parent)
        self._paths = paths
        self._worker = Worker(self)
        self._worker.progressed.connect(self._tell_read)
        self._worker.failed.connect(self.failed)

    def look(self) -> None:
        """Look now, or once more when the look that is under way has ended."""
        self._worker.follow(self._work, self._tell_gathered)

    def forget(self) -> None:
        """Tell nothing of a look that is under way: the settings are others now."""
        self._worker.forget()

    def end(self) -> None:
        """Tell nothing more: the window closes."""
        self._worker.end()

    def _work(self, _stop: Stop, tell: Tell) -> "Status | None":
        from desktop_app.actions.status import status

        try:
            saved = read_saved(self._paths)
        except UserError as error:
            tell(error)
            return None
        tell(saved)
        return status(saved.settings, self._paths)

    def _tell_read(self, found: Saved | UserError) -> None:
        if isinstance(found, Saved):
            self.read.emit(found)
        else:
            self.unreadable.emit(found)

    def _tell_gathered(self, facts: "Status | None") -> None:
        if facts:
            self.gathered.emit(facts)
