"""Walks one window through all states, as a user would, and takes a picture of each."""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from desktop_app.gui.language import speak
from desktop_app.gui.widgets.theme import choose_scheme
from desktop_app.schedule import daily_task
from desktop_app.schedule.spread import own_moment
from desktop_app.schedule.task_state import TaskState
from desktop_app.schedule.time_of_day import next_time
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths, find_paths
from tests.screenshots import dialog_states, export_states, first_states, page_states
from tests.screenshots.camera import Camera
from tests.screenshots.names import lead_to
from tests.screenshots.past import HOST, trust


def main() -> None:
    folder, language, scheme, size, records, port, other = sys.argv[1:]
    lead_to({HOST: int(port), export_states.OTHER: int(other)})
    _pretend_a_scheduler()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Audit Trails Export")
    QLocale.setDefault(QLocale(language))
    speak(app, QLocale(language))
    choose_scheme(app, scheme)
    width, height = map(int, size.split("x"))
    camera = Camera(app, Path(folder), (width, height))
    paths = find_paths()
    trust(paths)
    export_states.take(camera)
    page_states.take(camera, Path(records))
    export_states.take_failed_night(camera, paths)
    dialog_states.take(camera, paths)
    first_states.take(camera, paths)
    sys.exit("\n".join(camera.faults) or 0)


def _pretend_a_scheduler() -> None:
    """The task of a computer with systemd: pictures need not leave a real one behind."""

    def show(settings: Settings, paths: Paths) -> TaskState:
        due = int(next_time(own_moment(settings), time.time()) * 1000) if settings.enabled else None
        return TaskState(scheduler="systemd", name="audit-trails.timer", installed=settings.enabled, next_run=due)

    daily_task.show = show
    daily_task.install = show
    daily_task.remove = lambda paths: None


if __name__ == "__main__":
    main()
