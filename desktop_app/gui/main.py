"""`audit-trails`: the form."""

import os
import sys

from desktop_app.settings.paths import find_paths


def main() -> None:
    """Show the window, or bring the one that this user has open to the front."""
    from desktop_app.logs import log_to_file

    _require_screen()
    try:
        from PySide6.QtCore import QLocale
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        sys.exit(f"The form needs Qt, which can't be loaded here ({error}). The exporter works without it.")

    from desktop_app.gui import build_window
    from desktop_app.gui.interrupt import end_on_interrupt
    from desktop_app.gui.language import speak
    from desktop_app.gui.single_instance import SingleInstance
    from desktop_app.gui.unexpected import tell_unexpected

    app = QApplication(sys.argv[:1])
    app.setApplicationName("Audit Trails Export")
    app.setDesktopFileName("audit-trails")
    paths = find_paths()
    log_to_file(paths)
    tell_unexpected(paths)
    instance = SingleInstance(paths)
    if instance.bring_first_to_front():
        return
    speak(app, QLocale.system())
    window = build_window()
    instance.be_first(window)
    end_on_interrupt(app)
    window.show()
    sys.exit(app.exec())


def _require_screen() -> None:
    """Qt would abort the process where there is nothing to show a window on."""
    wanted = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(map(os.environ.get, wanted)):
        sys.exit("There is no screen to show the form on. The exporter needs none: audit-trails-export --help")
