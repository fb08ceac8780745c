"""What other processes do: the daily task, the command line. It shows in the files of this installation."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from desktop_app.gui.worker import Worker, something_was_done
from desktop_app.settings.paths import Paths

_PAUSE_MS = 300  # after the first sign of a change, for others come with it
_SETTLED_MS = 2000  # without a change; while changes go on, they are told as often as this
_SLOWLY_MS = 10_000  # for disks that don't say what changes, as over a network
_ANYWAY_MS = 60_000  # for what no file shows: the scheduler's task, the clock

_Marks = dict[Path, tuple[int, int]]


@dataclass(frozen=True)
class _Look:
    """When each file was changed and how large it is, and what can be watched to learn of the next change."""

    marks: _Marks
    watchable: frozenset[str]


class FileWatch(QObject):
    """Tells `something_was_done` when a file of this installation was changed, made or removed."""

    def __init__(self, paths: Paths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        databases = (paths.ledger, paths.store)
        self._files = (
            *(paths.config_file, paths.policy_file, paths.secret_file, paths.credential_file, paths.night_try),
            *databases,
            *(Path(f"{database}-wal") for database in databases),
        )
        self._seen: _Marks | None = None
        self._settling = False
        self._worker = Worker(self)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._notice)
        self._watcher.directoryChanged.connect(self._notice)
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._look)
        self._slowly = QTimer(self, interval=_SLOWLY_MS)
        self._slowly.timeout.connect(self._look)
        self._anyway = QTimer(self, interval=_ANYWAY_MS)
        self._anyway.timeout.connect(something_was_done().told)
        for timer in (self._slowly, self._anyway):
            timer.start()
        self._look()

    def end(self) -> None:
        """Watch no more: the window closes."""
        for timer in (self._pause, self._slowly, self._anyway):
            timer.stop()
        self._watcher.blockSignals(True)
        self._worker.end()

    def _notice(self) -> None:
        if not self._pause.isActive():
            self._pause.start(_PAUSE_MS)

    def _look(self) -> None:
        self._worker.follow(lambda _stop, _tell: _look_at(self._files), self._compare)

    def _compare(self, look: _Look) -> None:
        unwatched = look.watchable - {*self._watcher.files(), *self._watcher.directories()}
        if unwatched and set(self._watcher.addPaths(list(unwatched))) < unwatched:
            self._notice()  # it may have been changed since it was looked at
        changed = self._seen is not None and look.marks != self._seen
        self._seen = look.marks
        if changed or self._settling:
            # The last that a run does, to let go of its lock, leaves no mark: so it is told once more.
            self._settling = changed
            something_was_done().told.emit()
        if changed:
            self._pause.start(_SETTLED_MS)


def _look_at(files: tuple[Path, ...]) -> _Look:
    """Look at them. A file without content counts as none: readers make and remove such, as `-wal`."""
    marks, watchable = {}, set()
    for file in files:
        try:
            found = file.stat()
        except OSError:
            found = None
        if found:
            watchable.add(str(file))
        if found and found.st_size:
            marks[file] = (found.st_mtime_ns, found.st_size)
        watchable.add(str(next((folder for folder in file.parents if folder.is_dir()), file.parent)))
    return _Look(marks, frozenset(watchable))
