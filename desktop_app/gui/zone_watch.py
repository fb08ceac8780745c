"""The time zone of all times in the window: that of the export, in which its days begin."""

from PySide6.QtCore import QObject, Signal

from desktop_app.gui.formats import zone_name, zone_of
from desktop_app.gui.worker import Tell, Worker
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop


class ZoneWatch(QObject):
    """`told` brings its name (UTC, Europe/Berlin) after each look."""

    told = Signal(str)

    def __init__(self, paths: Paths, parent: QObject) -> None:
        super().__init__(parent)
        self._paths = paths
        self._worker = Worker(self)

    def look(self) -> None:
        """Find out, on a thread of its own."""

        def work(_stop: Stop, _tell: Tell) -> str:
            from desktop_app.actions.whole_history import settings_of_the_past

            return settings_of_the_past(self._paths).export.timezone

        self._worker.follow(work, lambda zone: self.told.emit(zone_name(zone_of(zone))))
