"""Keeps the facts of the page up to date: they are gathered on a thread of their own, again and again."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from desktop_app.errors import UserError
from desktop_app.gui.worker import Worker
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.actions.facts import Facts
    from desktop_app.gui.worker import Tell

_LOOK_AGAIN = 10_000  # milliseconds, for a scheduled run that begins or ends meanwhile


class FactsWatch(QObject):
    """Each look ends with `gathered` (Facts) or `failed`; none is told that began with other settings."""

    gathered = Signal(object)
    failed = Signal(UserError)

    def __init__(self, paths: Paths, parent: QObject) -> None:
        super().__init__(parent)
        self._paths = paths
        self._settings: Settings | None = None
        self._worker: Worker | None = None
        self._again = False
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_AGAIN)
        self._clock.timeout.connect(self._look_again)

    def look(self, settings: Settings | None) -> None:
        """Look now, and every ten seconds from now on; with None, no more."""
        self._settings = settings
        if settings is None:
            self._clock.stop()
            return
        self._clock.start()
        self._again = self._worker is not None
        if self._worker:
            return

        def work(_stop: Stop, _tell: "Tell") -> "Facts":
            from desktop_app.actions.facts import gather_facts

            return gather_facts(settings, self._paths)

        worker = Worker(work, self)
        worker.succeeded.connect(lambda facts: self._tell(self.gathered, facts))
        worker.failed.connect(lambda error: self._tell(self.failed, error))
        worker.ended.connect(self._on_looked)
        self._worker = worker
        worker.start()

    def leave(self) -> None:
        """Tell nothing more: the window closes."""
        self._clock.stop()
        if self._worker:
            self._worker.leave()
            self._worker = None

    def _look_again(self) -> None:
        if not self._worker:
            self.look(self._settings)

    def _tell(self, signal: SignalInstance, what: object) -> None:
        if not self._again:
            signal.emit(what)

    def _on_looked(self) -> None:
        if self._worker:
            self._worker.deleteLater()
        self._worker = None
        if self._again:
            self.look(self._settings)
